import { sql } from 'kysely'
import type { Queries, Trx } from '#kernel/database.ts'
import { isId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Channel, Draft } from './draft.ts'
import type { CasesCode } from './errors.ts'
import { type CaseTables, tables } from './tables.ts'

type DraftRow = CaseTables['cases.draft']

/** @throws Refusal `draft-unknown`: also for somebody else's */
export async function readDraft(queries: Queries, ownerId: string, id: string): Promise<Draft> {
  return draftOf(await select(queries, ownerId, id).executeTakeFirst())
}

export async function lockDraft(trx: Trx, ownerId: string, id: string): Promise<Draft> {
  return draftOf(await select(trx, ownerId, id).forUpdate().executeTakeFirst())
}

function select(queries: Queries, ownerId: string, id: string) {
  if (!isId(id)) throw new Refusal<CasesCode>('draft-unknown', {}, 404)
  return tables(queries).selectFrom('cases.draft').selectAll().where('owner_id', '=', ownerId).where('id', '=', id)
}

/** Those that can still be gone on with, the last touched first. */
export async function listDrafts(queries: Queries, ownerId: string, now: Date): Promise<Draft[]> {
  const rows = await tables(queries)
    .selectFrom('cases.draft')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('status', 'in', ['open', 'awaiting-payment'])
    .where('expires_at', '>', now)
    .orderBy('changed_at', 'desc')
    .limit(100)
    .execute()
  return rows.map(draftOf)
}

