import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Checkpoint } from '#trust/note/checkpoint.ts'
import type {
  BlockIndication,
  CertificateVerdict,
  SignatureIndication,
  SignatureValidation,
  ValidationSubIndication,
} from './report.ts'
import type { FoundSignature, SignedFile } from './signed-file.ts'
import type { FileFormat } from './tell-format.ts'

/** Whom a certificate rests on. */
export interface Anchor {
  certificate: Certificate
  /** Trusted itself, by whoever asks: no authority stands between. */
  itself: boolean
  /** Of a demo: it proves nothing about the world. */
  demo: boolean
}

/**
 * One signature, `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`; or one time-stamp, which is a building block of validation:
 * `PASSED`, `FAILED` or `INDETERMINATE` (EN 319 102-1, 5.1.2 and 5.4).
 */
export interface SignatureReport extends Omit<SignatureValidation, 'indication'> {
  found: FoundSignature
  indication: SignatureIndication | BlockIndication
  /** Somebody who is believed answers for the signer, and nothing speaks against it. Another question than `sound`. */
  trusted: boolean
  anchor: Anchor | undefined
}

/** What is judged and is no signature over something: a certificate, a proof of the log, the log's own checkpoint. */
export interface PartReport {
  kind: 'certificate' | 'log-proof' | 'checkpoint'
  indication: BlockIndication
  subIndication: ValidationSubIndication | undefined
  /** One sentence, without any person's name or number. */
  reason: string
  certificate: Certificate | undefined
  verdict: CertificateVerdict | undefined
  anchor: Anchor | undefined
  /** As it says itself; only where `PASSED` does the trusted log say so. */
  checkpoint: Checkpoint | undefined
}

/** Everything that is known of one file at one time. */
export interface FileReport {
  format: FileFormat
  /** Hexadecimal, of the file as given. */
  sha256: string
  size: number
  validatedAt: Date
  /** It cannot be read: nothing is known about signatures. */
  error: { problem: string; detail: string } | undefined
  signatures: SignatureReport[]
  parts: PartReport[]
  /**
   * There is something to judge, every signature in it holds and nothing was changed since. Says nothing about whom to believe: that is
   * `trusted`, and never without this.
   */
  sound: boolean
  trusted: boolean
  file: SignedFile
}
