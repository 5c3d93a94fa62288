import type { CmsFault } from '#trust/cms/errors.ts'
import type { SignerReport } from '#trust/cms/verify-signed-data.ts'
import type { SignatureFacts, ValidationData } from '#trust/validation/facts.ts'

/** CAdES baseline (EN 319 122-1, 6); `none` for a signature that does not say which certificate it is made with, or is not sound. */
export type CadesLevel = 'none' | 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'

export interface CadesCheck {
  name: SignerReport['checks'][number]['name'] | 'content' | 'time-stamp'
  ok: boolean
  /** The end of a sentence, without any person's name or number. */
  detail: string
}

export interface CadesSignature {
  /** What `validateSignature` judges. */
  facts: SignatureFacts
  level: CadesLevel
  checks: CadesCheck[]
  /** Types of unsigned attributes that are not read here; nothing is believed from them. */
  unread: string[]
}

export interface CadesReport {
  /** Why nothing of it can be read; there are no signatures then (FORMAT_FAILURE). */
  error: CmsFault | undefined
  /** In the order of the message. */
  signatures: CadesSignature[]
  /** The content that the message brings. */
  content: Buffer | undefined
  contentType: string | undefined
  /** Certificates, lists and answers from anywhere in the message: for `readGrounds`. */
  evidence: ValidationData
}
