import type { Trx } from '#kernel/database.ts'
import { withOffset } from '#modules/calendars/index.ts'
import type { Lapse, Notice } from './notice.ts'
import { type NoticeDates, noticeDates } from './notice-dates.ts'
import type { NoticeRule } from './notice-rules.ts'
import type { Outage } from './outages.ts'
import { noticeQueues, type PostOfficeParts } from './post-office-parts.ts'

/** What happens to a notice whose clock starts at this instant if nobody opens it. */
export function lapseFrom(
  parts: Pick<PostOfficeParts, 'calendars'>,
  rule: NoticeRule,
  at: Date,
  institution: string,
  outages: readonly Outage[],
): Lapse {
  return keepLapse(
    parts,
    rule,
    noticeDates(rule, parts.calendars.get(rule.calendar)!, { at, institution, outages }),
    outages,
  )
}

/** The dates as they are kept and shown. */
export function keepLapse(
  parts: Pick<PostOfficeParts, 'calendars'>,
  rule: NoticeRule,
  dates: NoticeDates,
  outages: readonly Outage[],
): Lapse {
  const show = (instant: Date | null) => (instant ? withOffset(instant, rule.zone) : null)
  return {
    days: dates.days,
    servedAt: show(dates.servedAt),
    effectAt: show(dates.effectAt),
    calendarVersion: parts.calendars.get(rule.calendar)!.version,
    ...(outages.length > 0 && {
      outages: outages.map(({ from, to }) => ({ from: withOffset(from, rule.zone), to: withOffset(to, rule.zone) })),
    }),
  }
}

export function promiseLapse(
  parts: Pick<PostOfficeParts, 'jobs'>,
  trx: Trx,
  { ownerId, id }: Pick<Notice, 'ownerId' | 'id'>,
  dueAt: Date,
): Promise<void> {
  return parts.jobs.at(trx, {
    queue: noticeQueues.lapse,
    key: `lapse ${id}`,
    dueAt,
    data: { ownerId, noticeId: id },
  })
}
