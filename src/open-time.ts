import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import type { Log } from '#kernel/log.ts'
import type { Authorities } from '#modules/identity/index.ts'
import { openKey, type SigningKey } from '#modules/seals/index.ts'
import {
  demoClockTrust,
  openStamping,
  openTimestampAuthority,
  ownSource,
  type Purpose,
  plainSource,
  readTimestampSources,
  type StampDigest,
  type TimestampAuthority,
  tryKey,
  watchClock,
} from '#modules/timestamping/index.ts'
import type { Config } from './config.ts'
import type { Opened } from './opened.ts'

export interface Time {
  /** Ours, behind `/tsa`; undefined where this installation is none. */
  authority: TimestampAuthority | undefined
  /** Who stamps for a purpose; undefined where nobody does. */
  stampFor(purpose: Purpose): StampDigest | undefined
}

export interface TimeParts {
  config: Pick<Config, 'authority' | 'tsaUrl' | 'tsaSources' | 'demo'>
  /** The demo's own, where no other is named. */
  demoKey: SigningKey | undefined
  db: Database
  clock: Clock
  log: Log
  authorities: Authorities
}

/** Of a demo alone: a number for documentation (RFC 5612) behind which nobody publishes a policy. */
const DEMO_POLICY = '1.3.6.1.4.1.32473.3161'
const DEMO_ACCURACY = 1000

/**
 * Our own authority of time, where there is one, and whoever stamps for us: the table of sources, or the one that `TSA_URL` names, or where
 * neither is there our own. @param opened gets what closes it. @throws StartRefusal
 */
export async function openTime(parts: TimeParts, opened: Opened): Promise<Time> {
  const { config, clock, log, authorities } = parts
  const authority = await openAuthority(parts, opened)
  const sources = config.tsaSources
    ? await readTimestampSources(config.tsaSources)
    : config.tsaUrl
      ? [plainSource(config.tsaUrl)]
      : authority
        ? [ownSource]
        : []
  // A demo's clock is its own: what others say the time is differs.
  const now = config.demo ? undefined : () => clock.now()
  if (!authority && sources.some(({ url }) => url === ownSource.url))
    throw new StartRefusal('TSA_SOURCES names our own authority, and there is none: set TSA_P12 or TSA_PKCS11_MODULE.')
  const stamping = { sources, own: authority, authorities, now, log }
  return { authority, stampFor: (purpose) => openStamping(stamping, purpose) }
}

async function openAuthority(
  { config, demoKey, db, clock, log }: TimeParts,
  opened: Opened,
): Promise<TimestampAuthority | undefined> {
  const given = config.authority
  const key = given ? await openKey(given.key, given.key.kind === 'pkcs12' ? 'TSA_P12' : 'TSA_PKCS11_MODULE') : demoKey
  if (!key) return undefined
  opened.push(() => key.close())
  const { policy = DEMO_POLICY, accuracy = DEMO_ACCURACY } = given ?? {}
  const fault = await tryKey(key, policy)
  if (fault) throw new StartRefusal(`What the time-stamp authority’s key stamps would not be accepted: ${fault}.`)
  const trust = given ? watchClock({ clock, statusFile: given.clockStatus, accuracy }) : demoClockTrust
  return openTimestampAuthority({ db, clock, log, key, trust, policy, accuracy })
}
