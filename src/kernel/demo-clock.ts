import type { Clock } from './clock.ts'
import { shiftedClock, systemClock } from './clock.ts'
import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'

export interface DemoClock extends Clock {
  /** Moves forward by so many days of 24 hours, for this server and, within a second, every other one on the same database. */
  advance(days: number): Promise<Date>
  close(): void
}

/** Milliseconds from the system's clock, and the start that was asked for when they were fixed. */
interface Kept {
  offset: number
  startedFrom: string | null
}

type Settings = { 'kernel.setting': { name: string; value: unknown } }
const NAME = 'demo-clock'
const REREAD_MILLISECONDS = 1000
const MOST_DAYS = 3660

/**
 * The demo's clock: the system's, moved by an offset that is kept in the database, survives restarts and never goes back.
 * The same start asked for again is a restart and goes on; another one moves the clock, forward only.
 * @param startAt where the clock starts from (DEMO_CLOCK)
 * @param lastEntry the instant of the log's last entry
 * @throws Refusal `demo-clock-goes-back`
 */
export async function openDemoClock(
  db: Database,
  startAt: Date | undefined,
  lastEntry: Date | undefined,
): Promise<DemoClock> {
  const kept = await readKept(db)
  const clock = shiftedClock(systemClock, kept?.offset ?? 0)
  if (startAt && kept?.startedFrom !== startAt.toISOString()) {
    if (lastEntry && startAt < lastEntry) throw new Refusal('demo-clock-goes-back', { at: lastEntry.toISOString() })
    clock.moveTo(startAt.getTime() - systemClock.now().getTime())
    await keep(db, { offset: clock.offset(), startedFrom: startAt.toISOString() })
  }
  const timer = setInterval(() => void follow(), REREAD_MILLISECONDS)
  timer.unref()

  async function follow(): Promise<void> {
    const stored = await readKept(db).catch(() => undefined)
    if (stored && stored.offset > clock.offset()) clock.moveTo(stored.offset)
  }

  return {
    now: clock.now,
    async advance(days) {
      if (!(days > 0 && days <= MOST_DAYS))
        throw new Refusal('demo-clock-goes-back', { at: clock.now().toISOString() }, 422)
      const startedFrom = (await readKept(db))?.startedFrom ?? null
      await keep(db, { offset: clock.offset() + Math.round(days * 86_400_000), startedFrom })
      await follow()
      return clock.now()
    },
    close: () => clearInterval(timer),
  }
}

async function readKept(db: Database): Promise<Kept | undefined> {
  const tables = db.withTables<Settings>()
  const row = await tables.selectFrom('kernel.setting').select('value').where('name', '=', NAME).executeTakeFirst()
  return row?.value as Kept | undefined
}

async function keep(db: Database, kept: Kept): Promise<void> {
  const value = JSON.stringify(kept)
  await db
    .withTables<Settings>()
    .insertInto('kernel.setting')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
