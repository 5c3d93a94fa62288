import { sha256 } from '#kernel/bytes.ts'
import type { IdentityParts } from './identity-parts.ts'
import { isLive } from './session.ts'
import { tables } from './tables.ts'

/** How long after its last use a session is still told apart from one that never was. */
const REMEMBERED = 7 * 24 * 3_600_000

export interface EndedSession {
  sessionId: string
  accountId: string
}

/**
 * Whose session this token opened, where it ended by itself within the last week: by idleness, or after its longest. One that
 * somebody closed is not told. It lets nobody in; a form that was open meanwhile is known by it.
 */
export async function readEndedSession(
  { db, clock }: Pick<IdentityParts, 'db' | 'clock'>,
  token: string,
): Promise<EndedSession | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined
  const row = await tables(db)
    .selectFrom('identity.session')
    .select(['id', 'account_id', 'started_at', 'last_seen_at', 'ended_at'])
    .where('token_hash', '=', sha256(token))
    .executeTakeFirst()
  if (!row || row.ended_at) return undefined
  const now = clock.now()
  const times = { startedAt: row.started_at, lastSeenAt: row.last_seen_at, endedAt: null }
  const isOld = now.getTime() - row.last_seen_at.getTime() >= REMEMBERED
  return isLive(times, now) || isOld ? undefined : { sessionId: row.id, accountId: row.account_id }
}
