import type { CheckName as PathCheckName, PathReport } from '#trust/path/check-path.ts'
import type { ProofsOfExistence } from './proofs.ts'
import type {
  CertificateVerdict,
  EvidenceUse,
  ValidationCheck,
  ValidationCheckName,
  ValidationSubIndication,
} from './report.ts'

type Parts = Pick<CertificateVerdict, 'indication' | 'reason' | 'at'> & Partial<CertificateVerdict>

export const verdictOf = (parts: Parts): CertificateVerdict => ({
  subIndication: undefined,
  path: undefined,
  revokedAt: undefined,
  checks: [],
  unknownSince: undefined,
  ...parts,
})

/**
 * A path's report in the words for a signature: a revoked signer has not failed yet, for what it signed may be older (EN 319
 * 102-1, 5.3.4).
 * @param instead where the path alone does not say what is wrong
 */
export function tellPath(
  report: PathReport,
  at: Date,
  proofs: ProofsOfExistence,
  instead?: { subIndication: ValidationSubIndication; reason: string },
): CertificateVerdict {
  const last = report.path.at(-1)
  const leaf = report.revocation.find(({ certificate }) => certificate === last)?.report
  const isRevoked = report.subIndication === 'REVOKED'
  return verdictOf({
    indication: isRevoked || instead ? 'INDETERMINATE' : report.indication,
    subIndication: instead?.subIndication ?? (isRevoked ? 'REVOKED_NO_POE' : report.subIndication),
    reason: instead?.reason ?? report.reason,
    at,
    path: report,
    revokedAt: leaf?.revokedAt,
    checks: checksOf(report, at, proofs),
    unknownSince: report.indication === 'PASSED' && report.revocation.length === 0 ? last?.notBefore : undefined,
  })
}

const NAMES: Partial<Record<PathCheckName, ValidationCheckName>> = {
  format: 'format',
  chain: 'chain',
  signatures: 'chain',
  algorithms: 'algorithms',
  validity: 'validity',
  revocation: 'revocation',
}

/** The path's checks under the names for a signature; what went well is said once. */
function checksOf(report: PathReport, at: Date, proofs: ProofsOfExistence): ValidationCheck[] {
  const checks = new Map<ValidationCheckName, ValidationCheck>()
  for (const { name, ok, detail } of report.checks) {
    const told = NAMES[name] ?? 'constraints'
    if (told === 'format' || (ok && checks.has(told))) continue
    const asked = told !== 'revocation' || !ok || report.revocation.length > 0
    checks.set(told, { name: told, result: ok ? (asked ? 'ok' : 'unknown') : 'failed', detail, at, evidence: [] })
  }
  const chain = checks.get('chain')
  if (chain) chain.evidence = certificatesOf(report, proofs)
  const revocation = checks.get('revocation')
  if (revocation) revocation.evidence = statusesOf(report, proofs)
  if (revocation?.result === 'unknown') revocation.detail = 'Nothing at hand says whether a certificate was revoked.'
  return [...checks.values()]
}

const certificatesOf = ({ path }: PathReport, proofs: ProofsOfExistence): EvidenceUse[] =>
  path.map(({ sha256, notBefore, notAfter }) => ({
    kind: 'certificate',
    sha256,
    notBefore,
    notAfter,
    existedAt: proofs.existedAt(sha256),
  }))

function statusesOf({ revocation }: PathReport, proofs: ProofsOfExistence): EvidenceUse[] {
  const used = new Map<string, EvidenceUse>()
  for (const { report } of revocation)
    for (const { kind, sha256, thisUpdate, nextUpdate } of report.evidence)
      used.set(sha256, { kind, sha256, thisUpdate, nextUpdate, existedAt: proofs.existedAt(sha256) })
  return [...used.values()]
}
