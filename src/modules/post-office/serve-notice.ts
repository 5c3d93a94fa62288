import type { Trx } from '#kernel/database.ts'
import type { Calendar } from '#modules/calendars/index.ts'
import { keepLapse, promiseLapse } from './lapse.ts'
import type { EvidenceEvent, Notice, ServedBy } from './notice.ts'
import { type NoticeClock, type NoticeDates, noticeDates } from './notice-dates.ts'
import type { NoticeRule } from './notice-rules.ts'
import type { Outage } from './outages.ts'
import { noticeQueues, type PostOfficeParts } from './post-office-parts.ts'
import { insertEvent, lockNotice, markServed, moveLapse } from './store.ts'
import { tables } from './tables.ts'

const EVENTS: Record<Exclude<ServedBy, 'by-hand'>, { act: string; event: EvidenceEvent }> = {
  consultation: { act: 'notice.consulted', event: 'NotificationAccessTracking' },
  opening: { act: 'notice.opened', event: 'ContentHandover' },
  lapse: { act: 'notice.lapsed', event: 'AcceptanceRejectionExpiry' },
}

/**
 * Serves a notice, exactly once. The caller holds its lock. The time is the act's own: of a lapse the limit, however late the
 * job runs; it can be read again from the rule, the calendar and the outages on record. Whoever comes after the limit finds
 * it served by lapse, also where the job has not run yet.
 * @returns how this call served it, or undefined where it did not
 */
export async function serveNotice(
  parts: PostOfficeParts,
  trx: Trx,
  notice: Notice,
  asked: Exclude<ServedBy, 'by-hand'>,
  at: Date,
): Promise<Exclude<ServedBy, 'by-hand'> | undefined> {
  const rule = parts.rules.get(notice.rule.id)!
  const calendar = parts.calendars.get(rule.calendar)!
  const startedAt = clockStart(rule, notice)
  const outages = await outagesSince(trx, notice.postedAt)
  const clock = { at: startedAt ?? notice.postedAt, institution: notice.institution, outages }
  const unopened = noticeDates(rule, calendar, clock)
  // No aviso left, so no clock runs: only opening serves.
  const lapseAt = startedAt ? unopened.servedAt : null
  const by = asked === 'lapse' || (lapseAt && at > lapseAt) ? 'lapse' : asked
  if (by === 'lapse' && (lapseAt === null || lapseAt > parts.clock.now())) {
    // An outage moved the limit: not today.
    if (lapseAt) {
      await moveLapse(trx, notice, keepLapse(parts, rule, unopened, outages))
      await promiseLapse(parts, trx, notice, lapseAt)
    }
    return undefined
  }
  const dates = by === 'lapse' ? unopened : openedDates(rule, calendar, clock, at, lapseAt)
  const servedAt = dates.servedAt ?? at
  const effectAt = dates.effectAt ?? servedAt
  if (!(await markServed(trx, notice, { servedAt, servedBy: by, effectAt }))) return undefined
  if (by === 'lapse') await moveLapse(trx, notice, keepLapse(parts, rule, unopened, outages))
  const { act, event } = EVENTS[by]
  const { entryId } = await parts.log.append(trx, {
    act,
    at: servedAt,
    institution: notice.institution,
    record: {
      notice: notice.id,
      rule: notice.rule,
      by,
      servedAt: servedAt.toISOString(),
      effectAt: effectAt.toISOString(),
      days: dates.days,
    },
  })
  await insertEvent(trx, notice, { at: servedAt, event, facts: { by, days: dates.days }, logEntry: entryId })
  await parts.jobs.cancel(trx, `lapse ${notice.id}`)
  const data = { ownerId: notice.ownerId, noticeId: notice.id }
  await parts.jobs.send(trx, noticeQueues.constancia, data)
  if (notice.caseId)
    await parts.jobs.send(trx, noticeQueues.served, {
      ...data,
      caseId: notice.caseId,
      kind: notice.kind,
      effectAt: effectAt.toISOString(),
      actDocumentId: notice.actDocumentId,
    })
  return by
}

/** What the rule counts from: the deposit, or the aviso; undefined while none has left. */
function clockStart(rule: NoticeRule, { postedAt, announcedAt }: Notice): Date | undefined {
  return rule.trigger === 'announcement' ? (announcedAt ?? undefined) : postedAt
}

/** Where no clock runs yet, an opening is never too late. */
function openedDates(
  rule: NoticeRule,
  calendar: Calendar,
  clock: NoticeClock,
  openedAt: Date,
  lapseAt: Date | null,
): NoticeDates {
  return noticeDates(rule, calendar, { ...clock, at: lapseAt ? clock.at : openedAt, openedAt })
}

/**
 * The person consults the board: every notice on it whose rule says so counts as served today (LFEA 11-II).
 * @returns how many were
 */
export async function consultBoard(parts: PostOfficeParts, ownerId: string): Promise<number> {
  const rows = await tables(parts.db)
    .selectFrom('post_office.notice')
    .select(['id', 'rule_id'])
    .where('owner_id', '=', ownerId)
    .where('status', '=', 'deposited')
    .orderBy('id')
    .execute()
  const consulted = rows.filter(({ rule_id }) => parts.rules.get(rule_id)?.onOpening === 'consultation')
  let served = 0
  for (const { id } of consulted) {
    const now = parts.clock.now()
    await parts.db.transaction().execute(async (trx) => {
      const notice = await lockNotice(trx, ownerId, id)
      if (notice.status === 'deposited' && (await serveNotice(parts, trx, notice, 'consultation', now))) served += 1
    })
  }
  return served
}

/** Whether something waits that consulting the board would serve: the page before the list says so. */
export async function waitsForConsultation(parts: PostOfficeParts, ownerId: string): Promise<number> {
  const rows = await tables(parts.db)
    .selectFrom('post_office.notice')
    .select('rule_id')
    .where('owner_id', '=', ownerId)
    .where('status', '=', 'deposited')
    .execute()
  return rows.filter(({ rule_id }) => parts.rules.get(rule_id)?.onOpening === 'consultation').length
}

/** The job at the limit. Whoever opened it before, or at that very instant, has won; done again it does nothing. */
export async function lapseNotice(
  parts: PostOfficeParts,
  ownerId: string,
  noticeId: string,
  dueAt: Date,
): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const notice = await lockNotice(trx, ownerId, noticeId)
    if (notice.status === 'deposited') await serveNotice(parts, trx, notice, 'lapse', dueAt)
  })
}

async function outagesSince(trx: Trx, at: Date): Promise<Outage[]> {
  const rows = await tables(trx)
    .selectFrom('post_office.outage')
    .select(['from_at', 'to_at'])
    .where('to_at', '>', at)
    .execute()
  return rows.map((row) => ({ from: row.from_at, to: row.to_at }))
}
