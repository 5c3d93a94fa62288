import {
  addBusinessDays,
  addMonths,
  businessDayFrom,
  type Calendar,
  countedAs,
  endOfTerm,
  wallClock,
} from '#modules/calendars/index.ts'
import type { TermKept } from './case-record.ts'

export interface TermRule {
  value: number
  unit: 'days' | 'months'
  /** The article the service's law or the general one gives it. */
  rule: string
}

/**
 * The term to resolve, from the business day after the application counts as received (LFPA 17, 28, 38).
 * @param receivedOn the day it counts as received
 */
export function termToResolve(calendar: Calendar, rule: TermRule, receivedOn: string, institution: string): TermKept {
  const days = rule.unit === 'days' ? addBusinessDays(calendar, receivedOn, rule.value, institution) : []
  const due = rule.unit === 'days' ? days.at(-1)! : addMonths(calendar, receivedOn, rule.value, institution)
  return kept(calendar, rule.rule, receivedOn, days, due)
}

/** The day an application counts as received: after hours, the next business day (LFPA 42). */
export function receivedOn(calendar: Calendar, at: Date, institution: string): string {
  return countedAs(calendar, at, institution)
}

/**
 * The last day on which a prevention may be posted: within the first third of the term, a fraction counting as a whole day
 * (10 → 4, 15 → 5, 20 → 7); for terms in months a third of the business days they hold (LFPA 17-A).
 */
export function lastDayToPrevent(calendar: Calendar, rule: TermRule, term: TermKept, institution: string): string {
  if (rule.unit === 'days') return term.days[Math.ceil(rule.value / 3) - 1]!
  const days = businessDaysBetween(calendar, term.from, term.due, institution)
  return days[Math.ceil(days.length / 3) - 1]!
}

/** Where no decision is due, within ten business days of receiving it (LFPA 17-A). */
export function lastDayToAsk(calendar: Calendar, receivedOn: string, institution: string): string {
  return addBusinessDays(calendar, receivedOn, 10, institution).at(-1)!
}

/** The days the person has to answer, from the day after the prevention takes effect; at least five (LFPA 17-A). */
export function termToAnswer(calendar: Calendar, effectOn: string, days: number, institution: string): TermKept {
  const counted = addBusinessDays(calendar, effectOn, Math.max(5, days), institution)
  return kept(calendar, 'LFPA 17-A', effectOn, counted, counted.at(-1)!)
}

/**
 * The institution's term after a prevention: it stopped on the day it was posted and goes on, with the days it had left, on
 * the business day after the answer (LFPA 17-A). A term in months keeps the business days that were left to its end.
 */
export function resumedTerm(
  calendar: Calendar,
  term: TermKept,
  stoppedAt: Date,
  answeredAt: Date,
  institution: string,
): TermKept {
  const stopped = wallClock(stoppedAt, calendar.zone).day
  const all = term.days.length > 0 ? term.days : businessDaysBetween(calendar, term.from, term.due, institution)
  const used = all.filter((day) => day < stopped)
  const left = Math.max(1, all.length - used.length)
  const answered = countedAs(calendar, answeredAt, institution)
  const rest = addBusinessDays(calendar, answered, left, institution)
  return {
    ...kept(calendar, term.rule, term.from, [...used, ...rest], rest.at(-1)!),
    ...(term.withoutSilence && { withoutSilence: true as const }),
    moved: { because: 'prevention', stoppedAt: stoppedAt.toISOString(), resumedOn: rest[0]!, daysLeft: left },
  }
}

/** Two business days for the certificate of what silence means (LFPA 17). */
export function termToCertify(calendar: Calendar, askedAt: Date, institution: string): TermKept {
  const from = countedAs(calendar, askedAt, institution)
  const days = addBusinessDays(calendar, from, 2, institution)
  return kept(calendar, 'LFPA 17', from, days, days.at(-1)!)
}

/** The decision is notified within ten business days of its date (LFPA 39). */
export function termToNotify(calendar: Calendar, decidedAt: Date, institution: string): TermKept {
  const from = wallClock(decidedAt, calendar.zone).day
  const days = addBusinessDays(calendar, from, 10, institution)
  return kept(calendar, 'LFPA 39', from, days, days.at(-1)!)
}

function businessDaysBetween(calendar: Calendar, from: string, to: string, institution: string): string[] {
  const days: string[] = []
  for (
    let day = addBusinessDays(calendar, from, 1, institution)[0]!;
    day <= to;
    day = addBusinessDays(calendar, day, 1, institution)[0]!
  )
    days.push(day)
  return days.length > 0 ? days : [businessDayFrom(calendar, to, institution)]
}

function kept(calendar: Calendar, rule: string, from: string, days: string[], due: string): TermKept {
  return {
    rule,
    regime: calendar.id,
    calendarVersion: calendar.version,
    from,
    days,
    due,
    dueAt: endOfTerm(calendar, due).toISOString(),
  }
}
