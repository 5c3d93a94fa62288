import type { CadesReport, CadesSignature } from '#trust/cades/cades-report.ts'
import type { TimestampReport } from '#trust/timestamp/verify-token.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import type { AsicProblem } from './errors.ts'

/** A file that the container is there for: everything outside META-INF but `mimetype`. */
export interface AsicDataObject {
  name: string
  /** As a manifest says; nobody has looked. */
  mimeType: string | undefined
  /** Bytes, once unpacked. */
  size: number
  /** Entries of the sound signatures that cover it: none where anybody could have put it there. */
  coveredBy: string[]
  /** Unpacks it anew each time. */
  read(): Buffer
}

/** What a manifest refers to, and whether that is what it says. */
export interface ReferenceCheck {
  name: 'references'
  ok: boolean
  detail: string
}

/** That there is a message, and that it can be read. */
export interface MessageCheck {
  name: 'format'
  ok: boolean
  detail: string
}

export interface References {
  check: ReferenceCheck
  /** Entries that it refers to. */
  covers: string[]
  /** Of these, those that are not there. */
  missing: string[]
  /** Those that are there and are not what it says. */
  changed: string[]
}

export interface AsicSignature extends Omit<CadesSignature, 'checks'>, Omit<References, 'check'> {
  checks: (CadesSignature['checks'][number] | MessageCheck | ReferenceCheck)[]
  /** Entry that holds the message. */
  file: string
  /** Entry that it is over; undefined where none refers to it. */
  manifest: string | undefined
  /** What its message carries for those who judge it. */
  evidence: CadesReport['evidence']
}

/** A time-stamp over a manifest: of data objects alone, or of signatures and all that belongs to them (A.7). */
export interface AsicTimestamp extends Omit<References, 'check'> {
  kind: 'content' | 'archive'
  /** Entry that holds the token. */
  file: string
  manifest: string
  /** The token holds and every entry that its manifest refers to is what was stamped. */
  sound: boolean
  detail: string
  report: TimestampReport | undefined
  /** What the token carries for those who judge it. */
  evidence: ValidationData
}

export interface AsicReport {
  /** The container cannot be read: nothing is known about signatures. */
  error: { problem: AsicProblem; detail: string } | undefined
  /** In the container's order. */
  dataObjects: AsicDataObject[]
  /** One for each signer of each message; also those that hold of nothing. */
  signatures: AsicSignature[]
  timestamps: AsicTimestamp[]
  /** Certificates, lists and answers from anywhere in the container: for `readGrounds`. */
  evidence: ValidationData
  /** Data objects that no sound signature covers. */
  uncovered: string[]
  /** What else is in the container that no signature covers, one sentence each. */
  unprotected: string[]
}