/** @returns false where this very draft is there already */
export async function insertDraft(queries: Queries, draft: Draft): Promise<boolean> {
  const result = await tables(queries)
    .insertInto('cases.draft')
    .values(rowOf(draft))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** A draft and the event that filled it, in one statement. @returns as `insertDraft` */
export async function insertFilledDraft(queries: Queries, draft: Draft, event: DraftEvent): Promise<boolean> {
  const { at, channel, page, answers, conflict } = event
  const result = await tables(queries)
    .with('begun', (begin) =>
      begin
        .insertInto('cases.draft')
        .values(rowOf(draft))
        .onConflict((known) => known.doNothing())
        .returning(['owner_id', 'id']),
    )
    .insertInto('cases.draft_event')
    .columns(['owner_id', 'draft_id', 'at', 'channel', 'page', 'answers', 'conflict', 'revision'])
    .expression((of) =>
      of
        .selectFrom('begun')
        .select(({ val }) => [
          'owner_id',
          'id as draft_id',
          sql<Date>`${at}::timestamptz`.as('at'),
          val(channel).as('channel'),
          val(page).as('page'),
          sql<never>`${JSON.stringify(answers)}::jsonb`.as('answers'),
          sql<boolean>`${conflict}::boolean`.as('conflict'),
          sql<number>`1`.as('revision'),
        ]),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

function rowOf(draft: Draft) {
  return {
    owner_id: draft.ownerId,
    id: draft.id,
    anonymous: draft.anonymous,
    service_id: draft.serviceId,
    service_version: draft.serviceVersion,
    language: draft.language,
    channel: draft.channel,
    answers: JSON.stringify(draft.answers) as never,
    changed: JSON.stringify(draft.changed) as never,
    revision: draft.revision,
    objections: JSON.stringify(draft.objections) as never,
    linked_case: draft.linkedCase,
    status: draft.status,
    case_id: draft.caseId,
    created_at: draft.createdAt,
    changed_at: draft.changedAt,
    expires_at: draft.expiresAt,
  }
}

type DraftChange = Partial<
  Pick<
    Draft,
    'answers' | 'changed' | 'revision' | 'objections' | 'status' | 'caseId' | 'changedAt' | 'expiresAt' | 'language'
  >
>

export async function changeDraft(
  trx: Trx,
  { ownerId, id }: Pick<Draft, 'ownerId' | 'id'>,
  change: DraftChange,
): Promise<void> {
  const json = (value: unknown) => JSON.stringify(value) as never
  await tables(trx)
    .updateTable('cases.draft')
    .set({
      ...(change.answers && { answers: json(change.answers) }),
      ...(change.changed && { changed: json(change.changed) }),
      ...(change.objections && { objections: json(change.objections) }),
      ...(change.revision !== undefined && { revision: change.revision }),
      ...(change.status && { status: change.status }),
      ...(change.caseId && { case_id: change.caseId }),
      ...(change.changedAt && { changed_at: change.changedAt }),
      ...(change.expiresAt && { expires_at: change.expiresAt }),
      ...(change.language && { language: change.language }),
    })
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

export interface DraftEvent {
  at: Date
  channel: Channel
  page: string
  answers: unknown
  conflict: boolean
}

/** Kept beside the draft as it was given, also where it was not applied. The caller holds the draft's lock. */
export async function insertDraftEvent(
  trx: Trx,
  { ownerId, id }: Pick<Draft, 'ownerId' | 'id'>,
  event: DraftEvent,
): Promise<void> {
  await tables(trx)
    .insertInto('cases.draft_event')
    .values(({ selectFrom, fn }) => ({
      owner_id: ownerId,
      draft_id: id,
      ...event,
      revision: selectFrom('cases.draft_event')
        .select(sql<number>`coalesce(${fn.max('revision')}, 0) + 1`.as('next'))
        .where('owner_id', '=', ownerId)
        .where('draft_id', '=', id),
      answers: JSON.stringify(event.answers ?? null),
    }))
    .execute()
}

/** Moves everything of a cookie's drafts, as far as they have not expired, to the account that signed in. */
export async function moveDrafts(
  trx: Trx,
  fromOwner: string,
  toOwner: string,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<string[]> {
  const moved = await tables(trx)
    .updateTable('cases.draft')
    .set({ owner_id: toOwner, anonymous: false, expires_at: expiresAt })
    .where('owner_id', '=', fromOwner)
    .where('status', '=', 'open')
    .where('expires_at', '>', now)
    .returning('id')
    .execute()
  const ids = moved.map(({ id }) => id)
  if (ids.length === 0) return []
  const events = await tables(trx)
    .deleteFrom('cases.draft_event')
    .where('owner_id', '=', fromOwner)
    .where('draft_id', 'in', ids)
    .returningAll()
    .execute()
  if (events.length > 0) {
    const rows = events.map((event) => ({ ...event, owner_id: toOwner, answers: JSON.stringify(event.answers) }))
    await tables(trx).insertInto('cases.draft_event').values(rows).execute()
  }
  return ids
}

/** Forgets drafts whose day has come: what was never signed is nobody's record. @returns what is gone */
export async function deleteExpiredDrafts(trx: Trx, now: Date): Promise<Array<{ ownerId: string; id: string }>> {
  const gone = await tables(trx)
    .deleteFrom('cases.draft')
    .where('status', '=', 'open')
    .where('expires_at', '<=', now)
    .returning(['owner_id', 'id'])
    .execute()
  for (const { owner_id, id } of gone) {
    await tables(trx)
      .deleteFrom('cases.draft_event')
      .where('owner_id', '=', owner_id)
      .where('draft_id', '=', id)
      .execute()
  }
  return gone.map(({ owner_id, id }) => ({ ownerId: owner_id, id }))
}

function draftOf(row: DraftRow | undefined): Draft {
  if (!row) throw new Refusal<CasesCode>('draft-unknown', {}, 404)
  return {
    ownerId: row.owner_id,
    id: row.id,
    anonymous: row.anonymous,
    serviceId: row.service_id,
    serviceVersion: row.service_version,
    language: row.language,
    channel: row.channel,
    answers: row.answers,
    changed: row.changed,
    revision: row.revision,
    objections: row.objections,
    linkedCase: row.linked_case,
    status: row.status,
    caseId: row.case_id,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    expiresAt: row.expires_at,
  }
}
