import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { hashOf } from '#trust/certificate/signature-scheme.ts'
import { OID } from '#trust/der/oids.ts'
import { checkCrls } from './check-crls.ts'
import type { Crl } from './parse-crl.ts'
import type { OcspAnswer, OcspResponse } from './parse-ocsp.ts'
import {
  bearsOn,
  isHistorical,
  isIssuedBy,
  type RevocationReport,
  type RevocationRules,
  type Signers,
} from './report.ts'

export interface OcspQuestion {
  certificate: Certificate
  issuer: Certificate
  /** For the responder's own status. */
  crls: readonly Crl[]
  rules: RevocationRules
  signers: Signers
}

/** The status of a certificate by OCSP answers (RFC 6960): revoked by any of them, else good by one. */
export function checkOcsp(question: OcspQuestion, responses: readonly OcspResponse[]): RevocationReport {
  const faults = new Set<string>()
  let good: RevocationReport | undefined
  for (const response of responses) {
    const answer = response.answers.find((each) => isAbout(each, question))
    if (!answer) continue
    const fault = findFault(response, answer, question)
    const signer = fault ? undefined : findResponder(response, question)
    if (!signer) {
      faults.add(fault ?? 'is not signed by the issuer or a responder of its own')
      continue
    }
    const report = tell(response, answer, signer, question.rules)
    if (report.status === 'revoked') return report
    if (report.status === 'good') good ??= report
    else faults.add('says that the responder does not know the certificate')
  }
  if (good) return good
  const reason =
    faults.size > 0
      ? `No answer could be used: one ${[...faults].join('; one ')}.`
      : 'No answer is about the certificate.'
  return { status: 'unknown', reason, evidence: [] }
}

/** The serial, and the issuer by the hashes of its name and key (RFC 6960, 4.1.1). */
function isAbout(answer: OcspAnswer, { certificate, issuer }: OcspQuestion): boolean {
  if (!answer.serial.equals(certificate.serial)) return false
  const hash = hashOf(answer.hashAlgorithm)
  if (!hash) return false
  const of = (bytes: Buffer): Buffer => createHash(hash).update(bytes).digest()
  return answer.issuerKeyHash.equals(of(issuer.keyBits)) && answer.issuerNameHash.equals(of(certificate.issuer.der))
}

const DEFAULT_FRESH_SECONDS = 3600

function findFault(
  response: OcspResponse,
  answer: OcspAnswer,
  { certificate, rules }: OcspQuestion,
): string | undefined {
  if (response.hasUnknownCritical) return 'has a critical extension that is not understood'
  if (rules.nonce && response.nonce && !response.nonce.equals(rules.nonce)) return 'answers another question'
  if (!isIssuedBy(answer.thisUpdate, rules) || !isIssuedBy(response.producedAt, rules)) return 'is dated in the future'
  if (answer.nextUpdate && answer.nextUpdate.getTime() < rules.at.getTime()) return 'is out of date'
  if (isTooOld(answer, rules)) return 'is too old'
  if (answer.thisUpdate.getTime() > certificate.notAfter.getTime()) return 'was made after the certificate had expired'
  return undefined
}

function isTooOld({ thisUpdate, nextUpdate }: OcspAnswer, { at, ocspFreshSeconds }: RevocationRules): boolean {
  if (ocspFreshSeconds === undefined && nextUpdate) return false
  return thisUpdate.getTime() < at.getTime() - (ocspFreshSeconds ?? DEFAULT_FRESH_SECONDS) * 1000
}

/** The issuer, a responder that the operator has configured, or one that the issuer itself has certified (RFC 6960, 4.2.2.2). */
function findResponder(response: OcspResponse, question: OcspQuestion): Certificate | undefined {
  const { issuer, rules, signers } = question
  const configured = rules.trustedResponders ?? []
  const verifies = (each: Certificate): boolean => isNamed(response, each) && signers.verify(response, each) === 'valid'
  if (verifies(issuer)) return issuer
  return (
    configured.find((each) => isValidFor(each, response, rules) && verifies(each)) ??
    response.certificates.find((each) => isDelegated(each, response, question) && verifies(each))
  )
}

function isNamed({ responder }: OcspResponse, candidate: Certificate): boolean {
  if (responder.name) return responder.name.key === candidate.subject.key
  return responder.keyHash?.equals(createHash('sha1').update(candidate.keyBits).digest()) === true
}

function isValidFor(
  { notBefore, notAfter }: Certificate,
  { producedAt }: OcspResponse,
  rules: RevocationRules,
): boolean {
  const moments = isHistorical(rules) ? [producedAt] : [producedAt, rules.at]
  return moments.every((each) => notBefore.getTime() <= each.getTime() && each.getTime() <= notAfter.getTime())
}

/**
 * Certified by the very authority that issued the certificate, for this and nothing vaguer: anyExtendedKeyUsage is not enough.
 * Unless the authority waives it (id-pkix-ocsp-nocheck), a responder that a list has revoked does not count; one of which
 * nothing is known does, as RFC 6960 (4.2.2.2.1) leaves to those who ask.
 */
function isDelegated(responder: Certificate, response: OcspResponse, question: OcspQuestion): boolean {
  const { issuer, rules, signers, crls } = question
  if (responder.issuer.key !== issuer.subject.key || responder.version !== 3) return false
  if (!responder.extendedKeyUsage?.has(OID.ocspSigning) || responder.unknownCritical.length > 0) return false
  if (responder.keyUsage && !responder.keyUsage.has('digitalSignature') && !responder.keyUsage.has('nonRepudiation'))
    return false
  if (!isValidFor(responder, response, rules) || signers.verify(responder, issuer) !== 'valid') return false
  return responder.extensions.has(OID.ocspNoCheck) || checkCrls(responder, crls, rules, signers).status !== 'revoked'
}

function tell(
  { der, sha256 }: OcspResponse,
  { status, revoked, thisUpdate, nextUpdate }: OcspAnswer,
  signer: Certificate,
  rules: RevocationRules,
): RevocationReport {
  const evidence = [{ kind: 'ocsp' as const, der, sha256, thisUpdate, nextUpdate, signer }]
  if (status === 'unknown') return { status, reason: 'The responder does not know the certificate.', evidence }
  if (!revoked || !bearsOn(revoked, rules))
    return { status: 'good', reason: 'The responder says that the certificate is good.', evidence }
  return {
    status: 'revoked',
    reason: `The certificate was revoked on ${revoked.revokedAt.toISOString()}.`,
    evidence,
    revokedAt: revoked.revokedAt,
    revocationReason: revoked.reason,
  }
}
