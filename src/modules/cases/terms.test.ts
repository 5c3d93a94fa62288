import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type Calendar, isBusinessDay, loadCalendars } from '#modules/calendars/index.ts'
import {
  lastDayToAsk,
  lastDayToPrevent,
  receivedOn,
  resumedTerm,
  termToAnswer,
  termToCertify,
  termToNotify,
  termToResolve,
} from './terms.ts'

let lfpa: Calendar
/** Where the service's law says nothing (LFPA 17). */
const GENERAL_TERM = { value: 3, unit: 'months' as const, rule: 'LFPA 17' }
const days = (value: number) => ({ value, unit: 'days' as const, rule: 'LFPA 17' })

describe('terms of a case', () => {
  before(async () => {
    lfpa = (await loadCalendars(new URL('../../../packs/mx', import.meta.url).pathname)).get('lfpa-28')!
  })

  test('LFPA 28, 38: ten days count from the day after, without weekends and days off', () => {
    const term = termToResolve(lfpa, days(10), '2026-11-13', 'x')
    assert.deepEqual(term.days, [
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-30',
    ])
    assert.equal(term.due, '2026-11-30')
    assert.equal(term.dueAt, '2026-12-01T06:00:00.000Z', 'the first instant after the last day, in the zone')
    assert.equal(term.calendarVersion, lfpa.version)
  })

  test('LFPA 17: without another law, three months', () => {
    assert.equal(termToResolve(lfpa, GENERAL_TERM, '2026-08-20', 'x').due, '2026-11-23')
  })

  test('LFPA 17-A: a prevention within the first third, fractions up: 10 → 4, 15 → 5, 20 → 7', () => {
    for (const [value, third] of [
      [10, 4],
      [15, 5],
      [20, 7],
      [1, 1],
    ] as const) {
      const term = termToResolve(lfpa, days(value), '2026-06-01', 'x')
      assert.equal(lastDayToPrevent(lfpa, days(value), term, 'x'), term.days[third - 1])
    }
    const months = termToResolve(lfpa, GENERAL_TERM, '2026-06-01', 'x')
    const last = lastDayToPrevent(lfpa, GENERAL_TERM, months, 'x')
    assert.ok(last > '2026-06-25' && last < '2026-07-10', last)
  })

  test('LFPA 17-A: where no decision is due, within ten business days', () => {
    assert.equal(lastDayToAsk(lfpa, '2026-11-13', 'x'), '2026-11-30')
  })

  test('LFPA 17-A: the term stops when the prevention is posted and goes on the business day after the answer', () => {
    const term = termToResolve(lfpa, days(10), '2026-11-02', 'x')
    assert.deepEqual(term.days.slice(0, 2), ['2026-11-03', '2026-11-04'])
    const moved = resumedTerm(lfpa, term, new Date('2026-11-05T17:00:00Z'), new Date('2026-11-12T17:00:00Z'), 'x')
    assert.deepEqual(moved.days, [
      '2026-11-03',
      '2026-11-04',
      '2026-11-13',
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
    ])
    assert.deepEqual(moved.moved, {
      because: 'prevention',
      stoppedAt: '2026-11-05T17:00:00.000Z',
      resumedOn: '2026-11-13',
      daysLeft: 8,
    })
  })

  test('LFPA 17-A: the person has at least five business days, whatever less is given', () => {
    assert.equal(termToAnswer(lfpa, '2026-11-13', 3, 'x').due, '2026-11-23')
    assert.equal(termToAnswer(lfpa, '2026-11-13', 10, 'x').days.length, 10)
  })

  test('LFPA 17, 39: the certificate in two business days, the notice in ten', () => {
    assert.equal(termToCertify(lfpa, new Date('2026-11-19T15:00:00Z'), 'x').due, '2026-11-24')
    assert.equal(termToNotify(lfpa, new Date('2026-11-19T15:00:00Z'), 'x').days.length, 10)
  })

  test('LFPA 42: what comes after hours counts as received the next business day', () => {
    assert.equal(
      receivedOn(lfpa, new Date('2026-11-20T00:30:00Z'), 'x'),
      '2026-11-23',
      'Thursday 18:30 there; Friday 20 is off',
    )
    assert.equal(receivedOn(lfpa, new Date('2026-11-19T23:59:00Z'), 'x'), '2026-11-19')
  })

  test('a prevention never shortens nor lengthens the institution’s own days', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 39 }),
      fc.integer({ min: 0, max: 30 }),
      (value, stopAfter, wait) => {
        const term = termToResolve(lfpa, days(value), '2026-06-01', 'x')
        const stopDay = term.days[Math.min(stopAfter, value - 1)]!
        const stopped = new Date(`${stopDay}T16:00:00Z`)
        const moved = resumedTerm(lfpa, term, stopped, new Date(stopped.getTime() + wait * 86_400_000), 'x')
        assert.equal(moved.days.length, value)
        assert.ok(moved.days.every((day) => isBusinessDay(lfpa, day)))
        assert.deepEqual([...moved.days].sort(), moved.days)
        assert.ok(moved.due >= term.due)
      },
    )
    fc.assert(property, { seed: 17, numRuns: 300 })
  })
})
