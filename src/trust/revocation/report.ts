import type { AlgorithmIdentifier } from '#trust/certificate/algorithm.ts'
import type { Name } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { SignatureVerdict } from '#trust/certificate/verify-signature.ts'
import type { ConsideredSource, RevocationDoubt } from './doubt.ts'

/** What a status was taken from: kept, it lets anyone judge again. */
export interface RevocationEvidence {
  kind: 'crl' | 'ocsp'
  der: Buffer
  /** Hexadecimal, of `der`. */
  sha256: string
  thisUpdate: Date
  nextUpdate?: Date
  signer: Certificate
}

export interface RevocationReport {
  status: 'good' | 'revoked' | 'unknown'
  /** One sentence. */
  reason: string
  evidence: RevocationEvidence[]
  /** Every list and answer that was looked at, those not used with what is wrong with them. */
  sources: ConsideredSource[]
  /** Where unknown: why, and what would settle it. */
  doubt?: RevocationDoubt
  /** Where revoked. */
  revokedAt?: Date
  /** CRLReason by its name. */
  revocationReason?: string
}

export interface RevocationRules {
  /** The time the status is asked for. */
  at: Date
  /**
   * The present, where it is later than `at`: then lists and answers made since count too, and a revocation after `at` does not
   * touch what was done before it. Without it, `at` is the present, and whatever is listed is revoked.
   */
  now?: Date
  allowLegacyAlgorithms?: boolean
  /** Also what RFC 5280 asks of those who issue lists. */
  strict?: boolean
  /** How old an OCSP answer may be, in seconds; without it only answers that name no next update are limited, to one hour. */
  ocspFreshSeconds?: number
  /** Sent with the OCSP request: an answer with another one is refused. */
  nonce?: Uint8Array
  /** Also an answer without any nonce is refused; without this it counts by its times (RFC 9654, 2.1 leaves nonces to responders). */
  requireNonce?: boolean
  /** OCSP responders that the operator has configured for this issuer, besides those that the issuer itself delegates to. */
  trustedResponders?: readonly Certificate[]
}

export interface Signed {
  sha256: string
  tbs: Buffer
  signatureAlgorithm: AlgorithmIdentifier
  signature: Buffer
}

/** Who may have signed a list, and who of them is trusted: the one who checks a path knows. */
export interface Signers {
  /** Certificates of that subject, likely ones first. */
  named(name: Name): readonly Certificate[]
  /** Whether the certificate leads to the same anchor as the path under judgement (RFC 5280, 6.3.3 f). */
  isTrusted(candidate: Certificate): boolean
  verify(item: Signed, signer: Certificate): SignatureVerdict
}

export const isHistorical = ({ at, now }: RevocationRules): boolean => now !== undefined && now.getTime() > at.getTime()

/** The clocks of authorities run ahead of ours by at most this. */
const SKEW_MS = 60_000

export function isIssuedBy(thisUpdate: Date, { at, now = at }: RevocationRules): boolean {
  return thisUpdate.getTime() <= Math.max(now.getTime(), at.getTime()) + SKEW_MS
}

/** Whether a revocation bears on `at`. */
export function bearsOn(revoked: { revokedAt: Date; invalidSince?: Date }, rules: RevocationRules): boolean {
  if (!isHistorical(rules)) return true
  const since = Math.min(revoked.revokedAt.getTime(), revoked.invalidSince?.getTime() ?? Number.POSITIVE_INFINITY)
  return since <= rules.at.getTime()
}
