import type { FormatFailure, SignatureFacts } from '#trust/validation/facts.ts'
import type { PdfReport, PdfSignature } from './verify-report.ts'

export interface PdfSignatureFacts {
  signature: PdfSignature
  facts: SignatureFacts
  /** Why the signature cannot count although it is sound: what later revisions did. One sentence, as `validateSignature` takes it. */
  constraintFailure: string | undefined
}

/**
 * Every signature and time-stamp of a verified PDF, in the order in which they were made, as its validation begins with it
 * (EN 319 102-1, 5.2): time-stamps in the message's unsigned attributes cover the signature, later ones of the whole document
 * also the validation data inside what they stamp.
 */
export function pdfFacts({ signatures }: PdfReport): PdfSignatureFacts[] {
  return signatures.map((signature) => ({
    signature,
    facts: factsOf(signature),
    constraintFailure:
      signature.sound && signature.modifications === 'suspicious'
        ? (signature.modificationReasons[0] ?? 'The document was changed after it was signed.')
        : undefined,
  }))
}

function factsOf(signature: PdfSignature): SignatureFacts {
  const { sound, signer, certificates, kind, timestamp, claimedTime, digest, timestamps } = signature
  return {
    sound,
    failure: sound ? undefined : failureOf(signature),
    signer,
    certificates,
    claimedTime: kind === 'document-timestamp' ? timestamp?.time : claimedTime,
    digest,
    timestamps,
  }
}

/** By the first thing that is wrong: what cannot be read is not hashed, what is not hashed is not compared. */
export function failureOf({ checks, signer }: PdfSignature): FormatFailure {
  const failed = new Set(checks.filter(({ ok }) => !ok).map(({ name }) => name))
  if (failed.has('byte-range') || failed.has('format')) return 'FORMAT_FAILURE'
  if (!signer) return 'NO_SIGNING_CERTIFICATE_FOUND'
  if (failed.has('message-digest')) return 'HASH_FAILURE'
  if (failed.has('algorithms')) return 'CRYPTO_CONSTRAINTS_FAILURE'
  if (failed.has('signature')) return 'SIG_CRYPTO_FAILURE'
  return 'SIG_CONSTRAINTS_FAILURE'
}
