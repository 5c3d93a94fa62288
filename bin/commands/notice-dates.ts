import { createInterface } from 'node:readline'
import { readIsoInstant } from '#kernel/clock.ts'
import { loadCalendars, withOffset } from '#modules/calendars/index.ts'
import { loadNoticeRules, noticeDates } from '#modules/post-office/index.ts'
import { packDir } from '../reach-database.ts'
import { readJsonObject, requireBatch } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

/** `notice-dates --batch`: one JSON question a line, one answer a line. */
export async function run(args: string[], { stdin, stdout }: CommandIo): Promise<number> {
  requireBatch(args, 'notice-dates --batch: one JSON question a line on standard input')
  const calendars = await loadCalendars(packDir())
  const rules = await loadNoticeRules(packDir(), calendars)
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') stdout.write(`${JSON.stringify(answer(line))}\n`)
  }
  return 0

  function answer(line: string): Record<string, unknown> {
    let id: unknown = null
    try {
      const question = readJsonObject(line)
      id = question.id ?? null
      const rule = rules.get(String(question.rule))
      if (question.institution != null && typeof question.institution !== 'string')
        return { id, error: 'institution must be the name of one' }
      if (!rule) return { id, error: `unknown rule «${String(question.rule).slice(0, 60)}»` }
      const clock = {
        at: readInstant(question.at, 'at'),
        openedAt:
          question.openedAt === undefined || question.openedAt === null
            ? undefined
            : readInstant(question.openedAt, 'openedAt'),
        outages: readOutages(question.outages),
        institution: question.institution ?? undefined,
      }
      if (clock.openedAt && clock.openedAt < clock.at) return { id, error: 'openedAt is before at' }
      const dates = noticeDates(rule, calendars.get(rule.calendar)!, clock)
      const show = (instant: Date | null) => (instant ? withOffset(instant, rule.zone) : null)
      return { id, days: dates.days, servedAt: show(dates.servedAt), effectAt: show(dates.effectAt), by: dates.by }
    } catch (error) {
      return { id, error: (error as Error).message }
    }
  }
}

/** Before, there was no such law; after, nobody knows what the law will be. */
const YEARS = { from: '1900', to: '2199' }

function readInstant(value: unknown, field: string): Date {
  const instant = readIsoInstant(value)
  if (!instant) throw new RangeError(`${field} must be an instant with its offset, like 2026-11-24T12:00:00-06:00`)
  const year = String(value).slice(0, 4)
  if (year < YEARS.from || year > YEARS.to)
    throw new RangeError(`${field} must be of a year between ${YEARS.from} and ${YEARS.to}`)
  return instant
}

function readOutages(value: unknown): Array<{ from: Date; to: Date }> {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > 1000) throw new RangeError('outages must be a list of {from, to}')
  return value.map((each) => {
    const outage = { from: readInstant(each?.from, 'outages.from'), to: readInstant(each?.to, 'outages.to') }
    if (outage.to < outage.from) throw new RangeError('an outage ends before it begins')
    return outage
  })
}
