import { sha256 } from '#kernel/bytes.ts'
import { asicFacts } from '#trust/asic/asic-facts.ts'
import type { AsicDataObject, AsicReport } from '#trust/asic/asic-report.ts'
import type { AsicProblem } from '#trust/asic/errors.ts'
import { verifyAsic } from '#trust/asic/verify-asic.ts'
import type { PdfProblem } from '#trust/pdf/errors.ts'
import { checkLogEvidence } from './check-log-evidence.ts'
import { explainDocument, type JudgedSignature, judge, verdictOf } from './explain-document.ts'
import type { Explanation, LogFinding, Verdict } from './explanation.ts'
import type { TrustedHere } from './trusted-here.ts'

/** Of documents inside that are looked at themselves, and of the bytes of each. */
const MOST_DOCUMENTS = 100
const LARGEST_DOCUMENT = 64 * 1024 * 1024
const LARGEST_JSON = 4 * 1024 * 1024

/** A ZIP file, which may be a signed container. */
export const isContainer = (bytes: Buffer): boolean => bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50

/**
 * Everything a signed container says about itself, and each PDF in it about itself, judged. Never throws for what the bytes are.
 * @param now for signatures that say no time
 */
export function explainContainer(bytes: Buffer, trusted: TrustedHere, now: Date): Explanation {
  const report = verifyAsic(bytes)
  const data = readCase(report.dataObjects)
  const { kind, folio } = whatItSays(data)
  const findings = asicFacts(report).map(({ signature, facts, constraintFailure }) => {
    const judged: JudgedSignature = {
      ...facts,
      kind: 'signature',
      level: signature.level,
      certificates: [...facts.certificates],
      timestamp: facts.timestamps.find(({ report: { sound } }) => sound)?.report,
      checks: signature.checks,
      coversWholeFile: report.dataObjects.every(({ coveredBy }) => coveredBy.includes(signature.file)),
      modifications: constraintFailure === undefined ? 'none' : 'suspicious',
      modificationReasons: constraintFailure === undefined ? [] : [constraintFailure],
    }
    return judge(judged, { report, trusted, now, existed: false })
  })
  const inside = report.dataObjects
    .filter(isPdf)
    .slice(0, MOST_DOCUMENTS)
    .map((each) => explainInside(each, trusted, now))
  const log = logOf(report.dataObjects, data, trusted)
  // Whether each file is somebody's is asked of all the signatures together.
  const together = findings.map((finding) => ({ ...finding, coversWholeFile: true }))
  const own = verdictOf({ error: report.error }, together, log, kind, data)
  return {
    verdict: own !== 'unreadable' && inside.some(({ verdict }) => verdict === 'altered') ? 'altered' : own,
    sha256: sha256(bytes).toString('hex'),
    kind,
    folio,
    code: undefined,
    findings,
    log,
    data,
    demo: findings.some(({ anchor }) => anchor?.demo),
    problem: report.error && PROBLEMS[report.error.problem],
    reason: report.error?.detail ?? findings.find(({ indication }) => indication !== 'TOTAL-PASSED')?.reason ?? '',
    inside,
  }
}

const PROBLEMS: Partial<Record<AsicProblem, PdfProblem>> = { encrypted: 'encrypted', 'too-large': 'too-large' }

const isPdf = ({ name, size }: AsicDataObject): boolean => /\.pdf$/i.test(name) && size <= LARGEST_DOCUMENT

function explainInside(
  { name, read }: AsicDataObject,
  trusted: TrustedHere,
  now: Date,
): { name: string; kind: string | undefined; verdict: Verdict } {
  const { kind, verdict } = explainDocument(read(), trusted, now)
  return { name, kind, verdict }
}

/** `case.json`, whatever it holds; nobody's where no signature covers it. */
function readCase(objects: readonly AsicDataObject[]): unknown {
  const entry = objects.find(({ name }) => name === 'case.json')
  if (!entry || entry.size > LARGEST_JSON || entry.coveredBy.length === 0) return undefined
  try {
    return JSON.parse(entry.read().toString('utf8'))
  } catch {
    return undefined
  }
}

function whatItSays(data: unknown): Pick<Explanation, 'kind' | 'folio'> {
  const { format, folio } = (data ?? {}) as { format?: unknown; folio?: unknown }
  const kind = /^ventanilla ([a-z-]+) \d+$/.exec(typeof format === 'string' ? format : '')?.[1]
  return { kind, folio: typeof folio === 'string' ? folio.slice(0, 40) : undefined }
}

/** The first proof of the log, which is that of the submission. */
function logOf(objects: AsicReport['dataObjects'], data: unknown, { log }: TrustedHere): LogFinding | undefined {
  const name = objects.find((each) => each.name.endsWith('-log-proof.txt'))?.name.replace(/proof\.txt$/, '')
  const [proof, entry, record] = ['proof.txt', 'entry.json', 'record.json'].map((ending) => {
    const found = name === undefined ? undefined : objects.find((each) => each.name === name + ending)
    return found && found.size <= LARGEST_JSON ? found.read() : undefined
  })
  return proof && entry && record ? checkLogEvidence({ proof, entry, record }, data, log) : undefined
}
