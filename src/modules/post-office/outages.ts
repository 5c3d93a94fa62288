import type { Clock } from '#kernel/clock.ts'
import type { Database, Queries } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { tables } from './tables.ts'

type Settings = { 'kernel.setting': { name: string; value: unknown } }

const NAME = 'heartbeat'
const BEAT_MILLISECONDS = 30_000
/** A restart is not an outage. */
const SHORTEST_MILLISECONDS = 5 * 60_000

export interface Outage {
  from: Date
  to: Date
}

/** Newest first. */
export async function listOutages(queries: Queries, limit: number): Promise<Outage[]> {
  const rows = await tables(queries)
    .selectFrom('post_office.outage')
    .select(['from_at', 'to_at'])
    .orderBy('from_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ from: row.from_at, to: row.to_at }))
}

/**
 * Says every half minute that somebody serves. Whoever starts and finds that nobody did for a while records the outage: it is
 * evidence, and stops the clocks that a rule says (RCFF 11 and the like).
 * @returns what stops it
 */
export async function keepHeartbeat({ db, clock }: { db: Database; clock: Clock }): Promise<() => void> {
  const last = await readBeat(db)
  const now = clock.now()
  if (last && now.getTime() - last.getTime() > SHORTEST_MILLISECONDS)
    await tables(db)
      .insertInto('post_office.outage')
      .values({ id: newId(), from_at: last, to_at: now, cause: 'not-serving' })
      .execute()
  await beat(db, now)
  const timer = setInterval(() => void beat(db, clock.now()).catch(() => {}), BEAT_MILLISECONDS)
  timer.unref()
  return () => clearInterval(timer)
}

async function readBeat(db: Database): Promise<Date | undefined> {
  const row = await db
    .withTables<Settings>()
    .selectFrom('kernel.setting')
    .select('value')
    .where('name', '=', NAME)
    .executeTakeFirst()
  return row ? new Date(String(row.value)) : undefined
}

async function beat(db: Database, at: Date): Promise<void> {
  const value = JSON.stringify(at.toISOString())
  await db
    .withTables<Settings>()
    .insertInto('kernel.setting')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
