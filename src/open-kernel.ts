import { type Clock, systemClock } from '#kernel/clock.ts'
import { type Database, openDatabase } from '#kernel/database.ts'
import { type DemoClock, openDemoClock } from '#kernel/demo-clock.ts'
import type { Log } from '#kernel/log.ts'
import { type Ledger, lastEntryAt, openLedger, openLogKey, readCheckpoint } from '#modules/ledger/index.ts'
import type { Config } from './config.ts'
import type { Opened } from './opened.ts'

/** What everything else rests on: the database, the time and the log of official acts. */
export interface Kernel {
  config: Config
  log: Log
  /** Of the database, as the serving role. */
  url: string
  db: Database
  clock: Clock
  /** Only in a demo; then it is the clock. */
  demoClock: DemoClock | undefined
  ledger: Ledger
}

export async function openKernel(given: Pick<Kernel, 'config' | 'log' | 'url'>, opened: Opened): Promise<Kernel> {
  const { config, log, url } = given
  const { db, close: closeDatabase } = openDatabase(url, {
    max: 20,
    onLost: (error) => log.warn({ err: error }, 'database connection lost'),
  })
  opened.push(closeDatabase)
  const demoClock = config.demo ? await openDemoClock(db, config.demoClock, await lastEntryAt(db)) : undefined
  opened.push(() => demoClock?.close())
  // The log does not queue behind the requests whose entries it places.
  const { db: ledgerDb, close: closeLedgerDb } = openDatabase(url, {
    max: 4,
    onLost: (error) => log.warn({ err: error }, 'database connection of the log lost'),
  })
  opened.push(closeLedgerDb)
  const ledger = openLedger(ledgerDb, await openLogKey(config.dataDir, config.publicUrl, await readCheckpoint(db)), log)
  opened.push(() => ledger.close())
  return { ...given, db, clock: demoClock ?? systemClock, demoClock, ledger }
}
