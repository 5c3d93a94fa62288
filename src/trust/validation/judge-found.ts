import type { ExamineTrust } from './examine.ts'
import type { Anchor, SignatureReport } from './file-report.ts'
import type { Grounds } from './grounds.ts'
import { createProofs } from './proofs.ts'
import type { CertificateVerdict, ValidationCheck } from './report.ts'
import type { FoundSignature } from './signed-file.ts'
import { proofsOf, validateSignature } from './validate-signature.ts'
import { validateTimestamps } from './validate-timestamps.ts'

/** One signature or time-stamp of a file, judged (EN 319 102-1, 5.6 and 5.4). */
export function judgeFound(found: FoundSignature, grounds: Grounds, trust: ExamineTrust): SignatureReport {
  const report = found.kind === 'time-stamp' ? judgeStamp(found, grounds) : judgeSignature(found, grounds, trust)
  const trusted = report.indication === 'PASSED' || report.indication === 'TOTAL-PASSED'
  return { ...report, trusted, anchor: anchorOf(report.verdict, report.signer, trust) }
}

type Judged = Omit<SignatureReport, 'trusted' | 'anchor'>

function judgeSignature(found: FoundSignature, grounds: Grounds, trust: ExamineTrust): Judged {
  const { facts, constraintFailure } = found
  const existence = trust.existenceOf?.(found)
  return { found, ...validateSignature({ facts, existence, constraintFailure }, grounds) }
}

/** The building block for time-stamps (5.4), by the rules under which it would prove something. */
function judgeStamp(found: FoundSignature, grounds: Grounds): Judged {
  const { facts, stamp, constraintFailure } = found
  const base = { found, sound: facts.sound, signer: facts.signer, validatedAt: grounds.at, notKnown: [] }
  if (!stamp)
    return {
      ...base,
      indication: facts.failure === 'SIGNED_DATA_NOT_FOUND' ? 'INDETERMINATE' : 'FAILED',
      subIndication: facts.failure ?? 'FORMAT_FAILURE',
      reason:
        facts.failure === 'SIGNED_DATA_NOT_FOUND'
          ? 'What is stamped is not here.'
          : 'The time-stamp cannot be read, or stamps something else.',
      bestSignatureTime: grounds.at,
      proofs: [],
      verdict: undefined,
      timestamps: [],
      checks: [integrity(false, grounds.at)],
    }
  const { timestamps } = validateTimestamps(
    { timestamps: [stamp, ...facts.timestamps] },
    grounds,
    createProofs(grounds.at),
  )
  const [own, ...later] = timestamps
  const changed = constraintFailure !== undefined && own!.indication === 'PASSED'
  const since = own!.indication === 'PASSED' ? own!.verdict?.unknownSince : undefined
  return {
    ...base,
    indication: changed ? 'INDETERMINATE' : own!.indication,
    subIndication: changed ? 'SIG_CONSTRAINTS_FAILURE' : own!.subIndication,
    reason: changed ? constraintFailure : own!.reason,
    bestSignatureTime: own!.existedAt,
    proofs: proofsOf(later, undefined),
    verdict: own!.verdict,
    timestamps: later,
    checks: [integrity(facts.sound, grounds.at), ...(own!.verdict?.checks ?? [])],
    notKnown: since && since < grounds.at ? [{ what: 'revocation-of-time-stamp-authority', since }] : [],
  }
}

const integrity = (ok: boolean, at: Date): ValidationCheck => ({
  name: 'integrity',
  result: ok ? 'ok' : 'failed',
  detail: ok ? 'Bytes, digest and signature value agree.' : 'The time-stamp does not hold.',
  at,
  evidence: [],
})

/** Whom it rests on, also where that is not enough; `itself` where no path was asked for. */
export function anchorOf(
  verdict: CertificateVerdict | undefined,
  certificate: SignatureReport['signer'],
  { isDemo = () => false }: Pick<ExamineTrust, 'isDemo'>,
): Anchor | undefined {
  if (!verdict) return undefined
  const anchor = verdict.path?.anchor
  if (anchor) return { certificate: anchor, itself: false, demo: isDemo(anchor) }
  if (verdict.path || !certificate || verdict.indication !== 'PASSED') return undefined
  return { certificate, itself: true, demo: isDemo(certificate) }
}
