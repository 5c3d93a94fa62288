import { sql } from 'kysely'
import type { Queries } from '#kernel/database.ts'
import { countToPreserve } from '#modules/documents/index.ts'

/** How preservation stands, for whoever runs the shop; nothing in it is about a person. */
export interface PreservationStatus {
  /** Kept and not yet looked at. */
  untaken: number
  /** Taken and without everything they need to last. */
  unfinished: number
  /** That have it, and are due again later. */
  lasting: number
  /** Renewals whose day has come. */
  overdue: number
  /** Whose last time-stamp ended before the next one was made: nothing proves any more that they are older. */
  lapsed: number
  /** When the oldest of the unfinished was taken. */
  oldestUnfinished: Date | null
  nextRenewal: Date | null
  /** What is waited for, and of whom (SHA-256 of the issuer's certificate). */
  waiting: Array<{ reason: string; issuer: string | null; documents: number }>
}

export async function readPreservationStatus(queries: Queries, now: Date): Promise<PreservationStatus> {
  const { rows } = await sql<Omit<PreservationStatus, 'untaken' | 'waiting' | 'lapsed'>>`
    select count(*) filter (where not renewal) as unfinished,
      count(*) filter (where renewal) as lasting,
      count(*) filter (where renewal and due_at <= ${now}) as overdue,
      min(taken_at) filter (where not renewal) as "oldestUnfinished",
      min(due_at) filter (where renewal) as "nextRenewal"
    from preservation.schedule`.execute(queries)
  const waiting = await sql<{ reason: string; issuer: string | null; documents: number }>`
    select waits_for as reason, encode(issuer, 'hex') as issuer, count(*) as documents
    from preservation.schedule where waits_for is not null group by waits_for, issuer order by 3 desc limit 50`.execute(
    queries,
  )
  const lapsed = await sql<{ documents: number }>`
    select count(*) as documents from preservation.schedule where authority in (
      select sha256 from preservation.authority where ends_at < ${now})`.execute(queries)
  return {
    untaken: await countToPreserve(queries),
    ...rows[0]!,
    lapsed: lapsed.rows[0]!.documents,
    waiting: waiting.rows,
  }
}

const MOST_COUNTED = 100_000

/** What `/metrics` shows; no more rows are looked at than are counted, however many documents there are. */
export async function readPreservationGauges(
  queries: Queries,
  now: Date,
): Promise<{ waiting: number; oldestSeconds: number }> {
  const { rows } = await sql<{ waiting: number; oldest: Date | null }>`
    select count(*) as waiting, min(since) as oldest from (
      (select taken_at as since from preservation.schedule where not renewal limit ${MOST_COUNTED})
      union all
      (select due_at from preservation.schedule where renewal and due_at <= ${now} limit ${MOST_COUNTED})) waiting`.execute(
    queries,
  )
  const { waiting, oldest } = rows[0]!
  return { waiting, oldestSeconds: oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0 }
}
