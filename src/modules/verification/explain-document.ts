import { sha256 } from '#kernel/bytes.ts'
import type { Authorities } from '#modules/identity/index.ts'
import { attributeValue, sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import { checkPath } from '#trust/path/check-path.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import type { PdfReport, PdfSignature } from '#trust/pdf/verify-report.ts'
import type { TimestampReport } from '#trust/timestamp/verify-token.ts'
import { checkLogEvidence } from './check-log-evidence.ts'
import type { Explanation, Finding, LogFinding, Verdict } from './explanation.ts'
import { findIssued } from './find-issued.ts'
import { findLoose } from './find-loose.ts'
import { bearsNameOfSeal, type KnownSeal, PLATFORM, sealInUse } from './known-seals.ts'
import { readInside } from './read-inside.ts'
import type { TrustedHere } from './trusted-here.ts'

/** Everything a document says about itself, judged. Never throws for what the bytes are. @param now for signatures that say no time */
export function explainDocument(bytes: Buffer, trusted: TrustedHere, now: Date): Explanation {
  const report = verifyPdf(bytes)
  const { files, data, code } = readInside(bytes)
  const log = logOf(files, data, trusted)
  const judgement = { report, trusted, now, existed: log?.indication === 'PASSED' }
  const { format, folio } = (data ?? {}) as { format?: unknown; folio?: unknown }
  const kind = /^ventanilla ([a-z-]+) \d+$/.exec(typeof format === 'string' ? format : '')?.[1]
  const judged = report.signatures.map((signature) => {
    const finding = judge(signature, judgement)
    return kind === undefined ? finding : suspectedFor(finding, findLoose(signature, trusted.authorities))
  })
  const findings = asLastSigned(judged)
  return {
    verdict: wasSigned(report, bytes) ? 'altered' : verdictOf(report, findings, log, kind, data),
    sha256: sha256(bytes).toString('hex'),
    issued: findIssued(report, bytes),
    kind,
    folio: typeof folio === 'string' ? folio.slice(0, 40) : undefined,
    code,
    findings,
    log,
    data,
    demo: findings.some(({ anchor }) => anchor?.demo),
    problem: report.error?.problem,
    reason: report.error?.detail ?? findings.find(({ indication }) => indication !== 'TOTAL-PASSED')?.reason ?? '',
  }
}

/**
 * Nobody adds to an official document without signing what they add: what follows the last signature is a change, whatever
 * it is, also where the rules of PDF call it harmless (docs/decisions/018).
 */
function asLastSigned(findings: Finding[]): Finding[] {
  if (findings.some(({ coversWholeFile }) => coversWholeFile)) return findings
  return findings.map((finding) =>
    finding.modifications === 'allowed'
      ? suspectedFor({ ...finding, modificationReasons: [] }, ['Something was added after the last signature.'])
      : finding,
  )
}

function suspectedFor(finding: Finding, reasons: string[]): Finding {
  if (reasons.length === 0) return finding
  return {
    ...finding,
    modifications: 'suspicious',
    modificationReasons: [...finding.modificationReasons, ...reasons],
  }
}

/** What is judged of a signature, whatever the format of the file that it is in. */
export interface JudgedSignature
  extends Pick<
    PdfSignature,
    | 'kind'
    | 'sound'
    | 'level'
    | 'signer'
    | 'certificates'
    | 'claimedTime'
    | 'timestamp'
    | 'coversWholeFile'
    | 'modifications'
    | 'modificationReasons'
  > {
  checks: ReadonlyArray<{ name: string; ok: boolean; detail: string }>
}

export interface Judgement {
  report: Pick<PdfReport, 'evidence'>
  trusted: TrustedHere
  now: Date
  /** The log's signed checkpoint covers this act: it was there when it says. */
  existed: boolean
}

export function judge(signature: JudgedSignature, judgement: Judgement): Finding {
  const { trusted } = judgement
  const { signer, claimedTime, kind } = signature
  const seal =
    signer && sealInUse(signer, trusted.seals, { proven: provenTime(signature, judgement), claimed: claimedTime })
  const efirma = signer && !seal ? readEfirma(signer) : undefined
  const ofPlatform =
    seal?.holder === PLATFORM || (signer !== undefined && !efirma && !seal && bearsNameOfSeal(signer, trusted.seals))
  const common = {
    kind:
      kind === 'document-timestamp'
        ? ('timestamp' as const)
        : seal || !efirma
          ? ('seal' as const)
          : ('signature' as const),
    ofPlatform,
    ofInstitution: seal && seal.holder !== PLATFORM ? seal.holder : undefined,
    sound: signature.sound,
    level: signature.level,
    name: efirma?.name ?? (signer && nameOf(signer)),
    forCompany: efirma?.company?.name,
    claimedTime,
    timestamp: provenTime(signature, judgement),
    coversWholeFile: signature.coversWholeFile,
    modifications: signature.modifications,
    modificationReasons: signature.modificationReasons,
  }
  const failed = signature.checks.find(({ ok }) => !ok)
  if (!signature.sound || !signer)
    return {
      ...common,
      indication: 'TOTAL-FAILED',
      subIndication:
        failed?.name === 'message-digest' || failed?.name === 'references' ? 'HASH_FAILURE' : 'SIG_CRYPTO_FAILURE',
      anchor: undefined,
      reason: failed ? `it does not hold that ${failed.detail}` : 'the signature does not hold',
    }
  return { ...common, ...trustOf(signer, signature, judgement, momentOf(signer, common, judgement), seal) }
}

const provenTime = ({ timestamp }: JudgedSignature, judgement: Judgement): Date | undefined =>
  timestamp?.sound && isTrustedStamp(timestamp, judgement) ? timestamp.time : undefined

/** Anyone can stamp a time; it proves one only where a trusted authority answers for whoever stamped it. */
function isTrustedStamp({ signer, certificates, time }: TimestampReport, { trusted }: Judgement): boolean {
  if (!signer) return false
  if (trusted.authorities.some(({ sha256: digest }) => digest === signer.sha256))
    return time >= signer.notBefore && time <= signer.notAfter
  const path = checkPath({
    certificate: signer,
    trustAnchors: trusted.authorities.filter(({ anchor }) => anchor).map(({ certificate }) => certificate),
    intermediates: [...trusted.authorities.map(({ certificate }) => certificate), ...certificates],
    at: time,
    revocation: 'none',
  })
  return path.indication === 'PASSED'
}

/**
 * When the certificate is judged: at the time that is proven; else today, while it is in force. After its end a signature
 * without proof of its time is undetermined (EN 319 102-1, NO_POE), but for a demo, whose clock is its own.
 */
function momentOf(
  signer: Certificate,
  { timestamp, claimedTime, ofPlatform }: Pick<Finding, 'timestamp' | 'claimedTime' | 'ofPlatform'>,
  { trusted, now, existed }: Judgement,
): Date {
  if (timestamp) return timestamp
  const inForce = now >= signer.notBefore && now <= signer.notAfter
  if (inForce || !claimedTime) return now
  // The log's proof is the seal's to vouch for: anyone can copy it into a file of their own.
  return (existed && ofPlatform) || restsOnDemo(signer, trusted.authorities) ? claimedTime : now
}

const restsOnDemo = ({ issuer }: Certificate, authorities: Authorities): boolean =>
  authorities.some(({ source, certificate }) => source === 'demo' && sameName(certificate.subject, issuer))

const nameOf = ({ subject }: Certificate): string =>
  attributeValue(subject, OID.commonName) ?? attributeValue(subject, OID.organizationName) ?? '?'

/** Whom the signer's certificate rests on, at the time of signing. Whether it was revoked since, only the authority can say. */
function trustOf(
  signer: Certificate,
  { certificates }: JudgedSignature,
  { report, trusted: { authorities } }: Judgement,
  at: Date,
  seal: KnownSeal | undefined,
): Pick<Finding, 'indication' | 'subIndication' | 'anchor' | 'reason'> {
  if (seal && at >= signer.notBefore && at <= signer.notAfter) {
    return passed({ name: nameOf(signer), demo: restsOnDemo(signer, authorities) })
  }
  const path = checkPath({
    certificate: signer,
    trustAnchors: authorities.filter(({ anchor }) => anchor).map(({ certificate }) => certificate),
    intermediates: [
      ...authorities.filter(({ anchor }) => !anchor).map(({ certificate }) => certificate),
      ...certificates,
      ...report.evidence.certificates,
    ],
    at,
    revocation: 'none',
  })
  const anchor = path.anchor && authorities.find(({ sha256: digest }) => digest === path.anchor!.sha256)
  const named = anchor && { name: anchor.name, demo: anchor.source === 'demo' }
  if (path.indication === 'PASSED' && named) return passed(named)
  return {
    indication: path.indication === 'FAILED' ? 'TOTAL-FAILED' : 'INDETERMINATE',
    subIndication: path.subIndication,
    anchor: named,
    reason: path.reason,
  }
}

const passed = (anchor: { name: string; demo: boolean }) => ({
  indication: 'TOTAL-PASSED' as const,
  subIndication: undefined,
  anchor,
  reason: 'sound, by a certificate of a trusted authority',
})

function logOf(files: Map<string, Buffer>, data: unknown, { log }: TrustedHere): LogFinding | undefined {
  const [proof, entry, record] = ['log-proof.txt', 'log-entry.json', 'log-record.json'].map((name) => files.get(name))
  return proof && entry && record ? checkLogEvidence({ proof, entry, record }, data, log) : undefined
}

/** What cannot be read any more but still says that it was signed is a document that was changed, not a file that is none. */
const wasSigned = ({ error }: PdfReport, bytes: Buffer): boolean =>
  error !== undefined && error.problem !== 'encrypted' && bytes.includes('/ByteRange')

/** What nobody but the platform issues, and what an institution may issue under its own seal (docs/formats/documents.md). */
const SEALED_KINDS = ['receipt', 'constancia', 'tacit-certificate', 'dismissal', 'case-file']
const INSTITUTIONS_KINDS = ['tacit-certificate', 'dismissal', 'decision']

/** A kind that is sealed bears the platform's seal, or that of the institution which the data name; no institution seals for another. */
function isSealedRight(findings: readonly Finding[], kind: string | undefined, data: unknown): boolean {
  if (findings.some(({ ofPlatform }) => ofPlatform)) return true
  const seals = findings.flatMap(({ ofInstitution }) => ofInstitution ?? [])
  if (seals.length === 0) return !SEALED_KINDS.includes(kind ?? '')
  const { institution } = (data ?? {}) as { institution?: unknown }
  return INSTITUTIONS_KINDS.includes(kind ?? '') && seals.every((each) => each === institution)
}

export function verdictOf(
  { error }: { error: unknown },
  findings: readonly Finding[],
  log: LogFinding | undefined,
  kind: string | undefined,
  data: unknown,
): Verdict {
  if (error) return 'unreadable'
  if (findings.length === 0) return 'unsigned'
  const changed = findings.some(({ sound, modifications }) => !sound || modifications === 'suspicious')
  const uncovered = !findings.some(({ coversWholeFile }) => coversWholeFile)
  if (changed || uncovered || log?.indication === 'FAILED') return 'altered'
  if (findings.some(({ indication }) => indication === 'TOTAL-FAILED')) return 'untrusted'
  if (findings.every(({ indication }) => indication === 'TOTAL-PASSED'))
    return kind === undefined || isSealedRight(findings, kind, data) ? 'sound' : 'unsealed'
  return findings.some(({ subIndication }) => subIndication === 'NO_CERTIFICATE_CHAIN_FOUND')
    ? 'untrusted'
    : 'undetermined'
}
