import {
  addBusinessDays,
  addDays,
  businessDayFrom,
  type Calendar,
  type Day,
  hoursOf,
  instantOf,
  isBusinessDay,
  isBusinessTime,
  startOfDay,
  wallClock,
} from '#modules/calendars/index.ts'
import type { NoticeRule } from './notice-rules.ts'

export interface NoticeClock {
  /** The instant the rule's clock starts from: deposit, announcement or delivery. */
  at: Date
  openedAt?: Date
  /** When the platform was down. */
  outages?: ReadonlyArray<{ from: Date; to: Date }>
  institution?: string
}

export interface NoticeDates {
  /** The days counted; for a checkpoint rule the one checkpoint. */
  days: Day[]
  /** Null where the rule knows no lapse and nothing was opened. */
  servedAt: Date | null
  effectAt: Date | null
  by: 'opening' | 'lapse' | 'delivery' | null
}

/**
 * When a notice counts as served and from when it takes effect. Opening wins over lapse, also at the very instant of the
 * limit; a day of which the platform was down for the rule's hours does not count.
 */
export function noticeDates(rule: NoticeRule, calendar: Calendar, clock: NoticeClock): NoticeDates {
  if (rule.trigger === 'delivery') return delivered(rule, calendar, clock)
  const lapse = lapseOf(rule, calendar, clock)
  if (clock.openedAt && (lapse.at === null || clock.openedAt <= lapse.at)) {
    const counted = openingCounts(rule, calendar, clock.openedAt, clock.institution)
    // Opening never serves on a later day than not opening would have.
    const dayOf = (instant: Date) => wallClock(instant, rule.zone).day
    const servedAt = lapse.at && dayOf(counted) > dayOf(lapse.at) ? lapse.at : counted
    return {
      days: lapse.days,
      servedAt,
      effectAt: effectOf(rule, calendar, servedAt, clock.institution),
      by: 'opening',
    }
  }
  if (lapse.at === null) return { days: [], servedAt: null, effectAt: null, by: null }
  return {
    days: lapse.days,
    servedAt: lapse.at,
    effectAt: effectOf(rule, calendar, lapse.at, clock.institution),
    by: 'lapse',
  }
}

/** Served when handed over; nothing lapses (LFPA 35, 38). */
function delivered(rule: NoticeRule, calendar: Calendar, { at, openedAt, institution }: NoticeClock): NoticeDates {
  const servedAt = openingCounts(rule, calendar, openedAt ?? at, institution)
  return { days: [], servedAt, effectAt: effectOf(rule, calendar, servedAt, institution), by: 'delivery' }
}

function lapseOf(
  rule: NoticeRule,
  calendar: Calendar,
  { at, outages = [], institution }: NoticeClock,
): { days: Day[]; at: Date | null } {
  const posted = wallClock(at, rule.zone).day
  const wasDown = (day: Day) => downHours(calendar, day, outages) >= rule.outage.minHours && outages.length > 0
  const { onLapse } = rule
  if (onLapse.kind === 'never') return { days: [], at: null }
  if (onLapse.kind === 'days') {
    const days = countDays(calendar, posted, onLapse.day, wasDown, institution)
    return { days, at: startOfDay(days.at(-1)!, rule.zone) }
  }
  const checkpoint = checkpointAfter(calendar, posted, onLapse.checkpoints, wasDown, institution)
  return { days: [checkpoint], at: startOfDay(checkpoint, rule.zone) }
}

function countDays(
  calendar: Calendar,
  from: Day,
  count: number,
  wasDown: (day: Day) => boolean,
  institution?: string,
): Day[] {
  const days: Day[] = []
  let day = from
  while (days.length < count) {
    day = dayUp(calendar, addDays(day, 1), wasDown, institution)
    days.push(day)
  }
  return days
}

/** An outage longer than this many business days is no outage: what asks for one must not hang a server. */
const LONGEST_OUTAGE = 1000

/** This day, or the first one after it, that is a business day on which the platform was up. */
function dayUp(calendar: Calendar, from: Day, wasDown: (day: Day) => boolean, institution?: string): Day {
  let day = businessDayFrom(calendar, from, institution)
  for (let step = 0; wasDown(day); step += 1) {
    if (step > LONGEST_OUTAGE) throw new RangeError(`the platform was down for ${LONGEST_OUTAGE} business days`)
    day = businessDayFrom(calendar, addDays(day, 1), institution)
  }
  return day
}

/**
 * The first checkpoint whose day, moved to a business day, comes after the day of posting. A notice posted on a checkpoint's
 * own day, nominal or moved, waits for the next one.
 */
function checkpointAfter(
  calendar: Calendar,
  posted: Day,
  checkpoints: readonly number[],
  wasDown: (day: Day) => boolean,
  institution?: string,
): Day {
  for (let month = 0; ; month += 1) {
    for (const number of [...checkpoints].sort((a, b) => a - b)) {
      const nominal = dayOfMonth(posted, month, number)
      const moved = businessDayFrom(calendar, nominal, institution)
      if (nominal <= posted || moved <= posted) continue
      return dayUp(calendar, moved, wasDown, institution)
    }
  }
}

function dayOfMonth(day: Day, monthsLater: number, number: number): Day {
  const [year, month] = day.split('-').map(Number) as [number, number]
  const last = new Date(Date.UTC(year, month + monthsLater, 0))
  const wanted = Math.min(number, last.getUTCDate())
  return `${last.toISOString().slice(0, 8)}${String(wanted).padStart(2, '0')}`
}

function openingCounts(rule: NoticeRule, calendar: Calendar, openedAt: Date, institution?: string): Date {
  if (rule.outsideHours === 'any-hour') return openedAt
  if (isBusinessTime(calendar, openedAt, institution)) return openedAt
  // «Al día hábil siguiente» (RCFF 11): also what is opened before the doors open.
  const { day } = wallClock(openedAt, rule.zone)
  const next = addBusinessDays(calendar, day, 1, institution)[0]!
  return instantOf(next, hoursOf(calendar, institution).from, rule.zone)
}

function effectOf(rule: NoticeRule, calendar: Calendar, servedAt: Date, institution?: string): Date {
  const day = wallClock(servedAt, rule.zone).day
  if (rule.effect === 'same-day') return startOfDay(day, rule.zone)
  return startOfDay(addBusinessDays(calendar, day, 1, institution)[0]!, rule.zone)
}

/** Hours of a day's business hours during which the platform was down. */
function downHours(calendar: Calendar, day: Day, outages: ReadonlyArray<{ from: Date; to: Date }>): number {
  if (outages.length === 0 || !isBusinessDay(calendar, day)) return 0
  const open = instantOf(day, calendar.hours.from, calendar.zone).getTime()
  const close = instantOf(day, calendar.hours.to, calendar.zone).getTime()
  const cut = outages
    .map(({ from, to }) => [Math.max(open, from.getTime()), Math.min(close, to.getTime())] as const)
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0])
  let down = 0
  let reached = open
  for (const [from, to] of cut) {
    down += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return down / 3_600_000
}
