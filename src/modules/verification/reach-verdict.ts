import type { FileReport, PartReport } from '#trust/validation/file-report.ts'
import type { Finding, LogFinding, Verdict } from './explanation.ts'
import { endsInSignature } from './tell-findings.ts'

/** What the document itself says to be. */
export interface Said {
  kind: string | undefined
  data: unknown
}

/** What nobody but the platform issues, and what an institution may issue under its own seal (docs/formats/documents.md). */
const SEALED_KINDS = ['receipt', 'constancia', 'tacit-certificate', 'dismissal', 'case-file']
const INSTITUTIONS_KINDS = ['tacit-certificate', 'dismissal', 'decision']

/** One word for the whole file: the bytes first, then whom to believe, then what the document says to be. */
export function reachVerdict(
  report: FileReport,
  findings: readonly Finding[],
  log: LogFinding | undefined,
  said: Said,
): Verdict {
  const { error, file, parts } = report
  if (error) return wasSigned(error, file) ? 'altered' : 'unreadable'
  const [part] = parts
  if (part) return verdictOfPart(part)
  if (findings.length === 0) return 'unsigned'
  if (findings.some(({ subIndication }) => subIndication === 'SIGNED_DATA_NOT_FOUND')) return 'undetermined'
  const changed = findings.some((each) => each.modifications === 'suspicious' || (!each.sound && !isOpen(each, said)))
  // Whether each file of a container is somebody's was asked of all its signatures together.
  const uncovered = !file.asic && !endsInSignature(report, said.kind !== undefined)
  if (changed || uncovered || log?.indication === 'FAILED') return 'altered'
  if (findings.some(({ sound }) => !sound)) return 'undetermined'
  const verdict = verdictOfSound(findings, said)
  return verdict === 'sound' && isAddedTo(findings, said, file.asic !== undefined) ? 'altered' : verdict
}

/**
 * An old method, or a certificate that did not come along, says nothing of a change (EN 319 102-1, 5.1.3). The shop's own documents have
 * neither: there it is one.
 */
const isOpen = ({ subIndication }: Finding, { kind }: Said): boolean =>
  kind === undefined &&
  (subIndication === 'CRYPTO_CONSTRAINTS_FAILURE' || subIndication === 'NO_SIGNING_CERTIFICATE_FOUND')

/**
 * To what bears a seal of the shop nobody adds, under whatever signature of their own: the seal is the last, time-stamps apart, and in
 * a container it covers every file.
 */
export function isAddedTo(findings: readonly Finding[], { kind }: Said, isContainer: boolean): boolean {
  const isSeal = ({ ofPlatform, ofInstitution }: Finding) => ofPlatform || ofInstitution !== undefined
  if (kind === undefined || !findings.some(isSeal)) return false
  if (isContainer) return !findings.some((each) => isSeal(each) && each.coversWholeFile)
  const last = findings.findLast((each) => each.kind !== 'timestamp')
  return last !== undefined && !isSeal(last)
}

function verdictOfSound(findings: readonly Finding[], said: Said): Verdict {
  const constrained = findings.some(({ subIndication }) => subIndication === 'SIG_CONSTRAINTS_FAILURE')
  if (constrained) return 'altered'
  if (findings.some(({ indication }) => indication.endsWith('FAILED'))) return 'invalid'
  if (findings.every(({ indication }) => indication.endsWith('PASSED')))
    return said.kind === undefined || isSealedRight(findings, said) ? 'sound' : 'unsealed'
  // A seal that was put out of use is no seal of the shop's either.
  const counts = ({ indication, subIndication }: Finding) =>
    indication.endsWith('PASSED') || subIndication === 'REVOKED_NO_POE'
  if (SEALED_KINDS.includes(said.kind ?? '') && findings.every(counts) && !isSealedRight(findings, said))
    return 'unsealed'
  return findings.some(({ subIndication }) => subIndication === 'NO_CERTIFICATE_CHAIN_FOUND')
    ? 'untrusted'
    : 'undetermined'
}

function verdictOfPart({ kind, indication, subIndication }: PartReport): Verdict {
  if (indication === 'PASSED') return 'sound'
  if (subIndication === 'FORMAT_FAILURE') return 'unreadable'
  if (indication === 'FAILED') return kind === 'certificate' ? 'invalid' : 'altered'
  return subIndication === 'NO_CERTIFICATE_CHAIN_FOUND' || subIndication === 'NO_SIGNING_CERTIFICATE_FOUND'
    ? 'untrusted'
    : 'undetermined'
}

/** What cannot be read any more but still says that it was signed is a document that was changed, not a file that is none. */
const wasSigned = ({ problem }: { problem: string }, { format, bytes }: FileReport['file']): boolean =>
  problem !== 'encrypted' && format !== 'asic-e' && bytes.includes('/ByteRange')

/** A kind that is sealed bears the platform's seal, or that of the institution which the data name; no institution seals for another. */
function isSealedRight(findings: readonly Finding[], { kind, data }: Said): boolean {
  if (findings.some(({ ofPlatform }) => ofPlatform)) return true
  const seals = findings.flatMap(({ ofInstitution }) => ofInstitution ?? [])
  if (seals.length === 0) return !SEALED_KINDS.includes(kind ?? '')
  const { institution } = (data ?? {}) as { institution?: unknown }
  return INSTITUTIONS_KINDS.includes(kind ?? '') && seals.every((each) => each === institution)
}
