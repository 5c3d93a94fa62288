import type { Database } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { CertificateError } from '#trust/certificate/errors.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { type Efirma, readEfirma } from '#trust/efirma/read-efirma.ts'
import { checkPath, createPathCache, type PathCache, type PathInput, type PathReport } from '#trust/path/check-path.ts'
import type { Authorities } from './authorities.ts'
import { openRevocationCheck, type RevocationFinding } from './check-revocation.ts'
import type { SignInCode } from './errors.ts'
import type { HeldLists } from './held-lists.ts'
import { databaseAnswers } from './revocation-answers.ts'
import type { RevocationSources } from './revocation-sources.ts'

export type { RevocationFinding } from './check-revocation.ts'

/** A certificate that is what it says, by the word of a trusted authority, and valid at the instant asked about. */
export interface Identified {
  der: Buffer
  sha256: Buffer
  certificate: Certificate
  efirma: Efirma
  notAfter: Date
  /** From the one that issued it up to the anchor, which is last. */
  issuers: Certificate[]
}

/** The one rule by which certificates are accepted, at sign-in and at signing. */
export interface CertificateJudge {
  /** Everything but revocation; no network, no database. Throws Refusal with a SignInCode. */
  identify(der: Uint8Array, at: Date): Identified
  /** Throws Refusal `revoked` or `revocation-unknown`. */
  checkRevocation(identified: Identified, at: Date): Promise<RevocationFinding>
}

export interface JudgeParts {
  db: Database
  authorities: Authorities
  sources: RevocationSources
  /** Where others in this process hold the same lists. */
  lists?: HeldLists
  demo: boolean
  /** Told of a source that does not answer: issuer's SHA-256 and why. */
  onSilence?: (issuer: string, error: unknown) => void
}

export function openCertificateJudge(parts: JudgeParts): CertificateJudge {
  const { authorities, sources, demo, lists, onSilence = () => {} } = parts
  const check = openRevocationCheck({
    sources,
    demo,
    lists,
    onSilence,
    answers: databaseAnswers(parts.db),
    responder: (sha256) => authorities.find((each) => each.sha256 === sha256)?.certificate,
  })
  const cache = createPathCache()
  return {
    identify: (der, at) => identifyCertificate(authorities, der, at, cache),
    checkRevocation: ({ certificate, issuers }, at) => check(certificate, issuers[0]!, at),
  }
}

/** Without revocation: whose e.firma this is, by the word of these authorities, at this instant. */
export function identifyCertificate(
  authorities: Authorities,
  der: Uint8Array,
  at: Date,
  cache?: PathCache,
): Identified {
  const certificate = read(der)
  const efirma = readEfirma(certificate)
  if (efirma?.kind === 'seal') throw refuse('not-efirma', 422)
  const report = checkPath({
    certificate,
    at,
    ...sorted(authorities),
    revocation: 'none',
    cache,
  })
  if (report.indication !== 'PASSED') throw refuse(codeOf(report, certificate, at), 403)
  if (!efirma || efirma.kind === 'other' || certificate.basicConstraints?.ca) throw refuse('not-efirma', 422)
  return {
    der: certificate.der,
    sha256: Buffer.from(certificate.sha256, 'hex'),
    certificate,
    efirma,
    notAfter: certificate.notAfter,
    issuers: report.path.slice(0, -1).reverse(),
  }
}

type Sorted = Pick<PathInput, 'trustAnchors' | 'intermediates'>
const sortedBefore = new WeakMap<Authorities, Sorted>()

function sorted(authorities: Authorities): Sorted {
  const before = sortedBefore.get(authorities)
  if (before) return before
  const of = (anchor: boolean) => authorities.filter((each) => each.anchor === anchor).map((each) => each.certificate)
  const now = { trustAnchors: of(true), intermediates: of(false) }
  sortedBefore.set(authorities, now)
  return now
}

function read(der: Uint8Array): Certificate {
  try {
    // A copy: what is parsed are views, and the caller's buffer may be reused.
    return parseCertificate(Buffer.from(der))
  } catch (error) {
    if (error instanceof CertificateError) throw refuse('certificate-unreadable', 422)
    throw error
  }
}

/** An authority that has ended is one that we no longer recognise; only the person's own dates are theirs to mend. */
function codeOf({ subIndication }: PathReport, { notBefore, notAfter }: Certificate, at: Date): SignInCode {
  switch (subIndication) {
    case 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE':
      return 'weak-algorithm'
    case 'NOT_YET_VALID':
      return at < notBefore ? 'not-yet-valid' : 'unknown-authority'
    case 'OUT_OF_BOUNDS_NO_POE':
      return at > notAfter ? 'expired' : 'unknown-authority'
    default:
      return 'unknown-authority'
  }
}

function refuse(code: SignInCode, status: number): Refusal<SignInCode> {
  return new Refusal(code, {}, status)
}
