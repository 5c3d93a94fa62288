import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type SignatureVerdict, verifySignature } from '#trust/certificate/verify-signature.ts'
import type { RevocationReport, Signed, Signers } from '#trust/revocation/report.ts'
import type { AnswerStore } from './revocation-answers.ts'
import type { RevocationSource } from './revocation-sources.ts'

export interface Question {
  certificate: Certificate
  issuer: Certificate
  at: Date
  source: RevocationSource
}

/** One way to ask. Both say good or revoked, or nothing. */
export interface Asking {
  /** By an answer that is current. */
  fresh(question: Question): Promise<RevocationReport | undefined>
  /** By the last answer there was, where it is not older than the days of grace allow. */
  late(question: Question): Promise<RevocationReport | undefined>
}

export interface AskingParts {
  answers: AnswerStore
  responder(sha256: string): Certificate | undefined
  onSilence(issuer: string, error: unknown): void
}

export const HOUR = 3_600_000

/** Good or revoked; nothing else decides. */
export function decided(report: RevocationReport): RevocationReport | undefined {
  return report.status === 'unknown' ? undefined : report
}

export type Verify = (item: Signed, signer: Certificate) => SignatureVerdict

export function signersOf(issuer: Certificate, verify: Verify): Signers {
  return {
    named: (name) => (sameName(issuer.subject, name) ? [issuer] : []),
    isTrusted: (candidate) => candidate === issuer,
    verify,
  }
}

/** A list of megabytes is hashed once, not at every sign-in. */
export function verifyOnce(): Verify {
  const known = new WeakMap<Signed, Map<string, SignatureVerdict>>()
  return (item, signer) => {
    const verdicts = known.get(item) ?? new Map<string, SignatureVerdict>()
    known.set(item, verdicts)
    let verdict = verdicts.get(signer.sha256)
    if (!verdict) {
      verdict = verifySignature(item.signatureAlgorithm, signer.publicKey, item.tbs, item.signature)
      verdicts.set(signer.sha256, verdict)
    }
    return verdict
  }
}

/** A source that failed is left alone for so long, so that not everybody waits for its silence. */
export function restAfterFailure(seconds: number) {
  const until = new Map<string, number>()
  return {
    isResting: (issuer: string, at: Date) => at.getTime() < (until.get(issuer) ?? 0),
    rest: (issuer: string, at: Date) => void until.set(issuer, at.getTime() + seconds * 1000),
  }
}
