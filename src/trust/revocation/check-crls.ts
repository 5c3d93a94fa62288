import { ALL_REASONS, type DistributionPoint, type RevocationReason } from '#trust/certificate/distribution-points.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import type { RevokedEntry } from './crl-entries.ts'
import { buildsOn, isInScope, pointsOf, reasonsOf } from './crl-scope.ts'
import type { Crl } from './parse-crl.ts'
import {
  bearsOn,
  isHistorical,
  isIssuedBy,
  type RevocationEvidence,
  type RevocationReport,
  type RevocationRules,
  type Signers,
} from './report.ts'

/** The status of a certificate by lists: complete, delta, indirect, and split by scope or reason (RFC 5280, 6.3). */
export function checkCrls(
  certificate: Certificate,
  crls: readonly Crl[],
  rules: RevocationRules,
  signers: Signers,
): RevocationReport {
  const search: Search = { certificate, crls, rules, signers, faults: new Set(), evidence: [], covered: new Set() }
  for (const point of pointsOf(certificate)) {
    const revoked = searchPoint(search, point)
    if (revoked) return tellRevoked(revoked, search.evidence)
    if (search.covered.size === ALL_REASONS.length)
      return { status: 'good', reason: 'No current list has the certificate.', evidence: search.evidence }
  }
  return { status: 'unknown', reason: tellUnknown(search), evidence: [] }
}

interface Search {
  certificate: Certificate
  crls: readonly Crl[]
  rules: RevocationRules
  signers: Signers
  /** Why lists that would have spoken for the certificate were not used. */
  faults: Set<string>
  evidence: RevocationEvidence[]
  covered: Set<RevocationReason>
}

function searchPoint(search: Search, point: DistributionPoint): RevokedEntry | undefined {
  for (const crl of search.crls) {
    if (crl.baseNumber !== undefined || !isInScope(crl, point, search.certificate)) continue
    const reasons = reasonsOf(crl, point)
    if (reasons.every((each) => search.covered.has(each))) continue
    const fault = findFault(crl, search)
    const signer = fault ? undefined : findSigner(crl, search)
    if (!signer) {
      search.faults.add(fault ?? 'is not signed by a trusted authority with the right to sign lists')
      continue
    }
    search.evidence.push(evidenceOf(crl, signer))
    const revoked = findEntry(crl, signer, search)
    if (revoked) return revoked
    for (const reason of reasons) search.covered.add(reason)
  }
  return undefined
}

/** Why a list cannot be used, as the end of a sentence. */
function findFault(crl: Crl, { certificate, rules }: Search): string | undefined {
  if (crl.hasUnknownCritical) return 'has a critical extension that is not understood'
  if (!isIssuedBy(crl.thisUpdate, rules)) return 'is dated in the future'
  if (!crl.nextUpdate) return 'does not say when the next one comes'
  if (crl.nextUpdate.getTime() < rules.at.getTime()) return 'is out of date'
  if (crl.thisUpdate.getTime() > certificate.notAfter.getTime() && !crl.extensions.has(OID.expiredCertsOnCRL))
    return 'was made after the certificate had expired'
  return rules.strict ? findProfileFault(crl) : undefined
}

/** What RFC 5280 (5.2.1, 5.2.3) asks of those who issue lists. */
function findProfileFault({ extensions, nextUpdate, number }: Crl): string | undefined {
  const aki = extensions.get(OID.authorityKeyIdentifier)
  const numberExtension = extensions.get(OID.cRLNumber)
  if (!aki || aki.critical) return 'does not identify the key of its issuer as it must'
  if (!numberExtension || numberExtension.critical || number === undefined || number < 0n || number >= 1n << 160n)
    return 'has no number as it must'
  return nextUpdate ? undefined : 'does not say when the next one comes'
}

/** A certificate of the list's issuer that may sign lists, verifies this one and leads to the same anchor. */
function findSigner(crl: Crl, { signers }: Search): Certificate | undefined {
  const keyId = crl.aki?.keyId
  const fits = ({ ski }: Certificate): number => (keyId && ski ? (ski.equals(keyId) ? 0 : 2) : 1)
  return signers
    .named(crl.issuer)
    .filter(({ keyUsage }) => !keyUsage || keyUsage.has('cRLSign'))
    .sort((a, b) => fits(a) - fits(b))
    .find((each) => signers.verify(crl, each) === 'valid' && signers.isTrusted(each))
}

/** The delta has the last word: it may add an entry, and take a hold back (RFC 5280, 6.3.3 i, j). */
function findEntry(crl: Crl, signer: Certificate, search: Search): RevokedEntry | undefined {
  const { serial, issuer } = search.certificate
  const delta = findDelta(crl, signer, search)
  if (delta) search.evidence.push(evidenceOf(delta, signer))
  const entry = delta?.entries.find(serial, issuer) ?? crl.entries.find(serial, issuer)
  if (!entry || entry.reason === 'removeFromCRL') return undefined
  return bearsOn(entry, search.rules) ? entry : undefined
}

/** The newest delta on `base` that can be used and has the same signer. */
function findDelta(base: Crl, signer: Certificate, search: Search): Crl | undefined {
  return search.crls
    .filter((each) => buildsOn(each, base) && !findFault(each, search))
    .sort((a, b) => Number((b.number ?? 0n) - (a.number ?? 0n)))
    .find((each) => search.signers.verify(each, signer) === 'valid')
}

const evidenceOf = (crl: Crl, signer: Certificate): RevocationEvidence => ({
  kind: 'crl',
  der: crl.der,
  sha256: crl.sha256,
  thisUpdate: crl.thisUpdate,
  nextUpdate: crl.nextUpdate,
  signer,
})

function tellRevoked(entry: RevokedEntry, evidence: RevocationEvidence[]): RevocationReport {
  return {
    status: 'revoked',
    reason: `The certificate was revoked on ${entry.revokedAt.toISOString()}.`,
    evidence,
    revokedAt: entry.revokedAt,
    revocationReason: entry.reason,
  }
}

function tellUnknown({ faults, evidence, rules }: Search): string {
  if (faults.size > 0) return `No list could be used: one ${[...faults].join('; one ')}.`
  if (evidence.length > 0) return 'The lists do not cover every reason for revocation.'
  return isHistorical(rules)
    ? 'No list speaks for the certificate at that time.'
    : 'No list speaks for the certificate.'
}
