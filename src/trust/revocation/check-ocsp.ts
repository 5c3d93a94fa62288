import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { hashOf } from '#trust/certificate/signature-scheme.ts'
import { OID } from '#trust/der/oids.ts'
import { checkCrls } from './check-crls.ts'
import { type ConsideredSource, doubtOf, nameInWords, type SourceFault } from './doubt.ts'
import { faultInWords } from './doubt-texts.ts'
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

/**
 * The status of a certificate by OCSP answers (RFC 6960): revoked by any of them, else good by one that no other puts in doubt.
 * A response that says two things of one certificate says the worse.
 */
export function checkOcsp(question: OcspQuestion, responses: readonly OcspResponse[]): RevocationReport {
  const found = responses.flatMap((response) =>
    response.answers.filter((each) => isAbout(each, question)).map((answer) => judge(response, answer, question)),
  )
  const sources = found.map(({ source }) => source)
  const tellers = found.flatMap(({ report }) => (report ? [report] : []))
  const doubted = new Set(found.flatMap(({ source, response }) => (source.says === 'unknown' ? [response] : [])))
  const good = found.find(({ source, response }) => source.says === 'good' && !doubted.has(response))?.report
  const told = tellers.find(({ status }) => status === 'revoked') ?? good
  if (told) return { ...told, sources }
  return { status: 'unknown', reason: whyUnknown(sources), evidence: [], sources, doubt: doubtOf(sources) }
}

function whyUnknown(sources: ConsideredSource[]): string {
  if (sources.length === 0) return 'No answer is about the certificate.'
  const why = ({ fault }: ConsideredSource) =>
    fault ? faultInWords(fault) : 'says that the responder does not know the certificate'
  return `No answer could be used: one ${[...new Set(sources.map(why))].join('; one ')}.`
}

interface Judged {
  response: OcspResponse
  source: ConsideredSource
  /** Where the answer counts. */
  report?: Told
}

type Told = Omit<RevocationReport, 'sources'>

function judge(response: OcspResponse, answer: OcspAnswer, question: OcspQuestion): Judged {
  const fault = findFault(response, answer, question)
  const signer = fault && !isForGood(fault, answer) ? undefined : findResponder(response, question)
  const source = { kind: 'ocsp' as const, sha256: response.sha256, by: nameOf(response), ...timesOf(answer) }
  if (!signer) return { response, source: { ...source, fault: fault ?? 'untrusted-signer' } }
  if (isSameHolder(signer, question.certificate)) return { response, source: { ...source, fault: 'own-word' } }
  const report = tell(response, answer, signer, question.rules)
  if (fault && report.status !== 'revoked') return { response, source: { ...source, fault } }
  return { response, source: { ...source, says: report.status }, report }
}

/** What is too old says nothing good any more; what it has revoked for good stays so. */
const isForGood = (fault: SourceFault, { status, revoked }: OcspAnswer): boolean =>
  (fault === 'out-of-date' || fault === 'too-old') && status === 'revoked' && revoked?.reason !== 'certificateHold'

const timesOf = ({ thisUpdate, nextUpdate }: OcspAnswer) => ({ thisUpdate, nextUpdate })

const nameOf = ({ responder }: OcspResponse): string =>
  responder.name ? nameInWords(responder.name) : (responder.keyHash?.toString('hex') ?? '')

/** A certificate's key never speaks for the certificate, under whatever other certificate it comes. */
const isSameHolder = (signer: Certificate, certificate: Certificate): boolean => signer.spki.equals(certificate.spki)

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
): SourceFault | undefined {
  if (response.hasUnknownCritical) return 'critical-extension'
  if (rules.nonce && response.nonce && !response.nonce.equals(rules.nonce)) return 'other-question'
  if (rules.requireNonce && !(rules.nonce && response.nonce)) return 'no-nonce'
  if (!isIssuedBy(answer.thisUpdate, rules) || !isIssuedBy(response.producedAt, rules)) return 'from-the-future'
  if (answer.nextUpdate && answer.nextUpdate.getTime() < rules.at.getTime()) return 'out-of-date'
  if (isTooOld(answer, rules)) return 'too-old'
  return isAfterExpiry(answer, certificate) ? 'after-expiry' : undefined
}

/** A responder forgets expired certificates, unless it says that it goes back further (archive cut-off, RFC 6960, 4.4.4). */
const isAfterExpiry = ({ thisUpdate, archiveCutoff }: OcspAnswer, { notAfter }: Certificate): boolean =>
  thisUpdate.getTime() > notAfter.getTime() && !(archiveCutoff && archiveCutoff.getTime() <= notAfter.getTime())

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
): Told {
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
