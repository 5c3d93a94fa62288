import type { Queries } from '#kernel/database.ts'
import { isId } from '#kernel/ids.ts'
import type { Posted } from '#modules/catalogue/index.ts'
import type { CaseParts } from './case-parts.ts'
import { tables } from './tables.ts'

const HELD_DAYS = 7
const DAY = 86_400_000
const LARGEST_HELD = 64 * 1024

export interface HeldAnswer {
  posted: Posted
  basedOn: number
}

interface Place {
  draftId: string
  question: string
}

/**
 * Keeps what was typed in a form whose session had ended, for the account whose form it was. It is nobody's answer yet: the
 * draft does not change until the person signs in again, sees it and goes on.
 * @returns false where there is no such draft to go on with, or too much was typed to keep
 */
export async function holdAnswer(
  { db, clock }: Pick<CaseParts, 'db' | 'clock'>,
  ownerId: string,
  { draftId, question }: Place,
  { posted, basedOn }: HeldAnswer,
): Promise<boolean> {
  const text = JSON.stringify(posted)
  if (!isId(draftId) || text.length > LARGEST_HELD) return false
  const now = clock.now()
  const draft = await tables(db)
    .selectFrom('cases.draft')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('id', '=', draftId)
    .where('status', '=', 'open')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!draft) return false
  const held = { posted: text as never, based_on: basedOn, held_at: now }
  await tables(db)
    .insertInto('cases.held_answer')
    .values({ owner_id: ownerId, draft_id: draftId, question, ...held })
    .onConflict((conflict) => conflict.columns(['owner_id', 'draft_id', 'question']).doUpdateSet(held))
    .execute()
  return true
}

export async function readHeldAnswer(
  queries: Queries,
  ownerId: string,
  { draftId, question }: Place,
): Promise<HeldAnswer | undefined> {
  const row = await held(queries, ownerId, { draftId, question }).select(['posted', 'based_on']).executeTakeFirst()
  return row && { posted: row.posted as Posted, basedOn: row.based_on }
}

const held = (queries: Queries, ownerId: string, { draftId, question }: Place) =>
  tables(queries)
    .selectFrom('cases.held_answer')
    .where('owner_id', '=', ownerId)
    .where('draft_id', '=', draftId)
    .where('question', '=', question)

/** Once it was answered, or was not wanted. */
export async function dropHeldAnswer(queries: Queries, ownerId: string, { draftId, question }: Place): Promise<void> {
  await tables(queries)
    .deleteFrom('cases.held_answer')
    .where('owner_id', '=', ownerId)
    .where('draft_id', '=', draftId)
    .where('question', '=', question)
    .execute()
}

/** Those that nobody came back for. */
export async function dropOldHeldAnswers(queries: Queries, now: Date): Promise<void> {
  const old = new Date(now.getTime() - HELD_DAYS * DAY)
  await tables(queries).deleteFrom('cases.held_answer').where('held_at', '<', old).execute()
}
