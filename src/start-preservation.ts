import type { Clock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import type { Log } from '#kernel/log.ts'
import { type Authorities, type HeldLists, openDataGatherer, type RevocationSources } from '#modules/identity/index.ts'
import { openPreservation, type Preservation } from '#modules/preservation/index.ts'
import type { Seal } from '#modules/seals/index.ts'
import type { StampDigest } from '#modules/timestamping/index.ts'
import type { Config } from './config.ts'
import type { Opened } from './opened.ts'

interface Given {
  config: Pick<Config, 'demo'>
  log: Log
  url: string
  clock: Clock
  authorities: Authorities
  sources: RevocationSources
  lists?: HeldLists
  /** Known by heart, also those put out of use: nobody is asked about them. */
  seals: ReadonlyArray<Pick<Seal, 'certificate'>>
  /** Who stamps documents that are to last; undefined where nobody does. */
  stamp: StampDigest | undefined
}

/**
 * Begins to make documents last, on connections of its own: whoever asks for something does not queue behind it. Without an authority of
 * time there is nothing to begin, and documents wait.
 * @param opened gets what stops it
 */
export function startPreservation(given: Given, opened: Opened): Preservation | undefined {
  const preservation = openFor(given, opened)
  preservation?.start()
  return preservation
}

/** The same without its timer, for the command that runs it once. */
export function openFor(
  { config, log, url, clock, authorities, sources, lists, seals, stamp }: Given,
  opened: Opened,
): Preservation | undefined {
  if (!stamp) return undefined
  const { db, close } = openDatabase(url, {
    max: 4,
    onLost: (error) => log.warn({ err: error }, 'database connection of preservation lost'),
  })
  opened.push(close)
  const gatherer = openDataGatherer({
    db,
    authorities,
    sources,
    lists,
    known: new Set(seals.map(({ certificate }) => certificate.sha256)),
    demo: config.demo,
    onSilence: (issuer, error) => log.warn({ err: error, issuer }, 'a revocation source does not answer'),
  })
  const preservation = openPreservation({ db, clock, log, gatherer, stamp, checksClock: !config.demo })
  opened.push(() => preservation.stop())
  return preservation
}
