import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Draft, draftExpiry, savePage } from './draft.ts'

const empty: Draft = {
  ownerId: 'o',
  id: 'd',
  anonymous: false,
  serviceId: 's',
  serviceVersion: '1',
  language: 'es',
  channel: 'online',
  answers: {},
  changed: {},
  revision: 0,
  objections: {},
  linkedCase: null,
  status: 'open',
  caseId: null,
  createdAt: new Date(0),
  changedAt: new Date(0),
  expiresAt: new Date(0),
}

test('two devices never lose an answer silently: each save is in the draft, or its device is told', () => {
  const page = fc.constantFrom('name', 'address', 'date')
  const step = fc.record({ device: fc.nat({ max: 1 }), page, value: fc.nat({ max: 5 }), reload: fc.boolean() })
  const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    let draft = empty
    const seen = [0, 0]
    const expected: Record<string, unknown> = {}
    for (const { device, page, value, reload } of steps) {
      if (reload) seen[device] = draft.revision
      const saved = savePage(draft, page, value, seen[device]!)
      if (saved.conflict) {
        assert.equal(saved.theirs, expected[page])
        assert.notEqual(saved.theirs, value)
        continue
      }
      draft = { ...draft, ...saved }
      expected[page] = value
    }
    assert.deepEqual(draft.answers, expected)
  })
  fc.assert(property, { seed: 4, numRuns: 500 })
})

test('the same answer twice is no conflict, in whatever order its fields are kept', () => {
  const first = savePage(empty, 'address', { street: 'Juárez', exterior: '1' }, 0)
  assert.ok(!first.conflict)
  const kept = { ...empty, ...first, answers: { address: { exterior: '1', street: 'Juárez' } } }
  assert.equal(savePage(kept, 'address', { street: 'Juárez', exterior: '1' }, 0).conflict, false)
  assert.equal(savePage(kept, 'address', { street: 'Juárez', exterior: '2' }, 0).conflict, true)
})

test('a draft of a cookie lives seven days from its start, whatever is typed; one of an account while it is worked on', () => {
  const start = new Date('2026-11-24T12:00:00Z')
  const later = new Date('2026-11-29T12:00:00Z')
  assert.equal(draftExpiry(true, start, later).toISOString(), '2026-12-01T12:00:00.000Z')
  assert.equal(draftExpiry(false, start, later).toISOString(), '2027-02-27T12:00:00.000Z')
})
