import type { SignatureReport } from '#trust/validation/file-report.ts'
import type { ValidationSubIndication } from '#trust/validation/report.ts'
import type { ReportJson } from '#trust/validation/report-json.ts'
import type { Modifications } from '#trust/validation/signed-file.ts'
import type { FileFormat } from '#trust/validation/tell-format.ts'

/**
 * `sound`: every signature holds, is of somebody whom a trusted authority named, and nothing was changed afterwards. `altered`:
 * at least one does not hold, or something was changed. `invalid`: it holds, but was made with a certificate that did not count then.
 * `untrusted`: it holds, but nobody trusted says whose it is. `unsealed`: it holds, but says to be what only the platform issues and does
 * not bear its seal. `undetermined`: more evidence is needed. `unsigned`: nobody signed. `unreadable`: not a document we can read.
 */
export type Verdict =
  | 'sound'
  | 'altered'
  | 'invalid'
  | 'untrusted'
  | 'unsealed'
  | 'undetermined'
  | 'unsigned'
  | 'unreadable'

/** One signature of the document. */
export interface Finding {
  kind: 'signature' | 'seal' | 'timestamp'
  /** The platform's own seal. */
  ofPlatform: boolean
  /** The institution whose own seal it is, as this installation knows it: its id. */
  ofInstitution: string | undefined
  sound: boolean
  indication: SignatureReport['indication']
  subIndication: ValidationSubIndication | undefined
  level: string
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
  format: FileFormat
  /** Every byte that was signed is as it was signed, by whomever. */
  sound: boolean
  /** And somebody who is believed answers for each signer. Never without `sound`. */
  trusted: boolean
  /** Hexadecimal, of the whole file. */
  sha256: string
  /** The part that was issued, where time-stamps were appended since: what the log and receipts name (docs/decisions/062). */
  issued?: { sha256: string; size: number }
  /** As the data inside says: `application`, `receipt`, `decision`… */
  kind: string | undefined
  folio: string | undefined
  /** The validation code of its foot, as the file says it. */
  code: string | undefined
  findings: Finding[]
  log: LogFinding | undefined
  /** The data inside, for programs. */
  data: unknown
  /** Rests on a demo's authority: proves nothing about the world. */
  demo: boolean
  /** Of an unreadable file. */
  problem: string | undefined
  reason: string
  /** Of a container: each PDF in it, by itself. */
  inside?: Array<{ name: string; kind: string | undefined; verdict: Verdict }>
  /** Every check with its evidence and times; undefined where the file was too much to examine. */
  report: ReportJson | undefined
}
