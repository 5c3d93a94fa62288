import type { Text } from '#kernel/texts.ts'
import { addDays, type Day, daysInMonth, startOfDay, wallClock, weekdayOf } from './zone.ts'

export type DayOff = { month: number; name: Text; every?: number; since?: number } & (
  | { day: number }
  | { weekday: string; nth: number }
)

/** Days an institution published that it closes: they do not count for its acts. */
export interface Suspension {
  institution: string
  from: Day
  to: Day
  reference: string
}

/** Business hours an institution published for itself, other than the law's (LFPA 30). */
export interface PublishedHours {
  institution: string
  from: string
  to: string
  reference: string
}

/** A regime of business days and hours: what a law says, with what institutions published on top. */
export interface Calendar {
  id: string
  version: string
  law: Text
  source: string
  zone: string
  hours: { from: string; to: string }
  daysOff: DayOff[]
  suspensions: Suspension[]
  institutionHours?: PublishedHours[]
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
/** A term never runs longer than this many calendar days: a calendar without business days must not hang a server. */
const LONGEST = 3700

/** Whether a day counts, for the acts of this institution where one is named. Saturdays and Sundays never do. */
export function isBusinessDay(calendar: Calendar, day: Day, institution?: string): boolean {
  const weekday = weekdayOf(day)
  if (weekday === 0 || weekday === 6) return false
  if (daysOffOf(calendar, Number(day.slice(0, 4))).has(day)) return false
  return !calendar.suspensions.some((each) => each.institution === institution && each.from <= day && day <= each.to)
}

const cache = new WeakMap<Calendar, Map<number, ReadonlyMap<Day, Text>>>()

/** The law's days off of one year, with their names. */
export function daysOffOf(calendar: Calendar, year: number): ReadonlyMap<Day, Text> {
  const years = cache.get(calendar) ?? new Map<number, ReadonlyMap<Day, Text>>()
  cache.set(calendar, years)
  const days = years.get(year) ?? new Map(calendar.daysOff.flatMap((each) => dayOffIn(each, year)))
  years.set(year, days)
  return days
}

function dayOffIn(rule: DayOff, year: number): Array<[Day, Text]> {
  if (rule.every && (year < rule.since! || (year - rule.since!) % rule.every !== 0)) return []
  const month = String(rule.month).padStart(2, '0')
  const number = 'day' in rule ? rule.day : nthWeekday(year, rule.month, WEEKDAYS.indexOf(rule.weekday), rule.nth)
  return [[`${year}-${month}-${String(number).padStart(2, '0')}`, rule.name]]
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay()
  return 1 + ((weekday - first + 7) % 7) + (nth - 1) * 7
}

/** The day itself if it counts, or the next one that does (LFPA 28, 29: a last day that is off moves on). */
export function businessDayFrom(calendar: Calendar, day: Day, institution?: string): Day {
  return addBusinessDays(calendar, addDays(day, -1), 1, institution).at(-1)!
}

/**
 * The days that a term counts: `count` business days, the first one after `from` (LFPA 38: from the day after the effect).
 * @returns each day counted, in order; the last one is the term's last day
 */
export function addBusinessDays(calendar: Calendar, from: Day, count: number, institution?: string): Day[] {
  const days: Day[] = []
  let day = from
  for (let step = 0; days.length < count; step += 1) {
    if (step > LONGEST) throw new RangeError(`no ${count} business days after ${from} in ${calendar.id}`)
    day = addDays(day, 1)
    if (isBusinessDay(calendar, day, institution)) days.push(day)
  }
  return days
}

/**
 * The last day of a term in months: the same day number; where the month has none, the first business day of the month
 * after (LFPA 29); a last day that is off moves on.
 */
export function addMonths(calendar: Calendar, from: Day, months: number, institution?: string): Day {
  const [year, month, number] = from.split('-').map(Number) as [number, number, number]
  const index = year * 12 + (month - 1) + months
  const y = Math.floor(index / 12)
  const m = (index % 12) + 1
  const text = (yy: number, mm: number, dd: number) =>
    `${yy}-${String(mm).padStart(2, '0')}-${String(dd).padStart(2, '0')}`
  const last = number <= daysInMonth(y, m) ? text(y, m, number) : addDays(text(y, m, daysInMonth(y, m)), 1)
  return businessDayFrom(calendar, last, institution)
}

/** The hours within which an act of this institution counts that day: its own where it published them (LFPA 30). */
export function hoursOf(calendar: Calendar, institution?: string): { from: string; to: string } {
  return calendar.institutionHours?.find((each) => each.institution === institution) ?? calendar.hours
}

/** Within a business day's hours; the closing instant itself is still within. */
export function isBusinessTime(calendar: Calendar, instant: Date, institution?: string): boolean {
  const { day, time } = wallClock(instant, calendar.zone)
  if (!isBusinessDay(calendar, day, institution)) return false
  const { from, to } = hoursOf(calendar, institution)
  return time >= `${from}:00` && time <= `${to}:00`
}

/**
 * The day an act counts as received: today within hours, and before the doors open on a business day; the next business day
 * after they close (LFPA 30, 42).
 */
export function countedAs(calendar: Calendar, instant: Date, institution?: string): Day {
  const { day, time } = wallClock(instant, calendar.zone)
  const afterHours = time > `${hoursOf(calendar, institution).to}:00`
  return businessDayFrom(calendar, afterHours ? addDays(day, 1) : day, institution)
}

/** The first instant after a term's last day. */
export function endOfTerm(calendar: Calendar, lastDay: Day): Date {
  return startOfDay(addDays(lastDay, 1), calendar.zone)
}
