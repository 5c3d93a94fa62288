import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import type { Seal } from '#modules/seals/index.ts'
import type { Renderer } from './renderer.ts'

/** A signature time-stamp over these bytes, or nothing when the authority is silent: it costs the level, not the act. */
export type TimestampSource = (signature: Uint8Array) => Promise<Uint8Array | undefined>

export interface DocumentsParts {
  db: Database
  clock: Clock
  renderer: Renderer
  /** The platform's. */
  seal: Seal
  /** An institution's own; where it has none, the platform's. */
  sealOf(institution: string): Seal
  /** As the seal names itself in documents. */
  platformName: string
  /** None where no authority is named. */
  timestamp: TimestampSource | undefined
}
