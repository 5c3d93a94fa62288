import { ALL_REASONS, type DistributionPoint, type RevocationReason } from '#trust/certificate/distribution-points.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import type { RevokedEntry } from './crl-entries.ts'
import { buildsOn, isInScope, pointsOf, reasonsOf } from './crl-scope.ts'
import { type ConsideredSource, doubtOf, nameInWords, type SourceFault } from './doubt.ts'
import { faultInWords } from './doubt-texts.ts'
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
  const newestFirst = crls.toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())
  const search: Search = {
    certificate,
    crls: newestFirst,
    rules,
    signers,
    considered: new Map(),
    evidence: [],
    covered: new Set(),
  }
  for (const point of pointsOf(certificate)) {
    const revoked = searchPoint(search, point)
    if (revoked) return tellRevoked(revoked, search)
  }
  return search.covered.size === ALL_REASONS.length ? tellGood(search) : tellUnknown(search)
}

interface Search {
  certificate: Certificate
  crls: readonly Crl[]
  rules: RevocationRules
  signers: Signers
  /** Every list in scope, with what came of it. */
  considered: Map<Crl, ConsideredSource>
  evidence: RevocationEvidence[]
  covered: Set<RevocationReason>
}

/**
 * The newest list of a scope decides, but for one thing: a revocation is for good, so that one in an older list that still counts is not
 * undone by a newer list without it. Only a hold is.
 */
function searchPoint(search: Search, point: DistributionPoint): RevokedEntry | undefined {
  for (const crl of search.crls) {
    if (crl.baseNumber !== undefined || !isInScope(crl, point, search.certificate)) continue
    const reasons = reasonsOf(crl, point)
    const isDecided = reasons.every((each) => search.covered.has(each))
    if (isDecided && (search.considered.get(crl)?.says || !revokesForGood(crl, search.certificate))) continue
    const fault = findFault(crl, search)
    const signer = mayCount(crl, fault, search) ? findSigner(crl, search) : undefined
    if (!signer) {
      consider(search, crl, { fault: fault ?? 'untrusted-signer' })
      continue
    }
    const before = search.evidence.length
    search.evidence.push(evidenceOf(crl, signer))
    const revoked = findEntry(crl, signer, search)
    if (revoked && !((isDecided || fault) && revoked.reason === 'certificateHold')) return revoked
    if (fault) {
      search.evidence.length = before
      consider(search, crl, { fault })
      continue
    }
    consider(search, crl, { says: 'good' })
    for (const reason of reasons) search.covered.add(reason)
  }
  return undefined
}

/** What is out of date says nothing good any more; what it has revoked for good stays so. */
const mayCount = (crl: Crl, fault: SourceFault | undefined, { certificate }: Search): boolean =>
  !fault || (fault === 'out-of-date' && revokesForGood(crl, certificate))

/** Looked up before the signature is verified: most lists say nothing. */
function revokesForGood({ entries }: Crl, { serial, issuer }: Certificate): boolean {
  const entry = entries.find(serial, issuer)
  return entry !== undefined && entry.reason !== 'certificateHold' && entry.reason !== 'removeFromCRL'
}

function consider({ considered }: Search, crl: Crl, came: Pick<ConsideredSource, 'says' | 'fault'>): void {
  const { sha256, thisUpdate, nextUpdate, issuer } = crl
  considered.set(crl, { kind: 'crl', sha256, by: nameInWords(issuer), thisUpdate, nextUpdate, ...came })
}

/** Why a list cannot be used. */
function findFault(crl: Crl, { certificate, rules }: Search): SourceFault | undefined {
  // Only an indirect list has entries of another issuer (RFC 5280, 5.3.3): in any other they cannot be told whose they are.
  if (crl.hasUnknownCritical || (crl.entries.index.issuers.length > 0 && !crl.idp?.indirect))
    return 'critical-extension'
  if (!isIssuedBy(crl.thisUpdate, rules)) return 'from-the-future'
  if (!crl.nextUpdate) return 'no-next-update'
  if (crl.nextUpdate.getTime() < rules.at.getTime()) return 'out-of-date'
  if (crl.thisUpdate.getTime() > certificate.notAfter.getTime() && !crl.extensions.has(OID.expiredCertsOnCRL))
    return 'after-expiry'
  return rules.strict ? findProfileFault(crl) : undefined
}

/** What RFC 5280 (5.2.1, 5.2.3) asks of those who issue lists. */
function findProfileFault({ extensions, nextUpdate, number }: Crl): SourceFault | undefined {
  const aki = extensions.get(OID.authorityKeyIdentifier)
  const numberExtension = extensions.get(OID.cRLNumber)
  if (!aki || aki.critical) return 'no-key-identifier'
  if (!numberExtension || numberExtension.critical || number === undefined || number < 0n || number >= 1n << 160n)
    return 'no-number'
  return nextUpdate ? undefined : 'no-next-update'
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

/**
 * The delta has the last word: it may add an entry, and take a hold back (RFC 5280, 6.3.3 i, j). Only a delta takes back: in a
 * complete list an entry is an entry, whatever it gives as its reason (5.3.1).
 */
function findEntry(crl: Crl, signer: Certificate, search: Search): RevokedEntry | undefined {
  const { serial, issuer } = search.certificate
  const delta = findDelta(crl, signer, search)
  if (delta) search.evidence.push(evidenceOf(delta, signer))
  const change = delta?.entries.find(serial, issuer)
  const entry = change ?? crl.entries.find(serial, issuer)
  if (!entry || change?.reason === 'removeFromCRL' || !bearsOn(entry, search.rules)) return undefined
  consider(search, change && delta ? delta : crl, { says: 'revoked' })
  return entry
}

/** The newest delta on `base` that can be used and has the same signer. */
function findDelta(base: Crl, signer: Certificate, search: Search): Crl | undefined {
  return search.crls
    .filter((each) => buildsOn(each, base) && mayCount(each, findFault(each, search), search))
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

function tellRevoked(entry: RevokedEntry, { evidence, considered }: Search): RevocationReport {
  return {
    status: 'revoked',
    reason: `The certificate was revoked on ${entry.revokedAt.toISOString()}.`,
    evidence,
    sources: [...considered.values()],
    revokedAt: entry.revokedAt,
    revocationReason: entry.reason,
  }
}

const tellGood = ({ evidence, considered }: Search): RevocationReport => ({
  status: 'good',
  reason: 'No current list has the certificate.',
  evidence,
  sources: [...considered.values()],
})

function tellUnknown({ considered, evidence, rules }: Search): RevocationReport {
  const sources = [...considered.values()]
  const faults = new Set(sources.flatMap(({ fault }) => (fault ? [faultInWords(fault)] : [])))
  const reason =
    faults.size > 0
      ? `No list could be used: one ${[...faults].join('; one ')}.`
      : evidence.length > 0
        ? 'The lists do not cover every reason for revocation.'
        : isHistorical(rules)
          ? 'No list speaks for the certificate at that time.'
          : 'No list speaks for the certificate.'
  return { status: 'unknown', reason, evidence: [], sources, doubt: doubtOf(sources) }
}
