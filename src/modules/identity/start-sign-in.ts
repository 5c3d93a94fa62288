import { randomBytes } from 'node:crypto'
import { newId } from '#kernel/ids.ts'
import type { Checked } from '#kernel/refusal.ts'
import { buildChallenge, CHALLENGE_LIFE_SECONDS } from '#trust/efirma/challenge.ts'
import { countAttempt, lineOf } from './attempts.ts'
import type { IdentityParts } from './identity-parts.ts'
import { readRfc } from './rfc.ts'
import { tables } from './tables.ts'

export interface StartedSignIn {
  id: string
  /** To be signed exactly as it is. */
  text: string
  expiresAt: Date
}

/** Pages are opened more often than sign-ins are finished. */
const STARTS_PER_SIGN_IN = 4

/**
 * A fresh challenge, good for two minutes and for one try.
 * @param input.account the RFC the person says they act for; empty to leave it to the certificate
 * @param input.address where the request comes from, as the channel knows it
 * @throws Refusal too-many-attempts
 */
export async function startSignIn(
  parts: Pick<IdentityParts, 'db' | 'clock' | 'origin' | 'limits'>,
  input: { account?: string; address: string },
): Promise<Checked<StartedSignIn>> {
  const account = readAccountTyped(input.account ?? '')
  if (account === undefined) return { ok: false, errors: [{ field: 'account', code: 'rfc-shape' }] }
  const now = parts.clock.now()
  const limit = parts.limits.signInsPerAddress * STARTS_PER_SIGN_IN
  await countAttempt(parts.db, `start from ${lineOf(input.address)}`, limit, now)
  const issued = new Date(Math.floor(now.getTime() / 1000) * 1000)
  const expires = new Date(issued.getTime() + CHALLENGE_LIFE_SECONDS * 1000)
  const text = buildChallenge({ origin: parts.origin, account, nonce: randomBytes(32), issued, expires })
  const id = newId()
  await tables(parts.db)
    .insertInto('identity.challenge')
    .values({ id, text, expires_at: expires, spent_at: null })
    .execute()
  return { ok: true, value: { id, text, expiresAt: expires } }
}

/** Its check digit is not judged: the certificate will say. */
function readAccountTyped(typed: string): string | undefined {
  if (typed.trim() === '') return ''
  const reading = readRfc(typed)
  return reading && !reading.generic ? reading.rfc : undefined
}
