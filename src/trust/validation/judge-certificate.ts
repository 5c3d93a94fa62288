import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { checkPath, type PathReport } from '#trust/path/check-path.ts'
import type { RevocationSources } from '#trust/revocation/check-revocation.ts'
import { tellPath, verdictOf } from './certificate-verdict.ts'
import type { Grounds } from './grounds.ts'
import { findRevocation, type KnownRevocation } from './known-revocations.ts'
import type { ProofsOfExistence } from './proofs.ts'
import type { CertificateVerdict } from './report.ts'

export interface CertificateQuestion {
  certificate: Certificate
  /** Those that came along with the signature. */
  certificates: readonly Certificate[]
  /** Since when what it signed is proven to exist; the time of validation where nothing is. */
  existedAt: Date
  /** Reasons for which a certificate may end without a doubt about what its key did before (RFC 3161, 4, 1). */
  harmlessReasons?: ReadonlySet<string>
  /** When the key says that it signed; for the harmless reasons only. */
  signedAt?: Date
  /** Known to whoever asks, for this signature: no path is asked for. */
  byHeart?: boolean
}

/**
 * Whether a certificate was good when its key signed: judged today (EN 319 102-1, 5.3.4), or else for the time at which the
 * signature is proven to have existed (5.6.2.1, 5.6.2.4).
 */
export function judgeCertificate(
  question: CertificateQuestion,
  grounds: Grounds,
  proofs: ProofsOfExistence,
): CertificateVerdict {
  if (question.byHeart || grounds.trusted.has(question.certificate.sha256)) return judgeByHeart(question, grounds)
  const judge = new CertificateJudge(question, grounds, proofs)
  const today = judge.today()
  return today.indication === 'PASSED' || question.existedAt >= grounds.at ? today : judge.past(question.existedAt)
}

/** The same for the time of its own that something was signed at, by evidence that speaks of it (docs/decisions/053). */
export function judgeCertificateThen(
  question: CertificateQuestion,
  grounds: Grounds,
  proofs: ProofsOfExistence,
  at: Date,
): CertificateVerdict {
  return new CertificateJudge(question, grounds, proofs).past(at)
}

function judgeByHeart({ certificate, existedAt }: CertificateQuestion, { at }: Grounds): CertificateVerdict {
  const inForce = (time: Date): boolean => time >= certificate.notBefore && time <= certificate.notAfter
  const time = inForce(at) ? at : existedAt
  if (inForce(time)) return verdictOf({ indication: 'PASSED', reason: 'The certificate is trusted itself.', at: time })
  const early = time < certificate.notBefore
  return verdictOf({
    indication: early ? 'FAILED' : 'INDETERMINATE',
    subIndication: early ? 'NOT_YET_VALID' : 'OUT_OF_BOUNDS_NO_POE',
    reason: early ? 'The certificate was not valid yet.' : 'The certificate has expired.',
    at: time,
  })
}

/** More evidence than that is not weighed against each other. */
const MOST_ROUNDS = 64

class CertificateJudge {
  private readonly question: CertificateQuestion
  private readonly grounds: Grounds
  private readonly proofs: ProofsOfExistence

  constructor(question: CertificateQuestion, grounds: Grounds, proofs: ProofsOfExistence) {
    this.question = question
    this.grounds = grounds
    this.proofs = proofs
  }

  today(): CertificateVerdict {
    const { at, sources } = this.grounds
    const report = this.ask(at, sources, 'require')
    const verdict = this.settle(this.withoutStatus(report, at), at)
    if (verdict.subIndication !== 'OUT_OF_BOUNDS_NO_POE') return verdict
    return this.isKnownGoodToTheEnd(sources) ? { ...verdict, subIndication: 'OUT_OF_BOUNDS_NOT_REVOKED' } : verdict
  }

