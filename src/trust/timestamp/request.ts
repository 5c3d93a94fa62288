import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { contextPrimitive, type DerCursor, DerError, readDer, TAG } from '#trust/der/read.ts'
import { boolean, integer, oid, sequence, tlv } from '#trust/der/write.ts'
import { TimestampError } from './errors.ts'
import { type MessageImprint, readImprint, writeImprint } from './message-imprint.ts'

/** TimeStampReq (RFC 3161, 2.4.1). */
export interface TimestampRequest {
  imprint: MessageImprint
  policy: string | undefined
  /** The content bytes of the INTEGER, two's complement. */
  nonce: Buffer | undefined
  /** Whether the token is to carry the authority's certificates. */
  wantsCertificates: boolean
}

export interface RequestParts {
  hash: Hash
  digest: Uint8Array
  policy?: string
  /** Big-endian, not negative. */
  nonce?: Uint8Array
  wantsCertificates?: boolean
}

/** DER of a TimeStampReq. */
export function writeTimestampRequest({ hash, digest, policy, nonce, wantsCertificates }: RequestParts): Buffer {
  return sequence(
    integer(1),
    writeImprint(hash, digest),
    ...(policy === undefined ? [] : [oid(policy)]),
    ...(nonce ? [integer(nonce)] : []),
    ...(wantsCertificates ? [boolean(true)] : []),
  )
}

/** A request is a digest, a number and an identifier: nobody needs more. */
export const LARGEST_REQUEST = 4096
const LONGEST_NONCE = 64
const EXTENSIONS = 0xa0

/**
 * One TimeStampReq, strict DER to the last byte. Throws TimestampError, nothing else: its `failure` is what the asker is told.
 * Extensions are refused whatever they are: none is defined that an authority must know (RFC 3161, 2.4.1).
 */
export function readTimestampRequest(bytes: Uint8Array): TimestampRequest {
  try {
    const fields = readDer(bytes, { maxBytes: LARGEST_REQUEST, maxDepth: 8, maxValues: 64 }).sequence()
    if (fields.next(TAG.integer).integer().toString('hex') !== '01')
      throw new TimestampError('badRequest', 'a version other than 1')
    const imprint = readImprint(fields.next())
    const policy = fields.optional(TAG.oid)?.oid()
    const nonce = readNonce(fields)
    const wantsCertificates = fields.optional(TAG.boolean)?.boolean() ?? false
    if (fields.peek() === EXTENSIONS || fields.peek() === contextPrimitive(0))
      throw new TimestampError('unacceptedExtension', 'extensions, of which none is known here')
    fields.done()
    return { imprint, policy, nonce, wantsCertificates }
  } catch (error) {
    if (error instanceof DerError) throw new TimestampError('badDataFormat', 'no request in DER', { cause: error })
    throw error
  }
}

/** Longer than any that was ever drawn is refused: it would be repeated in the token. */
export function readNonce(fields: DerCursor): Buffer | undefined {
  const nonce = fields.optional(TAG.integer)?.integer()
  if (nonce && nonce.length > LONGEST_NONCE) throw new TimestampError('badRequest', 'a nonce of more than 64 bytes')
  return nonce
}

export const writeNonce = (nonce: Uint8Array): Buffer => tlv(TAG.integer, nonce)
