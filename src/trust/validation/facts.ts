import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import type { TimestampReport } from '#trust/timestamp/verify-token.ts'

/** What signatures are judged with (EN 319 102-1, validation data): DER, as found, unverified. */
export interface ValidationData {
  certificates: Buffer[]
  crls: Buffer[]
  ocspResponses: Buffer[]
}

export const noData = (): ValidationData => ({ certificates: [], crls: [], ocspResponses: [] })

export const joinData = (a: ValidationData, b: ValidationData): ValidationData => ({
  certificates: [...a.certificates, ...b.certificates],
  crls: [...a.crls, ...b.crls],
  ocspResponses: [...a.ocspResponses, ...b.ocspResponses],
})

/** Why a signature is not sound, in the words of EN 319 102-1 (5.1.3). */
export type FormatFailure =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'SIGNED_DATA_NOT_FOUND'
  | 'CRYPTO_CONSTRAINTS_FAILURE'

/** One signature as the reader of its format found it, whatever the format: what its validation begins with. */
export interface SignatureFacts {
  /** Bytes, digest and signature value agree, every signed attribute in order. */
  sound: boolean
  failure: FormatFailure | undefined
  signer: Certificate | undefined
  /** Everything in the message that reads as a certificate, the signer's among it. */
  certificates: readonly Certificate[]
  claimedTime: Date | undefined
  /** That it is made with, where the reader knows: to be judged by its date. */
  digest?: Hash
  /** Those that cover the signature, in the order in which they were made. */
  timestamps: readonly CoveringTimestamp[]
}

export interface CoveringTimestamp {
  /** Over the signature value alone, or over all that there was: the signature, earlier time-stamps, validation data. */
  kind: 'signature' | 'archive'
  report: TimestampReport
  /** The validation data that it covers too, and so proves to have been there. */
  covers: ValidationData
  /** The other time-stamps that an archive one covers; where absent, all that stand before it. */
  coversStamps?: ReadonlySet<CoveringTimestamp>
}
