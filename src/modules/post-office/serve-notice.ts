import type { Trx } from '#kernel/database.ts'
import type { EvidenceEvent, Notice, ServedBy } from './notice.ts'
import { noticeDates } from './notice-dates.ts'
import { noticeQueues, type PostOfficeParts } from './post-office-parts.ts'
import { insertEvent, lockNotice, markServed } from './store.ts'
import { tables } from './tables.ts'

const EVENTS: Record<Exclude<ServedBy, 'by-hand'>, { act: string; event: EvidenceEvent }> = {
  consultation: { act: 'notice.consulted', event: 'NotificationAccessTracking' },
  opening: { act: 'notice.opened', event: 'ContentHandover' },
  lapse: { act: 'notice.lapsed', event: 'AcceptanceRejectionExpiry' },
}

/**
 * Serves a notice, exactly once. The caller holds its lock. The time is the act's own: of a lapse the limit, however late the
 * job runs; it can be read again from the rule, the calendar and the outages on record.
 * @returns whether this call served it
 */
export async function serveNotice(
  parts: PostOfficeParts,
  trx: Trx,
  notice: Notice,
  by: Exclude<ServedBy, 'by-hand'>,
  at: Date,
): Promise<boolean> {
  const rule = parts.rules.get(notice.rule.id)!
  const clock = {
    at: notice.postedAt,
    institution: notice.institution,
    outages: await outagesSince(trx, notice.postedAt),
    ...(by === 'lapse' ? {} : { openedAt: at }),
  }
  const dates = noticeDates(rule, parts.calendars.get(rule.calendar)!, clock)
  const servedAt = dates.servedAt ?? at
  const effectAt = dates.effectAt ?? servedAt
  // An outage moved the limit: not today.
  if (by === 'lapse' && servedAt > parts.clock.now()) {
    await parts.jobs.at(trx, {
      queue: noticeQueues.lapse,
      key: `lapse ${notice.id}`,
      dueAt: servedAt,
      data: { ownerId: notice.ownerId, noticeId: notice.id },
    })
    return false
  }
  if (!(await markServed(trx, notice, { servedAt, servedBy: by, effectAt }))) return false
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
  return true
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

async function outagesSince(trx: Trx, at: Date): Promise<Array<{ from: Date; to: Date }>> {
  const rows = await tables(trx)
    .selectFrom('post_office.outage')
    .select(['from_at', 'to_at'])
    .where('to_at', '>', at)
    .execute()
  return rows.map((row) => ({ from: row.from_at, to: row.to_at }))
}
