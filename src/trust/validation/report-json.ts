import { nameToShow } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Anchor, FileReport, PartReport, SignatureReport } from './file-report.ts'
import type { CertificateVerdict, ValidationCheck } from './report.ts'

/** A validation report as data: instants as ISO 8601 in UTC, digests in hexadecimal (docs/formats/validation-report.md). */
export type ReportJson = ReturnType<typeof describeReport>

/** @param report nothing of the file itself goes in, and of its people only what certificates say of them */
export function describeReport({ file: _, signatures, parts, ...report }: FileReport) {
  return {
    version: 1,
    ...report,
    validatedAt: instant(report.validatedAt),
    error: report.error ?? null,
    signatures: signatures.map(describeSignature),
    parts: parts.map(describePart),
  }
}

const instant = (at: Date): string => at.toISOString()
const maybe = (at: Date | undefined): string | null => (at ? instant(at) : null)

function describeSignature(report: SignatureReport) {
  const { found, sound, trusted, indication, subIndication, reason, verdict } = report
  const { kind, place, level, covers, coversWholeFile, modifications, modificationReasons, checks, facts } = found
  return {
    kind,
    place: place ?? null,
    sound,
    trusted,
    indication,
    subIndication: subIndication ?? null,
    reason,
    level,
    signer: report.signer ? describeCertificate(report.signer) : null,
    anchor: describeAnchor(report.anchor),
    claimedTime: maybe(facts.claimedTime),
    bestSignatureTime: instant(report.bestSignatureTime),
    proofs: report.proofs.map(({ time, by }) => ({ time: instant(time), by })),
    covers,
    coversWholeFile,
    modifications,
    modificationReasons,
    format: checks.map(({ name, ok, detail }) => ({ name, result: ok ? 'ok' : 'failed', detail })),
    checks: report.checks.map(describeCheck),
    path: describePath(verdict),
    timestamps: report.timestamps.map((stamp) => ({
      kind: stamp.kind,
      time: instant(stamp.time),
      indication: stamp.indication,
      subIndication: stamp.subIndication ?? null,
      reason: stamp.reason,
      existedAt: instant(stamp.existedAt),
      signer: stamp.signer ? describeCertificate(stamp.signer) : null,
      path: describePath(stamp.verdict),
    })),
    notKnown: report.notKnown.map(({ what, since }) => ({ what, since: instant(since) })),
  }
}

function describePart({
  kind,
  indication,
  subIndication,
  reason,
  certificate,
  anchor,
  verdict,
  checkpoint,
}: PartReport) {
  return {
    kind,
    indication,
    subIndication: subIndication ?? null,
    reason,
    certificate: certificate ? describeCertificate(certificate) : null,
    anchor: describeAnchor(anchor),
    path: describePath(verdict),
    checks: (verdict?.checks ?? []).map(describeCheck),
    checkpoint: checkpoint
      ? { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') }
      : null,
  }
}

function describeCheck({ name, result, detail, at, evidence }: ValidationCheck) {
  return {
    name,
    result,
    detail,
    at: instant(at),
    evidence: evidence.map(({ kind, sha256, existedAt, ...dates }) => ({
      kind,
      sha256,
      existedAt: instant(existedAt),
      ...Object.fromEntries(Object.entries(dates).flatMap(([key, at]) => (at ? [[key, instant(at)]] : []))),
    })),
  }
}

/** The path that decided, the anchor first. */
function describePath(verdict: CertificateVerdict | undefined) {
  if (!verdict) return null
  const { indication, subIndication, reason, at, path, revokedAt } = verdict
  return {
    indication,
    subIndication: subIndication ?? null,
    reason,
    at: instant(at),
    revokedAt: maybe(revokedAt),
    certificates: (path?.path ?? []).map(describeCertificate),
  }
}

const describeAnchor = (anchor: Anchor | undefined) =>
  anchor ? { ...describeCertificate(anchor.certificate), itself: anchor.itself, demo: anchor.demo } : null

function describeCertificate(certificate: Certificate) {
  const { subject, issuer, serialText, sha256, notBefore, notAfter } = certificate
  return {
    name: nameToShow(subject),
    issuer: nameToShow(issuer),
    serial: serialText,
    sha256,
    notBefore: instant(notBefore),
    notAfter: instant(notAfter),
  }
}
