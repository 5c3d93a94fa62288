import type { Modifications, PadesLevel } from '#trust/pdf/verify-report.ts'

/**
 * `sound`: every signature holds, is of somebody whom a trusted authority named, and nothing was changed afterwards. `altered`:
 * at least one does not hold, or something was changed. `untrusted`: it holds, but nobody trusted says whose it is.
 * `undetermined`: more evidence is needed. `unsigned`: nobody signed. `unreadable`: not a document we can read.
 */
export type Verdict = 'sound' | 'altered' | 'untrusted' | 'undetermined' | 'unsigned' | 'unreadable'

/** One signature of the document. */
export interface Finding {
  kind: 'signature' | 'seal' | 'timestamp'
  sound: boolean
  indication: 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'
  subIndication: string | undefined
  level: PadesLevel
  /** As certified. */
  name: string | undefined
  /** Of a company's certificate: in whose name the person signed. */
  forCompany: string | undefined
  /** What the signer says; proven only where `timestamp` is there. */
  claimedTime: Date | undefined
  timestamp: Date | undefined
  coversWholeFile: boolean
  modifications: Modifications
  modificationReasons: string[]
  /** Whom it rests on. */
  anchor: { name: string; demo: boolean } | undefined
  reason: string
}

/** What the document says about its place in the public log. */
export interface LogFinding {
  indication: 'PASSED' | 'FAILED' | 'INDETERMINATE'
  reason: string
  /** Of the entry. */
  act: string | undefined
  at: string | undefined
  origin: string | undefined
  index: number | undefined
}

export interface Explanation {
  verdict: Verdict
  /** Hexadecimal, of the whole file. */
  sha256: string
  /** As the data inside says: `application`, `receipt`, `decision`… */
  kind: string | undefined
  folio: string | undefined
  findings: Finding[]
  log: LogFinding | undefined
  /** The data inside, for programs. */
  data: unknown
  /** Rests on a demo's authority: proves nothing about the world. */
  demo: boolean
  reason: string
}
