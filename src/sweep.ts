import type { Log } from '#kernel/log.ts'
import { type CaseParts, forgetExpiredDrafts } from '#modules/cases/index.ts'
import { forgetExpiredPreparations } from '#modules/documents/index.ts'
import { type IdentityParts, sweepSignIns } from '#modules/identity/index.ts'

const HOUR = 3_600_000

/**
 * What has expired is forgotten, every hour and by whichever server gets there first: drafts, prepared documents nobody signed,
 * spent challenges and ended sessions. Nothing here has legal effect; doing it twice does nothing.
 * @returns what stops it
 */
export function sweepHourly({
  cases,
  identity,
  log,
}: {
  cases: CaseParts
  identity: IdentityParts
  log: Log
}): () => void {
  const sweep = async () => {
    try {
      await forgetExpiredDrafts(cases)
      await forgetExpiredPreparations(cases.db, cases.clock.now())
      await sweepSignIns(identity)
    } catch (error) {
      log.error({ err: error }, 'forgetting what expired')
    }
  }
  const timer = setInterval(() => void sweep(), HOUR)
  timer.unref()
  return () => clearInterval(timer)
}
