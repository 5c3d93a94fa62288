import { reliableUntil } from './algorithms.ts'
import type { CoveringTimestamp, SignatureFacts } from './facts.ts'
import type { Grounds } from './grounds.ts'
import { type CertificateQuestion, judgeCertificate, judgeCertificateThen } from './judge-certificate.ts'
import { type ProofsOfExistence, proveAll } from './proofs.ts'
import type { CertificateVerdict, TimestampValidation } from './report.ts'

export interface TimestampsReport {
  /** In the order in which they were made. */
  timestamps: TimestampValidation[]
  /** The earliest time that a trusted one says. */
  earliest: Date | undefined
  /** Two that are trusted contradict each other. */
  outOfOrder: boolean
}

/**
 * From the newest to the oldest (EN 319 102-1, 5.6.3.4): each is judged for the time at which the later ones prove that it was
 * there, and proves in turn what it covers. One of an authority that nobody trusts proves nothing.
 */
export function validateTimestamps(
  { timestamps }: Pick<SignatureFacts, 'timestamps'>,
  grounds: Grounds,
  proofs: ProofsOfExistence,
): TimestampsReport {
  const reports: TimestampValidation[] = []
  const trusted: CoveringTimestamp[] = []
  let earliest: Date | undefined
  for (const stamp of timestamps.toReversed()) {
    const report = validateOne(stamp, existenceOf(stamp, trusted, grounds.at), grounds, proofs)
    reports.unshift(report)
    if (report.indication !== 'PASSED') continue
    const { time } = stamp.report
    if (stamp.kind === 'archive') {
      proveAll(proofs, stamp.covers, time)
      trusted.push(stamp)
    }
    if (!earliest || time < earliest) earliest = time
  }
  return { timestamps: reports, earliest, outOfOrder: reports.some(isOutOfOrder) }
}

/** Since when the trusted ones that cover it prove a time-stamp to have been there. */
function existenceOf(stamp: CoveringTimestamp, trusted: readonly CoveringTimestamp[], now: Date): Date {
  const covering = trusted.filter(({ coversStamps }) => coversStamps === undefined || coversStamps.has(stamp))
  return new Date(Math.min(now.getTime(), ...covering.map(({ report }) => report.time.getTime())))
}

const isOutOfOrder = ({ subIndication, verdict }: TimestampValidation): boolean =>
  subIndication === 'TIMESTAMP_ORDER_FAILURE' && verdict !== undefined

/** Clocks of authorities differ by no more than that. */
const SKEW_MS = 60_000

function validateOne(
  stamp: CoveringTimestamp,
  existedAt: Date,
  grounds: Grounds,
  proofs: ProofsOfExistence,
): TimestampValidation {
  const { kind, report } = stamp
  const { time, signer } = report
  const base = { kind, time, signer, existedAt, verdict: undefined }
  if (signer && time < signer.notBefore)
    return {
      ...base,
      indication: 'FAILED',
      subIndication: 'NOT_YET_VALID',
      reason: 'The time-stamp says a time before its authority’s certificate.',
    }
  if (!signer)
    return {
      ...base,
      indication: 'INDETERMINATE',
      subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
      reason: 'The time-stamp does not bring its authority’s certificate.',
    }
  if (!report.sound)
    return {
      ...base,
      indication: 'FAILED',
      subIndication: 'SIG_CRYPTO_FAILURE',
      reason: 'The time-stamp does not hold.',
    }
  const indeterminate = { ...base, indication: 'INDETERMINATE' as const }
  if (time.getTime() > grounds.at.getTime() + SKEW_MS)
    return { ...indeterminate, subIndication: 'TIMESTAMP_ORDER_FAILURE', reason: 'The time-stamp says a time to come.' }
  // What is stamped is only as sure as its digest: a second document for it would seem as old.
  const ends = (report.hashes ?? [undefined]).map((hash) => reliableUntil(signer, hash, grounds.algorithms))
  const [ended] = ends.filter((end) => end !== undefined).sort((a, b) => a.getTime() - b.getTime())
  if (ended && existedAt > ended)
    return {
      ...indeterminate,
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      reason: 'The time-stamp is made with an algorithm that is no longer reliable.',
    }
  const verdict = judgeAuthority(stamp, existedAt, grounds, proofs)
  const { indication, subIndication, reason } = verdict
  if (indication === 'PASSED' && time.getTime() > existedAt.getTime() + SKEW_MS)
    return {
      ...indeterminate,
      verdict,
      subIndication: 'TIMESTAMP_ORDER_FAILURE',
      reason: 'The time-stamp says a later time than one that covers it.',
    }
  return { ...base, verdict, indication, subIndication, reason }
}

/** For which an authority's certificate ends without a doubt about earlier tokens, where the list says so (RFC 3161, 4, 1). */
const HARMLESS = new Set(['affiliationChanged', 'superseded', 'cessationOfOperation'])

function judgeAuthority(
  { report: { signer, certificates, time } }: CoveringTimestamp,
  existedAt: Date,
  grounds: Grounds,
  proofs: ProofsOfExistence,
): CertificateVerdict {
  const question: CertificateQuestion = {
    certificate: signer!,
    certificates,
    existedAt,
    harmlessReasons: HARMLESS,
    signedAt: time,
  }
  const verdict = judgeCertificate(question, grounds, proofs)
  if (existedAt > signer!.notAfter) return verdict
  // Revoked, but perhaps for a reason that leaves what it stamped before as it was.
  const isRevoked = verdict.subIndication === 'REVOKED_NO_POE'
  // The newest has nothing after it that could vouch for it, and offline nobody can be asked (docs/decisions/053).
  const isSilent = verdict.subIndication === 'TRY_LATER' && existedAt >= grounds.at
  if (!isRevoked && !isSilent) return verdict
  const then = judgeCertificateThen(question, grounds, proofs, time)
  if (then.indication !== 'PASSED') return verdict
  return { ...then, unknownSince: isSilent ? (newestOf(then) ?? time) : undefined }
}

function newestOf({ checks }: CertificateVerdict): Date | undefined {
  const times = checks.flatMap(({ name, evidence }) =>
    name === 'revocation' ? evidence.map(({ thisUpdate }) => thisUpdate?.getTime() ?? 0) : [],
  )
  return times.length > 0 ? new Date(Math.max(...times)) : undefined
}
