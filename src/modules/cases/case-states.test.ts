import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CaseStatus } from './case-record.ts'
import { type Move, type Mover, movesFrom, nextStatus, ruleOf } from './case-states.ts'

const movers: Mover[] = ['person', 'institution', 'signer', 'clock', 'rule', 'bank']
const ended: CaseStatus[] = ['dismissed', 'withdrawn', 'annulled']

test('LFPA 17-A: a prevention stops the case, its answer brings it back, its silence dismisses it', () => {
  assert.equal(nextStatus('in-review', 'post-prevention', 'institution'), 'waiting')
  assert.equal(nextStatus('waiting', 'answer-prevention', 'person'), 'in-review')
  assert.equal(nextStatus('waiting', 'let-prevention-lapse', 'clock'), 'dismissed')
  assert.equal(nextStatus('waiting', 'fall-silent-granted', 'clock'), undefined, 'the term stands still')
  assert.equal(nextStatus('waiting', 'grant', 'signer'), undefined)
})

test('LFPA 17: silence comes from the clock only, and a late decision is still a decision', () => {
  assert.equal(nextStatus('submitted', 'fall-silent-refused', 'clock'), 'silent-refused')
  assert.equal(nextStatus('in-review', 'fall-silent-granted', 'clock'), 'silent-granted')
  assert.equal(nextStatus('in-review', 'fall-silent-granted', 'institution'), undefined)
  assert.equal(nextStatus('silent-refused', 'grant', 'signer'), 'granted')
  assert.equal(
    nextStatus('silent-granted', 'refuse', 'signer'),
    undefined,
    'what silence granted is not taken back by a decision',
  )
})

test('LFPA 3: only who may sign decides; nobody decides twice', () => {
  for (const by of movers.filter((each) => each !== 'signer'))
    assert.equal(nextStatus('in-review', 'grant', by), undefined)
  for (const status of ['granted', 'refused', 'granted-in-part'] as const) {
    for (const move of ['grant', 'refuse', 'grant-in-part'] as const)
      assert.equal(nextStatus(status, move, 'signer'), undefined)
  }
})

test('LFPA 57-II: the person may withdraw until it is decided, and only the person', () => {
  for (const status of ['submitted', 'in-review', 'waiting'] as const)
    assert.equal(nextStatus(status, 'withdraw', 'person'), 'withdrawn')
  assert.equal(nextStatus('granted', 'withdraw', 'person'), undefined)
  assert.equal(nextStatus('submitted', 'withdraw', 'institution'), undefined)
})

test('LFPA 3: only the person sends a rule’s decision to a human, who then decides', () => {
  assert.equal(nextStatus('refused', 'ask-review', 'person'), 'in-review')
  assert.equal(nextStatus('granted', 'ask-review', 'person'), 'in-review')
  assert.equal(nextStatus('granted', 'ask-review', 'institution'), undefined)
  assert.equal(nextStatus('silent-refused', 'ask-review', 'person'), undefined)
})

test('whatever is tried in whatever order, an ended case stays ended and a decision comes from one signer once', () => {
  const moves = movers
    .flatMap((by) => movesFrom('draft', by))
    .concat([
      'grant',
      'refuse',
      'assign',
      'post-prevention',
      'answer-prevention',
      'let-prevention-lapse',
      'fall-silent-granted',
      'fall-silent-refused',
      'withdraw',
      'appeal',
      'decide-by-rule',
      'grant-in-part',
    ])
  const attempt = fc.record({ move: fc.constantFrom(...(moves as Move[])), by: fc.constantFrom(...movers) })
  const property = fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
    let status: CaseStatus = 'submitted'
    let decisions = 0
    for (const { move, by } of attempts) {
      const next: CaseStatus | undefined = nextStatus(status, move, by)
      if (next === undefined) continue
      assert.ok(!ended.includes(status), `${status} moved on by ${move}`)
      if (by === 'signer') decisions += 1
      status = next
    }
    assert.ok(decisions <= 1)
  })
  fc.assert(property, { seed: 57, numRuns: 1000 })
})

test('every move names its article', () => {
  for (const by of movers) {
    for (const status of ['draft', 'submitted', 'in-review', 'waiting', 'granted', 'silent-refused'] as const) {
      for (const move of movesFrom(status, by)) assert.match(ruleOf(move), /^(LFPA|LFEA|LFD) \d/)
    }
  }
})
