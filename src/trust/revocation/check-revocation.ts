import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'
import { checkCrls } from './check-crls.ts'
import { checkOcsp } from './check-ocsp.ts'
import { type ConsideredSource, doubtOf } from './doubt.ts'
import { RevocationError } from './errors.ts'
import { type Crl, parseCrl } from './parse-crl.ts'
import { type OcspResponse, parseOcspResponse } from './parse-ocsp.ts'
import type { RevocationReport, RevocationRules, Signers } from './report.ts'

export type { ConsideredSource, RevocationDoubt } from './doubt.ts'
export type { RevocationEvidence, RevocationReport, RevocationRules } from './report.ts'

export interface RevocationInput extends RevocationRules {
  crls?: ReadonlyArray<Crl | Uint8Array>
  ocspResponses?: ReadonlyArray<OcspResponse | Uint8Array>
  /** Certificates already trusted that may sign the issuer's lists, besides the issuer. */
  crlSigners?: readonly Certificate[]
  /** Instead of verifying anew: for whoever remembers. */
  verify?: Signers['verify']
}

/**
 * Whether `certificate`, issued by `issuer`, was revoked, by the lists and answers given. That the issuer itself is trusted, and
 * that it signed the certificate, is for the caller to know (`checkPath`). Lists and answers that cannot be read prove nothing;
 * they never throw.
 */
export function checkRevocation(
  certificate: Certificate,
  issuer: Certificate,
  input: RevocationInput,
): RevocationReport {
  const known = [issuer, ...(input.crlSigners ?? [])]
  return checkStatus(certificate, issuer, readSources(input), input, {
    named: (name) => known.filter(({ subject }) => sameName(subject, name)),
    isTrusted: (candidate) => known.includes(candidate),
    verify:
      input.verify ??
      ((item, { publicKey }) => verifySignature(item.signatureAlgorithm, publicKey, item.tbs, item.signature, input)),
  })
}

export interface RevocationSources {
  crls: Crl[]
  ocspResponses: OcspResponse[]
  /** How many lists and answers could not be read. */
  unreadable: number
}

export function readSources(input: Pick<RevocationInput, 'crls' | 'ocspResponses'>): RevocationSources {
  const crls = (input.crls ?? []).map((each) => (each instanceof Uint8Array ? orNothing(parseCrl, each) : each))
  const responses = (input.ocspResponses ?? []).map((each) =>
    each instanceof Uint8Array ? orNothing(parseOcspResponse, each) : each,
  )
  const readable = <T>(each: T | undefined): each is T => each !== undefined
  const sources = { crls: crls.filter(readable), ocspResponses: responses.filter(readable) }
  const unreadable = crls.length + responses.length - sources.crls.length - sources.ocspResponses.length
  return { ...sources, unreadable }
}

function orNothing<T>(parse: (der: Uint8Array) => T, der: Uint8Array): T | undefined {
  try {
    return parse(der)
  } catch (error) {
    if (error instanceof RevocationError) return undefined
    throw error
  }
}

/**
 * Revoked by whichever says so; else good by whichever says so. A revocation is for good, a hold is not: where a newer source calls good
 * what another has on hold, they contradict each other and nothing is known.
 */
export function checkStatus(
  certificate: Certificate,
  issuer: Certificate,
  { crls, ocspResponses }: RevocationSources,
  rules: RevocationRules,
  signers: Signers,
): RevocationReport {
  const byAnswer = checkOcsp({ certificate, issuer, crls, rules, signers }, ocspResponses)
  const byList = checkCrls(certificate, crls, rules, signers)
  const sources = [...byAnswer.sources, ...byList.sources]
  const revoked = [byAnswer, byList].find(({ status }) => status === 'revoked')
  if (revoked) return isContradicted(revoked, sources) ? contradictory(sources) : { ...revoked, sources }
  const good = [byAnswer, byList].find(({ status }) => status === 'good')
  if (good) return { ...good, sources }
  const reason = ocspResponses.length === 0 ? byList.reason : `${byList.reason} ${byAnswer.reason}`
  return { ...byList, reason, sources, doubt: doubtOf(sources) }
}

function isContradicted({ revocationReason, evidence }: RevocationReport, sources: ConsideredSource[]): boolean {
  if (revocationReason !== 'certificateHold') return false
  const heldAt = Math.max(...evidence.map(({ thisUpdate }) => thisUpdate.getTime()))
  return sources.some(({ says, thisUpdate }) => says === 'good' && thisUpdate.getTime() > heldAt)
}

const contradictory = (sources: ConsideredSource[]): RevocationReport => ({
  status: 'unknown',
  reason: 'One source has the certificate on hold and a newer one calls it good.',
  evidence: [],
  sources,
  doubt: doubtOf(sources, 'contradictory'),
})
