import type { Queries, Trx } from '#kernel/database.ts'
import { isId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { PostOfficeCode } from './errors.ts'
import type { EvidenceEvent, Lapse, Notice, NoticeKind, ServedBy } from './notice.ts'
import { type NoticeRow, tables } from './tables.ts'

/** @throws Refusal `notice-unknown`: also for a notice of somebody else's, which is not told apart from none */
export async function readNotice(queries: Queries, ownerId: string, id: string): Promise<Notice> {
  const row = await selectNotice(queries, ownerId, id).executeTakeFirst()
  return noticeOf(row)
}

/** As `readNotice`, and nobody else changes it until this transaction ends. */
export async function lockNotice(trx: Trx, ownerId: string, id: string): Promise<Notice> {
  const row = await selectNotice(trx, ownerId, id).forUpdate().executeTakeFirst()
  return noticeOf(row)
}

function selectNotice(queries: Queries, ownerId: string, id: string) {
  if (!isId(id)) throw new Refusal<PostOfficeCode>('notice-unknown', {}, 404)
  return selectNotices(queries, ownerId).where('id', '=', id)
}

function selectNotices(queries: Queries, ownerId: string) {
  return tables(queries).selectFrom('post_office.notice').selectAll().where('owner_id', '=', ownerId)
}

/** Newest first, `limit` of them after skipping `offset`. */
export async function listNotices(queries: Queries, ownerId: string, limit: number, offset: number): Promise<Notice[]> {
  const rows = await selectNotices(queries, ownerId)
    .orderBy('posted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(noticeOf)
}

/** Of one case, all of them, the oldest first. */
export async function listNoticesOfCase(queries: Queries, ownerId: string, caseId: string): Promise<Notice[]> {
  const rows = await selectNotices(queries, ownerId)
    .where('case_id', '=', caseId)
    .orderBy('posted_at')
    .orderBy('id')
    .execute()
  return rows.map(noticeOf)
}

/** Of a case, what waits to be opened and has been announced to nobody: its sender is told before the limit, not after. */
export async function listUnannounced(queries: Queries, ownerId: string, caseId: string): Promise<Notice[]> {
  const rows = await selectNotices(queries, ownerId)
    .where('case_id', '=', caseId)
    .where('status', '=', 'deposited')
    .where('announced_at', 'is', null)
    .execute()
  return rows.map(noticeOf)
}

export async function countNotices(queries: Queries, ownerId: string): Promise<{ all: number; unopened: number }> {
  const row = await tables(queries)
    .selectFrom('post_office.notice')
    .select(({ fn }) => [
      fn.countAll<number>().as('all'),
      fn.countAll<number>().filterWhere('opened_at', 'is', null).as('unopened'),
    ])
    .where('owner_id', '=', ownerId)
    .executeTakeFirstOrThrow()
  return row
}

export async function insertNotice(trx: Trx, notice: Notice, lapseAt: Date | null): Promise<void> {
  await tables(trx)
    .insertInto('post_office.notice')
    .values({
      owner_id: notice.ownerId,
      id: notice.id,
      institution: notice.institution,
      sender: JSON.stringify(notice.sender) as never,
      recipient: notice.recipient,
      subject: JSON.stringify(notice.subject) as never,
      kind: notice.kind,
      case_id: notice.caseId,
      folio: notice.folio,
      rule_id: notice.rule.id,
      rule_version: notice.rule.version,
      act_document_id: notice.actDocumentId,
      particulars: JSON.stringify(notice.particulars) as never,
      posted_at: notice.postedAt,
      status: 'deposited',
      lapse: JSON.stringify(notice.lapse) as never,
      lapse_at: lapseAt,
      unreachable: false,
    })
    .execute()
}

export interface Served {
  servedAt: Date
  servedBy: ServedBy
  effectAt: Date
}

/** Exactly once: a notice that is served already stays as it is. @returns whether this call served it */
export async function markServed(
  trx: Trx,
  { ownerId, id }: Notice,
  { servedAt, servedBy, effectAt }: Served,
): Promise<boolean> {
  const result = await tables(trx)
    .updateTable('post_office.notice')
    .set({ status: 'served', served_at: servedAt, served_by: servedBy, effect_at: effectAt })
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .where('status', '=', 'deposited')
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** The limit as an announcement or an outage moved it. */
export async function moveLapse(trx: Trx, { ownerId, id }: Notice, lapse: Lapse): Promise<void> {
  await tables(trx)
    .updateTable('post_office.notice')
    .set({
      lapse: JSON.stringify(lapse) as never,
      lapse_at: lapse.servedAt === null ? null : new Date(lapse.servedAt),
    })
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

export async function updateNotice(
  trx: Trx,
  { ownerId, id }: Pick<Notice, 'ownerId' | 'id'>,
  change: Partial<
    Pick<
      NoticeRow,
      'announced_at' | 'unreachable' | 'opened_at' | 'opened_by' | 'opening_document_id' | 'constancia_document_id'
    >
  >,
): Promise<void> {
  await tables(trx)
    .updateTable('post_office.notice')
    .set(change)
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

export interface NoticeEvent {
  seq: number
  at: Date
  event: EvidenceEvent
  facts: Record<string, unknown>
  logEntry: string | null
}

export async function insertEvent(
  trx: Trx,
  { ownerId, id }: Pick<Notice, 'ownerId' | 'id'>,
  event: Omit<NoticeEvent, 'seq'>,
): Promise<void> {
  await tables(trx)
    .insertInto('post_office.event')
    .columns(['owner_id', 'notice_id', 'seq', 'at', 'event', 'facts', 'log_entry'])
    .expression((eb) =>
      eb
        .selectFrom('post_office.event')
        .select(({ fn, val, lit }) => [
          val(ownerId).$castTo<string>().as('owner_id'),
          val(id).$castTo<string>().as('notice_id'),
          eb(fn.coalesce(fn.max('seq'), lit(0)), '+', 1).as('seq'),
          val(event.at).as('at'),
          val(event.event).as('event'),
          val(JSON.stringify(event.facts)).as('facts'),
          val(event.logEntry).as('log_entry'),
        ])
        .where('owner_id', '=', ownerId)
        .where('notice_id', '=', id),
    )
    .execute()
}

export async function listEvents(
  queries: Queries,
  { ownerId, id }: Pick<Notice, 'ownerId' | 'id'>,
): Promise<NoticeEvent[]> {
  const rows = await tables(queries)
    .selectFrom('post_office.event')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('notice_id', '=', id)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    seq: row.seq,
    at: row.at,
    event: row.event as EvidenceEvent,
    facts: row.facts,
    logEntry: row.log_entry,
  }))
}

function noticeOf(row: NoticeRow | undefined): Notice {
  if (!row) throw new Refusal<PostOfficeCode>('notice-unknown', {}, 404)
  return {
    ownerId: row.owner_id,
    id: row.id,
    institution: row.institution,
    sender: row.sender,
    recipient: row.recipient,
    subject: row.subject,
    kind: row.kind as NoticeKind,
    caseId: row.case_id,
    folio: row.folio,
    rule: { id: row.rule_id, version: row.rule_version },
    actDocumentId: row.act_document_id,
    particulars: row.particulars,
    postedAt: row.posted_at,
    status: row.status,
    lapse: row.lapse,
    servedAt: row.served_at,
    servedBy: row.served_by,
    effectAt: row.effect_at,
    announcedAt: row.announced_at,
    unreachable: row.unreachable,
    openedAt: row.opened_at,
    openingDocumentId: row.opening_document_id,
    constanciaDocumentId: row.constancia_document_id,
  }
}
