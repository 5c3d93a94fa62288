import { digestOfBytes } from '#trust/cms/digest-content.ts'
import { DerError, readDer, TAG } from '#trust/der/read.ts'
import { OTHER_IMPRINT, type TimestampReport, verifyToken } from '#trust/timestamp/verify-token.ts'
import type { Beside } from './examine.ts'
import { type CoveringTimestamp, type FormatFailure, noData, type SignatureFacts } from './facts.ts'
import type { SignedFile } from './signed-file.ts'

/** A time-stamp token in a file of its own, over what lies beside it (RFC 3161). Never throws for what the bytes are. */
export function readLoneToken(bytes: Buffer, beside: Beside): SignedFile {
  const { content } = beside
  const { timestamp, detail } = verifyToken(bytes, content ? digestOfBytes(content) : () => Buffer.alloc(0))
  const sound = timestamp?.sound === true
  const stamp: CoveringTimestamp | undefined = timestamp && { kind: 'archive', report: timestamp, covers: noData() }
  const facts: SignatureFacts = {
    sound,
    failure: sound ? undefined : failureOf(content, timestamp, detail),
    signer: timestamp?.signer,
    certificates: timestamp?.certificates ?? [],
    claimedTime: timestamp?.time,
    timestamps: [],
  }
  return {
    format: 'time-stamp',
    bytes,
    error: undefined,
    signatures: [
      {
        kind: 'time-stamp',
        facts,
        stamp,
        constraintFailure: undefined,
        place: undefined,
        level: 'none',
        covers: [],
        coversWholeFile: true,
        modifications: 'none',
        modificationReasons: [],
        checks: [{ name: 'time-stamp', ok: sound, detail: content ? detail : 'what it stamps is not here' }],
      },
    ],
    evidence: noData(),
  }
}

function failureOf(content: Buffer | undefined, timestamp: TimestampReport | undefined, detail: string): FormatFailure {
  if (!content) return 'SIGNED_DATA_NOT_FOUND'
  // Whoever asked for none gets a token without certificates (RFC 3161, 2.4.1, certReq).
  if (timestamp) return timestamp.signer ? 'SIG_CRYPTO_FAILURE' : 'NO_SIGNING_CERTIFICATE_FOUND'
  return detail === OTHER_IMPRINT ? 'HASH_FAILURE' : 'FORMAT_FAILURE'
}

/** The token of an authority's whole answer (RFC 3161, 2.4.2); an answer that refuses has none. */
export function readResponse(bytes: Buffer, beside: Beside): SignedFile {
  const token = tokenOf(bytes)
  if (token) return { ...readLoneToken(token, beside), format: 'time-stamp-response' }
  return {
    format: 'time-stamp-response',
    bytes,
    error: { problem: 'no-token', detail: 'the authority’s answer holds no time-stamp' },
    signatures: [],
    evidence: noData(),
  }
}

function tokenOf(bytes: Buffer): Buffer | undefined {
  try {
    const fields = readDer(bytes, { maxBytes: 256 * 1024, maxDepth: 32, maxValues: 10_000 }).sequence()
    const status = fields.next(TAG.sequence).inside().next(TAG.integer).smallInteger()
    const token = fields.optional(TAG.sequence)?.bytes
    fields.done()
    // Granted, or granted with changes.
    return status <= 1 ? token : undefined
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
