import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import type { TimestampReport } from '#trust/timestamp/verify-token.ts'
import type { CoveringTimestamp, ValidationData } from '#trust/validation/facts.ts'
import type { ByteRange } from './byte-range.ts'
import type { PdfProblem } from './errors.ts'

export type PdfCheckName =
  | 'byte-range'
  | 'format'
  | 'signer-certificate'
  | 'attributes'
  | 'content-type'
  | 'message-digest'
  | 'signing-certificate'
  | 'algorithms'
  | 'signature'
  | 'time-stamp'

export interface PdfCheck {
  name: PdfCheckName
  ok: boolean
  /** The end of a sentence, without any person's name or number. */
  detail: string
}

/** What later revisions changed. Whatever is not known to be harmless is suspicious. */
export type Modifications = 'none' | 'allowed' | 'suspicious'

/** PAdES baseline (EN 319 142-1, 6); `none` for signatures of other formats and for document time-stamps. */
export type PadesLevel = 'none' | 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'

export interface PdfSignature {
  kind: 'signature' | 'document-timestamp'
  /** Partial names from the form's root, joined by points. Undefined where no field of the form holds the signature. */
  fieldName: string | undefined
  /** Number of the object that holds it. */
  object: number
  subFilter: string | undefined
  byteRange: ByteRange | undefined
  /** Byte range, digest and signature value agree; every signed attribute is in order. Nothing is said about whom to trust. */
  sound: boolean
  checks: PdfCheck[]
  signer: Certificate | undefined
  /** Everything in the message that reads as a certificate, the signer's among it. */
  certificates: Certificate[]
  /** All that the message carries as certificates, as found. */
  carried: Buffer[]
  /** What the message holds that no signature covers, one sentence each. */
  unprotected: string[]
  /** What the signer says: /M, or else the attribute. */
  claimedTime: Date | undefined
  /** Proof of existence: the signature's own time-stamp, or what a document time-stamp says. */
  timestamp: TimestampReport | undefined
  /** All that cover it, oldest first: tokens over the signature value, then time-stamps of the whole document. */
  timestamps: CoveringTimestamp[]
  /** That the message is made with. */
  digest: Hash | undefined
  level: PadesLevel
  /** No byte follows what is signed. */
  coversWholeFile: boolean
  /** What follows is validation data and nothing else. Asked of the last one only. */
  onlyEvidenceFollows: boolean
  modifications: Modifications
  /** What was found in later revisions, one sentence each. */
  modificationReasons: string[]
}

export interface PdfReport {
  /** The file cannot be read: nothing is known about signatures. */
  error: { problem: PdfProblem; detail: string } | undefined
  /** In the order in which they were made. */
  signatures: PdfSignature[]
  evidence: ValidationData
}
