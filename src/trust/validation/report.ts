import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { PathReport, SubIndication as PathSubIndication } from '#trust/path/check-path.ts'
import type { CoveringTimestamp, FormatFailure } from './facts.ts'

/** Of a whole signature (EN 319 102-1, 5.1.2). */
export type SignatureIndication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'

/** Of one building block: a path, a time-stamp. */
export type BlockIndication = 'PASSED' | 'FAILED' | 'INDETERMINATE'

/** Terms of EN 319 102-1, 5.1.3. */
export type ValidationSubIndication =
  | FormatFailure
  | PathSubIndication
  | 'REVOKED_NO_POE'
  | 'OUT_OF_BOUNDS_NOT_REVOKED'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'NO_POE'
  | 'TIMESTAMP_ORDER_FAILURE'

/** Something that was there, at the latest at a time, and why that is believed. */
export interface Proof {
  /** Hexadecimal, of the object; of the signature itself where there is none. */
  sha256: string | undefined
  time: Date
  by: 'time-stamp' | 'log' | 'clock'
}

/** What a check rests on: with it anyone can check again. */
export interface EvidenceUse {
  kind: 'certificate' | 'crl' | 'ocsp' | 'time-stamp'
  /** Hexadecimal, of its DER. */
  sha256: string
  thisUpdate?: Date
  nextUpdate?: Date
  notBefore?: Date
  notAfter?: Date
  /** Since when it is proven to exist; the time of validation where nothing else is. */
  existedAt: Date
}

export type ValidationCheckName =
  | 'format'
  | 'integrity'
  | 'constraints'
  | 'time-stamps'
  | 'existence'
  | 'algorithms'
  | 'chain'
  | 'validity'
  | 'revocation'

export interface ValidationCheck {
  name: ValidationCheckName
  /** `unknown`: it was not required, and nobody could say. */
  result: 'ok' | 'failed' | 'unknown'
  /** One sentence, without any person's name or number. */
  detail: string
  /** The time for which it holds. */
  at: Date
  evidence: EvidenceUse[]
}

/** What nobody can say without asking the authority, and from when on. */
export interface NotKnown {
  what: 'revocation-of-signer' | 'revocation-of-time-stamp-authority'
  since: Date
}

/** The certificate of a signer or of a time-stamp authority, for a proof of existence of what it signed. */
export interface CertificateVerdict {
  indication: BlockIndication
  subIndication: ValidationSubIndication | undefined
  reason: string
  /** The control time: when the certificate was judged to be good or not. */
  at: Date
  /** The path that decided; undefined where the certificate itself is trusted. */
  path: PathReport | undefined
  /** Undefined: not revoked as far as was asked. */
  revokedAt: Date | undefined
  checks: ValidationCheck[]
  /** Nobody said whether it was revoked from then on. */
  unknownSince: Date | undefined
}

export interface TimestampValidation {
  kind: CoveringTimestamp['kind']
  /** What the token says. */
  time: Date
  signer: Certificate | undefined
  indication: BlockIndication
  subIndication: ValidationSubIndication | undefined
  reason: string
  /** Since when the token itself is proven to exist, by a later one; else the time of validation. */
  existedAt: Date
  verdict: CertificateVerdict | undefined
}

/** The validation of one signature. `sound` and the indication are two answers: of the bytes, and of whom to believe. */
export interface SignatureValidation {
  sound: boolean
  indication: SignatureIndication
  subIndication: ValidationSubIndication | undefined
  /** One sentence, without any person's name or number. */
  reason: string
  validatedAt: Date
  /** The earliest time at which the signature is proven to have existed; the time of validation where nothing proves one. */
  bestSignatureTime: Date
  /** Of the signature itself, the earliest first. */
  proofs: Proof[]
  signer: Certificate | undefined
  verdict: CertificateVerdict | undefined
  timestamps: TimestampValidation[]
  checks: ValidationCheck[]
  notKnown: NotKnown[]
}
