import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import type { Log } from '#kernel/log.ts'
import type { DataGatherer } from '#modules/identity/index.ts'
import type { StampDigest } from '#modules/timestamping/index.ts'
import type { AlgorithmEnd } from '#trust/validation/algorithms.ts'

export interface PreservationParts {
  /** Connections of its own: the one who asks the authorities holds one while they answer. */
  db: Database
  clock: Clock
  log: Log
  gatherer: DataGatherer
  stamp: StampDigest
  /** The clock is held against the authority’s, as is the default. A demo’s is its own. */
  checksClock?: boolean
  /** Until when algorithms are taken for reliable, where it is another table than that of today. */
  algorithms?: readonly AlgorithmEnd[]
}
