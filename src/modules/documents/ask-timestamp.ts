import { sha256 } from '#kernel/bytes.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, readDer, TAG } from '#trust/der/read.ts'
import { boolean, integer, octets, oid, sequence } from '#trust/der/write.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import type { TimestampSource } from './documents-parts.ts'

const MILLISECONDS = 3000
/** Bytes of an answer; what is kept must also fit beside the signature in the room that the document leaves. */
const LARGEST = 12 * 1024

/**
 * A time-stamp authority (RFC 3161, 3.4: over HTTP). Its answer is used only where it stamps this very signature and holds;
 * anything else is silence. The signature is new, so an old token cannot be of it: no nonce is needed.
 * @param onSilence told why there is none, for the operator
 */
export function openTimestampSource(url: string, onSilence: (reason: unknown) => void): TimestampSource {
  const stamp = openDigestStamp(url, onSilence)
  return (signature) => stamp(sha256(signature))
}

/** The same over a SHA-256. */
export function openDigestStamp(url: string, onSilence: (reason: unknown) => void): TimestampSource {
  return async (digest) => {
    try {
      const imprint = sequence(sequence(oid(OID.sha256)), octets(digest))
      const query = sequence(integer(1), imprint, boolean(true))
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query' },
        body: Uint8Array.from(query),
        redirect: 'error',
        signal: AbortSignal.timeout(MILLISECONDS),
      })
      if (!response.ok) throw new Error(`the authority answered ${response.status}`)
      const token = readResponse(Buffer.from(await response.arrayBuffer()))
      const { timestamp, detail } = verifyToken(token, () => Buffer.from(digest))
      if (!timestamp?.sound) throw new Error(detail)
      return token
    } catch (error) {
      onSilence(error)
      return undefined
    }
  }
}

/** RFC 3161, 2.4.2: a status that grants (0, or 1 with changes), then the token. */
function readResponse(bytes: Buffer): Buffer {
  if (bytes.length > LARGEST) throw new Error('the answer is too large')
  try {
    const fields = readDer(bytes, { maxBytes: LARGEST, maxDepth: 32, maxValues: 4000 }).sequence()
    const status = fields.next(TAG.sequence).inside().next(TAG.integer).smallInteger()
    if (status > 1) throw new Error(`the authority refused with status ${status}`)
    return Buffer.from(fields.next(TAG.sequence).bytes)
  } catch (error) {
    if (error instanceof DerError) throw new Error('the answer is not one of a time-stamp authority', { cause: error })
    throw error
  }
}
