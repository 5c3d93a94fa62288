import { Refusal } from '#kernel/refusal.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { RevocationReport } from '#trust/revocation/report.ts'
import { askByCrl } from './ask-by-crl.ts'
import { askByOcsp } from './ask-by-ocsp.ts'
import type { AskingParts } from './asking.ts'
import type { SignInCode } from './errors.ts'
import { type HeldLists, openHeldLists } from './held-lists.ts'
import type { RevocationSources } from './revocation-sources.ts'
import type { SessionWarning } from './session.ts'

export interface RevocationFinding {
  warnings: SessionWarning[]
  /** The raw answer it rests on, kept in the database too; none where the demo lets an issuer without source through. */
  evidence: { kind: 'crl' | 'ocsp'; sha256: Buffer; answer: Buffer } | null
}

export interface RevocationParts extends AskingParts {
  sources: RevocationSources
  /** Where others in this process hold the same lists. */
  lists?: HeldLists
  /** Lets an issuer without any source through, with a warning. */
  demo: boolean
}

export type RevocationCheck = (certificate: Certificate, issuer: Certificate, at: Date) => Promise<RevocationFinding>

/**
 * Asks the issuer's own sources, as configured, whether a certificate was revoked. What silence means is written in
 * docs/decisions/011-revocation-grace.md. The check throws Refusal `revoked` or `revocation-unknown`.
 */
export function openRevocationCheck(parts: RevocationParts): RevocationCheck {
  const ways = [askByOcsp(parts), askByCrl(parts.lists ?? openHeldLists(parts))]
  return async (certificate, issuer, at) => {
    const source = parts.sources.get(issuer.sha256)
    if (!source && parts.demo) return { warnings: ['revocation-not-checked'], evidence: null }
    if (!source) throw refuse('revocation-unknown', 503)
    const question = { certificate, issuer, at, source }
    for (const way of ways) {
      const report = await way.fresh(question)
      if (report) return conclude(report, [])
    }
    for (const way of ways) {
      const report = await way.late(question)
      if (report) return conclude(report, ['revocation-grace'])
    }
    throw refuse('revocation-unknown', 503)
  }
}

function conclude({ status, evidence }: RevocationReport, warnings: SessionWarning[]): RevocationFinding {
  if (status === 'revoked') throw refuse('revoked', 403)
  const [first] = evidence
  if (status !== 'good' || !first) throw refuse('revocation-unknown', 503)
  return { warnings, evidence: { kind: first.kind, sha256: Buffer.from(first.sha256, 'hex'), answer: first.der } }
}

function refuse(code: SignInCode, status: number): Refusal<SignInCode> {
  return new Refusal(code, {}, status)
}