  /** @param at the control time */
  past(at: Date): CertificateVerdict {
    let sources = this.grounds.sources
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const report = this.ask(at, sources, 'require')
      const doubtful = this.findDoubtful(report)
      if (doubtful.size > 0) {
        sources = this.grounds.effort.without(sources, doubtful)
        continue
      }
      // What is left out for want of a proof cannot be told from what was never there.
      if (report.subIndication === 'TRY_LATER' && sources !== this.grounds.sources && !this.isLenient())
        return tellPath(report, at, this.proofs, { subIndication: 'NO_POE', reason: NOT_PROVEN })
      return this.settle(this.withoutStatus(report, at), at)
    }
    return verdictOf({
      indication: 'INDETERMINATE',
      subIndication: 'NO_POE',
      reason: 'There is more evidence than can be weighed.',
      at,
    })
  }

  private isLenient = (): boolean => this.grounds.revocation === 'if-known'

  private ask(at: Date, sources: RevocationSources, revocation: 'require' | 'none'): PathReport {
    const { certificate, certificates } = this.question
    const { trustAnchors, trustedResponders, pinnedAnchors, allowLegacyAlgorithms, profile, effort } = this.grounds
    return effort.ask([certificate.sha256, at.getTime(), revocation, sources, certificates], () =>
      checkPath({
        certificate,
        trustAnchors,
        intermediates: [...certificates, ...this.grounds.intermediates],
        crls: sources.crls,
        ocspResponses: sources.ocspResponses,
        at,
        now: this.grounds.at,
        revocation,
        trustedResponders,
        pinnedAnchors,
        allowLegacyAlgorithms,
        profile,
        cache: effort.cache,
      }),
    )
  }

  /** Where the status is wished for and not required, a path without one passes. */
  private withoutStatus(report: PathReport, at: Date): PathReport {
    if (report.subIndication !== 'TRY_LATER' || !this.isLenient()) return report
    const bare = this.ask(at, this.grounds.sources, 'none')
    return bare.indication === 'PASSED' ? bare : report
  }

  /**
   * Evidence that could have been made later than it says: its signer's certificate had ended before it is proven to exist. And
   * such as says to be newer than the proof of its own existence.
   */
  private findDoubtful({ revocation }: PathReport): Set<string> {
    const doubtful = new Set<string>()
    for (const { report } of revocation)
      for (const { sha256, signer, thisUpdate } of report.evidence) {
        const known = this.proofs.existedAt(sha256)
        const inForce = known <= signer.notAfter && !this.wasRevoked(signer, known)
        const newer = thisUpdate.getTime() > known.getTime() + SKEW_MS
        if (report.status === 'good' && (!inForce || newer)) doubtful.add(sha256)
      }
    return doubtful
  }

  /** The signer of evidence was itself revoked before the evidence is proven to exist. */
  private wasRevoked(signer: Certificate, known: Date): boolean {
    const { trustAnchors, intermediates } = this.grounds
    const pool = [...trustAnchors, ...this.question.certificates, ...intermediates]
    const issuers = pool.filter(({ subject }) => subject.key === signer.issuer.key)
    return issuers.some((issuer) => {
      const revoked = this.revocationOf(signer, issuer)
      return revoked !== undefined && revoked.since <= known
    })
  }

  private revocationOf(certificate: Certificate, issuer: Certificate): KnownRevocation | undefined {
    const { effort, sources } = this.grounds
    return effort.revocationOf(certificate, issuer, () => findRevocation(certificate, issuer, sources, effort.verify))
  }

  /** What the path said, and besides it every revocation that anything at hand tells of. */
  private settle(report: PathReport, at: Date): CertificateVerdict {
    const told = tellPath(report, at, this.proofs)
    if (report.indication !== 'PASSED') return told
    for (const [i, certificate] of report.path.entries()) {
      const issuer = report.path[i - 1]
      const revoked = issuer && this.revocationOf(certificate, issuer)
      if (!revoked || this.isProvenBefore(revoked, report.path.slice(i))) continue
      const isLast = i === report.path.length - 1
      return {
        ...told,
        indication: 'INDETERMINATE',
        subIndication: isLast ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE',
        reason: `${isLast ? 'The certificate' : 'An authority in the path'} was revoked on ${revoked.since.toISOString()}, and nothing proves that the signature is older.`,
        revokedAt: revoked.since,
        checks: told.checks.map((check) => (check.name === 'revocation' ? { ...check, result: 'failed' } : check)),
      }
    }
    const spent = this.grounds.effort.spent()
    return spent ? tellPath(spent, at, this.proofs) : told
  }

  /**
   * What is signed existed before the revocation; under a revoked authority so did every certificate, lest one was made since. The
   * last is vouched for by what it signed, which names it.
   */
  private isProvenBefore({ since, reason }: KnownRevocation, below: readonly Certificate[]): boolean {
    const { existedAt, harmlessReasons, signedAt } = this.question
    const harmless = reason !== undefined && harmlessReasons?.has(reason) && signedAt !== undefined
    if (harmless && below.length === 1) return signedAt < since
    if (existedAt >= since) return false
    return below.slice(1, -1).every(({ sha256 }) => this.proofs.existedAt(sha256) < since)
  }

  /** Someone vouches for the certificate's whole life, also after its end (EN 319 102-1, OUT_OF_BOUNDS_NOT_REVOKED). */
  private isKnownGoodToTheEnd(sources: RevocationSources): boolean {
    const end = this.question.certificate.notAfter
    const report = this.ask(end, sources, 'require')
    const last = report.revocation.at(-1)
    return report.indication === 'PASSED' && last !== undefined && last.report.evidence.some((e) => e.thisUpdate >= end)
  }
}

const NOT_PROVEN = 'Nothing proves that the evidence at hand was there while its authority was in force.'
const SKEW_MS = 60_000
