import type { IdentityParts } from './identity-parts.ts'
import { tables } from './tables.ts'

const DAY = 86_400_000
const SESSION_DAYS = 90

/** Removes what has served: challenges and counts after a day, sessions after ninety. Meant to run now and then. */
export async function sweepSignIns({ db, clock }: Pick<IdentityParts, 'db' | 'clock'>): Promise<void> {
  const now = clock.now().getTime()
  const yesterday = new Date(now - DAY)
  await tables(db).deleteFrom('identity.challenge').where('expires_at', '<', yesterday).execute()
  await tables(db).deleteFrom('identity.attempt').where('window_start', '<', yesterday).execute()
  const old = new Date(now - SESSION_DAYS * DAY)
  await tables(db).deleteFrom('identity.session').where('started_at', '<', old).execute()
}
