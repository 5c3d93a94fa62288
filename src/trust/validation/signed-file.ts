import type { AsicReport } from '#trust/asic/asic-report.ts'
import type { PdfReport } from '#trust/pdf/verify-report.ts'
import type { CoveringTimestamp, SignatureFacts, ValidationData } from './facts.ts'
import type { FileFormat } from './tell-format.ts'

/** What later changes to a file did to what is signed; `none` in formats that cannot be added to. */
export type Modifications = 'none' | 'allowed' | 'suspicious'

/** Of a format's own reader: what was looked at, before anybody is believed. */
export interface FormatCheck {
  name: string
  ok: boolean
  /** The end of a sentence, without any person's name or number. */
  detail: string
}

/** One signature or time-stamp as it stands in a file, whatever the format. */
export interface FoundSignature {
  kind: 'signature' | 'time-stamp'
  facts: SignatureFacts
  /** The time-stamp itself, where it is one and can be read. */
  stamp: CoveringTimestamp | undefined
  /** Why it cannot count although it is sound. One sentence. */
  constraintFailure: string | undefined
  /** The field, or the entry of a container, that holds it. */
  place: string | undefined
  /** `B-B` to `B-LTA`; `none` for a time-stamp and for what is of no baseline profile. */
  level: string
  /** Names of the container's files that it covers; empty where it is over the whole. */
  covers: string[]
  coversWholeFile: boolean
  modifications: Modifications
  modificationReasons: string[]
  checks: FormatCheck[]
}

/** A file as its reader found it: nobody is believed yet. */
export interface SignedFile {
  format: FileFormat
  /** The bytes that were read: out of their armour where they came in one. */
  bytes: Buffer
  /** It cannot be read: nothing is known about signatures. */
  error: { problem: string; detail: string } | undefined
  /** In the order in which they were made, as far as it can be told. */
  signatures: FoundSignature[]
  evidence: ValidationData
  /** Of a PDF, for whoever asks more of it. */
  pdf?: PdfReport
  /** Of a container, likewise. */
  asic?: AsicReport
}
