import type { Clock } from './clock.ts'
import { shiftedClock, systemClock } from './clock.ts'
import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'

export interface DemoClock extends Clock {
  /** Moves forward by so many days of 24 hours, for this server and, within a second, every other one on the same database. */
  advance(days: number): Promise<Date>
  close(): void
}

type Settings = { 'kernel.setting': { name: string; value: string } }
const NAME = 'demo-clock-offset'
const REREAD_MILLISECONDS = 1000

/**
 * The demo's clock: the system's, moved by an offset that is kept in the database, survives restarts and never goes back.
 * @param startAt where the clock starts when the installation is new (DEMO_CLOCK), or is moved on to
 * @param notBefore the instant of the last act on record; an earlier start is refused
 * @throws Refusal `demo-clock-goes-back`
 */
export async function openDemoClock(
  db: Database,
  startAt: Date | undefined,
  notBefore: Date | undefined,
): Promise<DemoClock> {
  const kept = await readOffset(db)
  const wanted = startAt === undefined ? undefined : startAt.getTime() - systemClock.now().getTime()
  const offset = kept === undefined ? (wanted ?? 0) : kept
  if (notBefore && systemClock.now().getTime() + offset < notBefore.getTime() && kept === undefined) {
    throw new Refusal('demo-clock-goes-back', { at: notBefore.toISOString() })
  }
  if (kept === undefined) await storeOffset(db, offset)
  const clock = shiftedClock(systemClock, offset)
  const timer = setInterval(() => void follow(), REREAD_MILLISECONDS)
  timer.unref()

  async function follow(): Promise<void> {
    const stored = await readOffset(db).catch(() => undefined)
    if (stored !== undefined && stored > clock.offset()) clock.moveTo(stored)
  }

  return {
    now: clock.now,
    async advance(days) {
      if (!Number.isFinite(days) || days <= 0 || days > 3660)
        throw new Refusal('demo-clock-goes-back', { at: clock.now().toISOString() })
      await storeOffset(db, clock.offset() + Math.round(days * 86_400_000))
      await follow()
      return clock.now()
    },
    close: () => clearInterval(timer),
  }
}

async function readOffset(db: Database): Promise<number | undefined> {
  const row = await db
    .withTables<Settings>()
    .selectFrom('kernel.setting')
    .select('value')
    .where('name', '=', NAME)
    .executeTakeFirst()
  return row === undefined ? undefined : Number(row.value)
}

/** Two who move the clock at once both only move it forward. */
async function storeOffset(db: Database, offset: number): Promise<void> {
  await db
    .withTables<Settings>()
    .insertInto('kernel.setting')
    .values({ name: NAME, value: JSON.stringify(offset) })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: JSON.stringify(offset) }))
    .execute()
}
