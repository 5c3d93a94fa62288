import { sha256 } from '#kernel/bytes.ts'
import type { SigningKey } from '#modules/seals/index.ts'
import { writeImprint } from '#trust/timestamp/message-imprint.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { completeToken, prepareToken } from '#trust/timestamp/write-token.ts'

/**
 * Whether what this key stamps would be accepted: one token over nothing, of which nobody gets to know.
 * @returns why not, as the end of a sentence; undefined where it would
 */
export async function tryKey(key: SigningKey, policy: string): Promise<string | undefined> {
  const { certificate, chain } = key
  const digest = sha256('')
  const parts = {
    policy,
    imprint: writeImprint('sha256', digest),
    serial: Buffer.from([0]),
    time: certificate.notBefore,
  }
  const prepared = prepareToken(parts, certificate)
  const token = completeToken(prepared, await key.sign(prepared.signedAttributes), chain)
  const { timestamp, detail } = verifyToken(token, () => digest)
  return timestamp?.sound ? undefined : detail
}
