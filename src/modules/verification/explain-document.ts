import { type Beside, validateFile } from '#trust/validation/examine.ts'
import type { FileReport } from '#trust/validation/file-report.ts'
import { readSignedFile } from '#trust/validation/read-signed-file.ts'
import { describeReport } from '#trust/validation/report-json.ts'
import type { SignedFile } from '#trust/validation/signed-file.ts'
import { believe, timeOfDemo } from './believe.ts'
import { checkLogEvidence, type LogParts } from './check-log-evidence.ts'
import type { Explanation } from './explanation.ts'
import { findIssued } from './find-issued.ts'
import { isAddedTo, reachVerdict } from './reach-verdict.ts'
import { readContainer } from './read-container.ts'
import { readInside } from './read-inside.ts'
import { asSignedAfter, tellFindings } from './tell-findings.ts'
import type { TrustedHere } from './trusted-here.ts'

/**
 * Everything a file says about itself, judged, whatever its format. Never throws for what the bytes are.
 * @param now the time of validation
 * @param beside what a detached signature is over
 */
export function explainDocument(bytes: Buffer, trusted: TrustedHere, now: Date, beside: Beside = {}): Explanation {
  return explainRead(bytes, readSignedFile(bytes, beside), trusted, now, beside)
}

/** The same of a file that was read. @param bytes as given */
export function explainRead(
  bytes: Buffer,
  read: SignedFile,
  trusted: TrustedHere,
  now: Date,
  beside: Beside,
): Explanation {
  const said = readSaid(read)
  const log = said.log && checkLogEvidence(said.log, said.data, trusted.log)
  const at = timeOfDemo(read, trusted, now)
  // A container is not itself what was logged: its log proof is of one of the acts in it.
  const existed = read.pdf !== undefined && log?.indication === 'PASSED'
  const report = validateFile(bytes, read, believe(trusted, at, existed), at, beside)
  const told = tellFindings(report, trusted, said.kind !== undefined)
  const verdict = reachVerdict(report, told, log, said)
  const isAdded = verdict === 'altered' && isAddedTo(told, said, read.asic !== undefined)
  const findings = isAdded ? told.map(asSignedAfter) : told
  return {
    verdict,
    format: report.format,
    sound: report.sound && verdict !== 'altered',
    trusted: report.trusted && verdict === 'sound',
    sha256: report.sha256,
    issued: read.pdf && findIssued(read.pdf, bytes),
    kind: said.kind,
    folio: said.folio,
    code: said.code,
    findings,
    log,
    data: said.data,
    demo: findings.some(({ anchor }) => anchor?.demo) || report.parts.some(({ anchor }) => anchor?.demo),
    problem: report.error?.problem,
    reason: report.error?.detail ?? reasonOf(report) ?? '',
    report: describeReport(report),
  }
}

const reasonOf = ({ signatures, parts }: FileReport): string | undefined =>
  [...signatures, ...parts].find(({ indication }) => !indication.endsWith('PASSED'))?.reason

interface Said {
  data: unknown
  kind: string | undefined
  folio: string | undefined
  code: string | undefined
  log: LogParts | undefined
}

/** What the file says to be: to be believed only as far as its signatures are. */
function readSaid({ asic, pdf, bytes }: SignedFile): Said {
  const { data, log, code } = asic ? { ...readContainer(asic), code: undefined } : pdf ? readDocument(bytes) : NOTHING
  const { format, folio } = (data ?? {}) as { format?: unknown; folio?: unknown }
  const kind = /^ventanilla ([a-z-]+) \d+$/.exec(typeof format === 'string' ? format : '')?.[1]
  return { data, kind, folio: typeof folio === 'string' ? folio.slice(0, 40) : undefined, code, log }
}

const NOTHING = { data: undefined, log: undefined, code: undefined }

function readDocument(bytes: Buffer): Pick<Said, 'data' | 'code' | 'log'> {
  const { files, data, code } = readInside(bytes)
  const [proof, entry, record] = ['log-proof.txt', 'log-entry.json', 'log-record.json'].map((name) => files.get(name))
  return { data, code, log: proof && entry && record ? { proof, entry, record } : undefined }
}
