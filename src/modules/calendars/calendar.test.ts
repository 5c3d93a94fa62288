import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  addBusinessDays,
  addDays,
  addMonths,
  type Calendar,
  countedAs,
  endOfTerm,
  instantOf,
  isBusinessDay,
  isBusinessTime,
  loadCalendars,
  wallClock,
  withOffset,
} from './index.ts'

const pack = new URL('../../../packs/mx', import.meta.url).pathname
let lfpa: Calendar
let cff: Calendar

const day = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2036-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('business days', () => {
  before(async () => {
    const calendars = await loadCalendars(pack)
    lfpa = calendars.get('lfpa-28')!
    cff = calendars.get('cff-12')!
  })

  test('LFPA 28: fixed days, 1 September among them', () => {
    for (const off of [
      '2026-01-01',
      '2026-02-05',
      '2027-03-21',
      '2026-05-01',
      '2026-05-05',
      '2026-09-01',
      '2026-09-16',
      '2026-11-20',
      '2026-12-25',
      '2030-12-01',
    ]) {
      assert.equal(isBusinessDay(lfpa, off), false, off)
    }
    assert.equal(isBusinessDay(lfpa, '2026-11-16'), true)
    assert.equal(isBusinessDay(lfpa, '2026-12-01'), true, 'only every sixth year from 2024')
  })

  test('CFF 12: moved Mondays, no 1 September', () => {
    assert.equal(isBusinessDay(cff, '2026-11-16'), false)
    assert.equal(isBusinessDay(cff, '2026-02-02'), false)
    assert.equal(isBusinessDay(cff, '2026-03-16'), false)
    assert.equal(isBusinessDay(cff, '2026-11-20'), true)
    assert.equal(isBusinessDay(cff, '2026-09-01'), true)
    assert.equal(isBusinessDay(cff, '2026-05-05'), false)
  })

  test('an institution’s published suspension counts for its acts only', () => {
    const closed: Calendar = {
      ...lfpa,
      suspensions: [{ institution: 'x', from: '2026-12-21', to: '2026-12-31', reference: 'DOF' }],
    }
    assert.equal(isBusinessDay(closed, '2026-12-22', 'x'), false)
    assert.equal(isBusinessDay(closed, '2026-12-22', 'y'), true)
    assert.equal(isBusinessDay(closed, '2026-12-22'), true)
  })

  test('a term counts business days from the day after (LFPA 38), like a plain loop would', () => {
    const property = fc.property(day, fc.integer({ min: 1, max: 60 }), (from, count) => {
      const days = addBusinessDays(lfpa, from, count)
      const naive: string[] = []
      for (let at = new Date(`${from}T12:00:00Z`); naive.length < count; ) {
        at = new Date(at.getTime() + 86_400_000)
        const text = at.toISOString().slice(0, 10)
        const fixed = ['01-01', '02-05', '03-21', '05-01', '05-05', '09-01', '09-16', '11-20', '12-25'].includes(
          text.slice(5),
        )
        const change = text.slice(5) === '12-01' && (at.getUTCFullYear() - 2024) % 6 === 0
        if (at.getUTCDay() % 6 !== 0 && !fixed && !change) naive.push(text)
      }
      assert.deepEqual(days, naive)
    })
    fc.assert(property, { seed: 28, numRuns: 300 })
  })

  test('months end on the same day number, or the first business day of the month after (LFPA 29)', () => {
    assert.equal(addMonths(lfpa, '2026-08-24', 3), '2026-11-24')
    assert.equal(addMonths(lfpa, '2026-11-30', 3), '2027-03-01', '30 February does not exist')
    assert.equal(addMonths(lfpa, '2026-08-20', 3), '2026-11-23', '20 November is off, then a weekend')
    assert.equal(addMonths(lfpa, '2026-10-31', 3), '2027-02-01', '31 January is a Sunday')
    assert.equal(addMonths(lfpa, '2027-10-31', 4), '2028-03-01')
  })

  test('LFPA 30: after hours counts as the next business day; early on a business day as that day', () => {
    const at = (text: string) => countedAs(lfpa, new Date(text))
    assert.equal(at('2026-11-24T17:59:59-06:00'), '2026-11-24')
    assert.equal(at('2026-11-24T18:00:00-06:00'), '2026-11-24')
    assert.equal(at('2026-11-24T18:00:01-06:00'), '2026-11-25')
    assert.equal(at('2026-11-24T03:00:00-06:00'), '2026-11-24')
    assert.equal(at('2026-11-20T12:00:00-06:00'), '2026-11-23')
    assert.equal(isBusinessTime(lfpa, new Date('2026-11-24T07:59:59-06:00')), false)
    assert.equal(isBusinessTime(cff, new Date('2026-11-24T07:30:00-06:00')), true)
  })

  test('LFPA 30: an institution’s published hours hold for its acts only', () => {
    const hours = { institution: 'x', from: '09:00', to: '15:00', reference: 'DOF' }
    const published: Calendar = { ...lfpa, institutionHours: [hours] }
    const at = new Date('2026-11-24T16:00:00-06:00')
    assert.equal(countedAs(published, at, 'x'), '2026-11-25')
    assert.equal(countedAs(published, at, 'y'), '2026-11-24')
    assert.equal(isBusinessTime(published, new Date('2026-11-24T08:30:00-06:00'), 'x'), false)
    assert.equal(isBusinessTime(published, new Date('2026-11-24T08:30:00-06:00')), true)
  })

  test('days belong to the zone: no summer time in the federation’s centre since 2022', () => {
    assert.deepEqual(wallClock(new Date('2026-07-01T05:59:59Z'), lfpa.zone), { day: '2026-06-30', time: '23:59:59' })
    assert.equal(withOffset(endOfTerm(lfpa, '2026-11-19'), lfpa.zone), '2026-11-20T00:00:00-06:00')
    assert.equal(withOffset(instantOf('2021-07-01', '12:00', lfpa.zone), lfpa.zone), '2021-07-01T12:00:00-05:00')
  })

  test('the instant of a wall clock is the inverse of the wall clock of an instant', () => {
    const property = fc.property(day, fc.integer({ min: 0, max: 23 }), (date, hour) => {
      const time = `${String(hour).padStart(2, '0')}:30`
      assert.deepEqual(wallClock(instantOf(date, time, lfpa.zone), lfpa.zone), { day: date, time: `${time}:00` })
    })
    fc.assert(property, { seed: 3, numRuns: 200 })
    assert.equal(addDays('2028-02-28', 1), '2028-02-29')
  })
})
