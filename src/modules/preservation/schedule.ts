import { sql } from 'kysely'
import type { Database, Trx } from '#kernel/database.ts'
import { takeToPreserve } from '#modules/documents/index.ts'
import { tables } from './tables.ts'

/** A document that is due, locked for the transaction that looks after it. */
export interface Due {
  ownerId: string
  documentId: string
  takenAt: Date
  tries: number
  renewal: boolean
}

const BATCH = 500

/** New documents come into the schedule, in batches; each once, whoever else takes them too. @returns how many */
export async function takeUp(db: Database, now: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const taken = await takeToPreserve(trx, BATCH)
    if (taken.length === 0) return 0
    await tables(trx)
      .insertInto('preservation.schedule')
      .values(
        taken.map(({ ownerId, documentId }) => ({
          owner_id: ownerId,
          document_id: documentId,
          taken_at: now,
          due_at: now,
          renewal: false,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return taken.length
  })
}

/** The one that is due longest and that nobody else has in hand; first additions and renewals wait in lines of their own. */
export async function lockDue(trx: Trx, { renewal, now }: { renewal: boolean; now: Date }): Promise<Due | undefined> {
  const row = await tables(trx)
    .selectFrom('preservation.schedule')
    .select(['owner_id', 'document_id', 'taken_at', 'tries'])
    .where('renewal', '=', renewal)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row && { ownerId: row.owner_id, documentId: row.document_id, takenAt: row.taken_at, tries: row.tries, renewal }
}

export interface Postponement {
  dueAt: Date
  waitsFor: string
  /** Hexadecimal. */
  issuer?: string | undefined
}

/**
 * What waits is looked at again within hours; what seems to wait longer was put off by a clock that was ahead, and is due now.
 */
export async function bringBack(db: Database, now: Date, longestWait: number): Promise<void> {
  const latest = new Date(now.getTime() + longestWait + HOUR)
  await sql`update preservation.schedule set due_at = ${now}, taken_at = least(taken_at, ${now})
    where due_at > ${latest} and (not renewal or waits_for is not null)`.execute(db)
}

const HOUR = 3_600_000

export async function postpone(queries: Database | Trx, due: Due, to: Postponement): Promise<void> {
  await tables(queries)
    .updateTable('preservation.schedule')
    .set(({ eb }) => ({
      due_at: to.dueAt,
      tries: eb('tries', '+', 1),
      waits_for: to.waitsFor,
      issuer: to.issuer === undefined ? null : Buffer.from(to.issuer, 'hex'),
    }))
    .where('owner_id', '=', due.ownerId)
    .where('document_id', '=', due.documentId)
    // Another process may have looked after it meanwhile.
    .where('due_at', '<', to.dueAt)
    .where('renewal', '=', due.renewal)
    .execute()
}

/** Who stamped last, where something is still missing: the document stays due. */
export async function noteAuthority(trx: Trx, due: Due, authority: string): Promise<void> {
  await tables(trx)
    .updateTable('preservation.schedule')
    .set({ authority: Buffer.from(authority, 'hex') })
    .where('owner_id', '=', due.ownerId)
    .where('document_id', '=', due.documentId)
    .execute()
}

/** Everything is there: nothing is waited for until then. */
export async function scheduleRenewal(trx: Trx, due: Due, { at, authority }: { at: Date; authority?: string }) {
  await tables(trx)
    .updateTable('preservation.schedule')
    .set({
      due_at: at,
      renewal: true,
      tries: 0,
      waits_for: null,
      issuer: null,
      ...(authority === undefined ? {} : { authority: Buffer.from(authority, 'hex') }),
    })
    .where('owner_id', '=', due.ownerId)
    .where('document_id', '=', due.documentId)
    .execute()
}

/** Whatever this authority stamped is due by then at the latest. @returns how many were moved forward */
export async function hasten(db: Database, authority: Buffer, by: Date): Promise<number> {
  const moved =
    await sql`update preservation.schedule set due_at = ${by} where authority = ${authority} and due_at > ${by}`.execute(
      db,
    )
  return Number(moved.numAffectedRows ?? 0)
}
