import type { Queries } from '#kernel/database.ts'
import { isId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Challenge, parseChallenge } from '#trust/efirma/challenge.ts'
import type { SignInCode } from './errors.ts'
import { tables } from './tables.ts'

export interface SpentChallenge {
  text: string
  challenge: Challenge
}

/**
 * Takes a challenge out of use, for good, before anything signed with it is looked at: of two that come at once one gets it.
 * It must not run in a transaction that a refusal would roll back.
 */
export async function spendChallenge(queries: Queries, id: string, origin: string, now: Date): Promise<SpentChallenge> {
  const refuse = (code: SignInCode, status: number) => new Refusal<SignInCode>(code, {}, status)
  if (!isId(id)) throw refuse('challenge-unknown', 404)
  const spent = await tables(queries)
    .updateTable('identity.challenge')
    .set({ spent_at: now })
    .where('id', '=', id)
    .where('spent_at', 'is', null)
    .returning(['text', 'expires_at'])
    .executeTakeFirst()
  if (!spent) throw (await isKnown(queries, id)) ? refuse('challenge-used', 409) : refuse('challenge-unknown', 404)
  if (now >= spent.expires_at) throw refuse('challenge-expired', 410)
  const challenge = parseChallenge(spent.text)
  if (!challenge) throw refuse('challenge-unknown', 404)
  if (challenge.origin !== origin) throw refuse('wrong-origin', 403)
  return { text: spent.text, challenge }
}

async function isKnown(queries: Queries, id: string): Promise<boolean> {
  const row = await tables(queries)
    .selectFrom('identity.challenge')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}
