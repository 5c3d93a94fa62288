import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type Calendar,
  type Calendars,
  isBusinessDay,
  loadCalendars,
  wallClock,
  withOffset,
} from '#modules/calendars/index.ts'
import { loadNoticeRules, type NoticeRule, type NoticeRules, noticeDates } from './index.ts'

const pack = new URL('../../../packs/mx', import.meta.url).pathname
let calendars: Calendars
let rules: NoticeRules

function dates(id: string, at: string, more: { openedAt?: string; outages?: Array<[string, string]> } = {}) {
  const rule = rules.get(id)!
  const outages = more.outages?.map(([from, to]) => ({ from: new Date(from), to: new Date(to) }))
  const clock = { at: new Date(at), openedAt: more.openedAt ? new Date(more.openedAt) : undefined, outages }
  const result = noticeDates(rule, calendars.get(rule.calendar)!, clock)
  const show = (instant: Date | null) => instant && withOffset(instant, rule.zone)
  return {
    days: result.days,
    served: show(result.servedAt),
    effect: show(result.effectAt)?.slice(0, 10),
    by: result.by,
  }
}

describe('when a notice is served', () => {
  before(async () => {
    calendars = await loadCalendars(pack)
    rules = await loadNoticeRules(pack, calendars)
  })

  test('LFEA 11-II: on what is consulted, the day of consulting', () => {
    const consulted = dates('mx-lfea-11', '2026-11-03T12:00:00-06:00', { openedAt: '2026-11-09T10:00:00-06:00' })
    assert.deepEqual(consulted, {
      days: ['2026-11-16'],
      served: '2026-11-09T10:00:00-06:00',
      effect: '2026-11-09',
      by: 'opening',
    })
  })

  test('LFEA 11-I: not consulted, on day 15 or the last of the month, or the next business day', () => {
    const at = (day: string) => dates('mx-lfea-11', `2026-11-${day}T12:00:00-06:00`)
    assert.equal(at('03').served, '2026-11-16T00:00:00-06:00', '15 November is a Sunday')
    assert.equal(at('17').served, '2026-11-30T00:00:00-06:00')
    assert.equal(at('15').served, '2026-11-30T00:00:00-06:00', 'posted on the checkpoint’s own day')
    assert.equal(at('16').served, '2026-11-30T00:00:00-06:00', 'posted on the moved checkpoint')
    assert.deepEqual(at('03').days, ['2026-11-16'])
    assert.equal(at('30').served, '2026-12-15T00:00:00-06:00')
    assert.equal(
      dates('mx-lfea-11', '2027-02-16T12:00:00-06:00').served,
      '2027-03-01T00:00:00-06:00',
      '28 February 2027 is a Sunday',
    )
  })

  test('LFPA 38: effect on the same day', () => {
    assert.equal(dates('mx-lfea-11', '2026-11-03T12:00:00-06:00').effect, '2026-11-16')
  })

  test('CFF 134: on the fourth business day from the day after the aviso; CFF 135: effect the next', () => {
    assert.deepEqual(dates('mx-cff-134', '2026-11-13T12:00:00-06:00'), {
      days: ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'],
      served: '2026-11-20T00:00:00-06:00',
      effect: '2026-11-23',
      by: 'lapse',
    })
    assert.equal(dates('mx-cff-134', '2026-11-24T12:00:00-06:00').served, '2026-11-30T00:00:00-06:00')
    assert.equal(dates('mx-cff-134', '2026-12-22T12:00:00-06:00').served, '2026-12-29T00:00:00-06:00')
  })

  test('opening wins over lapse, also at the very instant of the limit; one millisecond later it does not', () => {
    assert.equal(
      dates('mx-cff-134', '2026-11-13T12:00:00-06:00', { openedAt: '2026-11-20T00:00:00-06:00' }).by,
      'opening',
    )
    assert.equal(
      dates('mx-cff-134', '2026-11-13T12:00:00-06:00', { openedAt: '2026-11-20T00:00:00.001-06:00' }).by,
      'lapse',
    )
  })

  test('RCFF 11: an opening outside business hours counts on the next business day', () => {
    const opened = (openedAt: string) => dates('mx-cff-134', '2026-11-13T12:00:00-06:00', { openedAt }).served
    assert.equal(opened('2026-11-14T11:00:00-06:00'), '2026-11-17T07:30:00-06:00')
    assert.equal(opened('2026-11-18T18:00:01-06:00'), '2026-11-19T07:30:00-06:00')
    assert.equal(opened('2026-11-18T12:00:00-06:00'), '2026-11-18T12:00:00-06:00')
  })

  test('a day on which the platform was down four of its business hours does not count', () => {
    const down = (from: string, to: string) =>
      dates('mx-cff-134', '2026-11-13T12:00:00-06:00', { outages: [[from, to]] }).served
    assert.equal(down('2026-11-18T09:00:00-06:00', '2026-11-18T13:00:00-06:00'), '2026-11-23T00:00:00-06:00')
    assert.equal(down('2026-11-18T09:00:00-06:00', '2026-11-18T12:59:59-06:00'), '2026-11-20T00:00:00-06:00')
    assert.equal(
      down('2026-11-18T20:00:00-06:00', '2026-11-19T05:00:00-06:00'),
      '2026-11-20T00:00:00-06:00',
      'at night',
    )
    const twice = dates('mx-cff-134', '2026-11-13T12:00:00-06:00', {
      outages: [
        ['2026-11-18T09:00:00-06:00', '2026-11-18T11:00:00-06:00'],
        ['2026-11-18T10:00:00-06:00', '2026-11-18T12:00:00-06:00'],
      ],
    })
    assert.equal(twice.served, '2026-11-20T00:00:00-06:00', 'the same hour twice is one hour')
  })

  test('LFPA 35, 38: a personal notice is served when handed over', () => {
    assert.deepEqual(dates('mx-lfpa-35', '2026-11-24T12:00:00-06:00'), {
      days: [],
      served: '2026-11-24T12:00:00-06:00',
      effect: '2026-11-24',
      by: 'delivery',
    })
  })

  test('like an independent model of both laws says, on random days', () => {
    const instant = fc.date({ min: new Date('2024-01-05'), max: new Date('2034-12-01'), noInvalidDate: true })
    const property = fc.property(instant, fc.constantFrom('mx-cff-134', 'mx-lfea-11'), (at, id) => {
      const rule = rules.get(id)!
      const result = noticeDates(rule, calendars.get(rule.calendar)!, { at })
      assert.equal(
        wallClock(result.servedAt!, rule.zone).day,
        naive(id, calendars.get(rule.calendar)!, wallClock(at, rule.zone).day, rule),
      )
    })
    fc.assert(property, { seed: 134, numRuns: 500 })
  })
})

/** Walks the days one by one and asks of each whether the law serves on it. */
function naive(id: string, calendar: Calendar, posted: string, _rule: NoticeRule): string {
  let counted = 0
  let pending = false
  for (let at = new Date(`${posted}T12:00:00Z`), i = 0; i < 400; i += 1) {
    const day = at.toISOString().slice(0, 10)
    const tomorrow = new Date(at.getTime() + 86_400_000)
    const isCheckpoint = day.endsWith('-15') || tomorrow.getUTCDate() === 1
    const counts = isBusinessDay(calendar, day)
    if (i > 0) {
      if (id === 'mx-cff-134' && counts) {
        counted += 1
        if (counted === 4) return day
      }
      if (isCheckpoint) pending = true
      if (id === 'mx-lfea-11' && pending && counts) return day
    }
    at = tomorrow
  }
  throw new Error('never')
}
