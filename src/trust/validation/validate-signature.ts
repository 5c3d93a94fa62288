import { reliableUntil } from './algorithms.ts'
import type { FormatFailure, SignatureFacts } from './facts.ts'
import type { Grounds } from './grounds.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { createProofs } from './proofs.ts'
import type {
  CertificateVerdict,
  NotKnown,
  Proof,
  SignatureIndication,
  SignatureValidation,
  TimestampValidation,
  ValidationCheck,
  ValidationSubIndication,
} from './report.ts'
import { type TimestampsReport, validateTimestamps } from './validate-timestamps.ts'

export interface SignatureQuestion {
  facts: SignatureFacts
  /** Proven by other means than time-stamps: the log's signed checkpoint, for one. */
  existence?: { time: Date; by: 'log' | 'clock' }
  /** Why the signature cannot count although it is sound: what was done to the file since. One sentence. */
  constraintFailure?: string
}

interface Answer {
  indication: SignatureIndication
  subIndication?: ValidationSubIndication
  reason: string
}

/**
 * Validates one signature of any format (EN 319 102-1, 5.6: with archival data; where there is none it is 5.5, with time, and where
 * no time either 5.3, basic). Pure: no network, no clock; never throws for what the bytes were.
 */
export function validateSignature(question: SignatureQuestion, grounds: Grounds): SignatureValidation {
  const { facts, existence } = question
  const proofs = createProofs(grounds.at)
  const stamps = validateTimestamps(facts, grounds, proofs)
  const proven = proofsOf(stamps.timestamps, existence)
  const bestSignatureTime = proven[0]?.time ?? grounds.at
  const verdict =
    facts.sound && facts.signer
      ? judgeCertificate(
          {
            certificate: facts.signer,
            certificates: facts.certificates,
            existedAt: bestSignatureTime,
            byHeart: isSaid(facts, proven, grounds.knowsSigner),
          },
          grounds,
          proofs,
        )
      : undefined
  const decided = decide(question, stamps, bestSignatureTime, verdict, grounds)
  const withdrawn = decided.indication === 'TOTAL-PASSED' && isSaid(facts, proven, grounds.isWithdrawn)
  const answer = withdrawn ? WITHDRAWN : decided
  return {
    sound: facts.sound,
    ...answer,
    subIndication: answer.subIndication,
    validatedAt: grounds.at,
    bestSignatureTime,
    proofs: proven,
    signer: facts.signer,
    verdict,
    timestamps: stamps.timestamps,
    checks: checksOf(question, stamps, verdict, { at: grounds.at, bestSignatureTime }),
    notKnown: notKnownOf(stamps, verdict, grounds.at),
  }
}

const WITHDRAWN: Answer = {
  indication: 'INDETERMINATE',
  subIndication: 'REVOKED_NO_POE',
  reason: 'The certificate was put out of use, and nothing proves that the signature is older.',
}

/** What a time-stamp proves, not what is believed for other reasons: a key that was lost could have signed at any time. */
function isSaid(
  { signer, claimedTime }: SignatureFacts,
  proven: readonly Proof[],
  says: Grounds['knowsSigner'],
): boolean {
  const stamped = proven.find(({ by }) => by === 'time-stamp')?.time
  return signer !== undefined && says?.(signer, { proven: stamped, claimed: claimedTime }) === true
}

export function proofsOf(
  timestamps: readonly TimestampValidation[],
  existence: SignatureQuestion['existence'],
): Proof[] {
  const stamped = timestamps.flatMap(({ indication, time }): Proof[] =>
    indication === 'PASSED' ? [{ sha256: undefined, time, by: 'time-stamp' }] : [],
  )
  const all = existence ? [...stamped, { sha256: undefined, ...existence }] : stamped
  return all.sort((a, b) => a.time.getTime() - b.time.getTime())
}

const FAILED: readonly FormatFailure[] = ['FORMAT_FAILURE', 'HASH_FAILURE', 'SIG_CRYPTO_FAILURE']

const UNSOUND: Record<FormatFailure, string> = {
  FORMAT_FAILURE: 'The signature is not of a form that is accepted.',
  HASH_FAILURE: 'What was signed is not what is here.',
  SIG_CRYPTO_FAILURE: 'The signature value does not hold.',
  NO_SIGNING_CERTIFICATE_FOUND: 'The signer’s certificate is missing.',
  SIG_CONSTRAINTS_FAILURE: 'The signature is not as it must be.',
  SIGNED_DATA_NOT_FOUND: 'What was signed is not here.',
  CRYPTO_CONSTRAINTS_FAILURE: 'The signature is made with an algorithm or a key that is not accepted.',
}

/** The bytes first, then what was done since, then whom to believe (5.3), then the order of the times (5.5.4). */
function decide(
  { facts, constraintFailure }: SignatureQuestion,
  stamps: TimestampsReport,
  best: Date,
  verdict: CertificateVerdict | undefined,
  { algorithms }: Grounds,
): Answer {
  if (!facts.sound) {
    const failure = facts.failure ?? 'SIG_CRYPTO_FAILURE'
    return { indication: indicationOf(FAILED.includes(failure)), subIndication: failure, reason: UNSOUND[failure] }
  }
  if (!facts.signer || !verdict)
    return {
      indication: 'INDETERMINATE',
      subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
      reason: UNSOUND.NO_SIGNING_CERTIFICATE_FOUND,
    }
  if (constraintFailure !== undefined)
    return { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE', reason: constraintFailure }
  if (best < facts.signer.notBefore)
    return {
      indication: 'TOTAL-FAILED',
      subIndication: 'NOT_YET_VALID',
      reason: 'The signature is proven older than the signer’s certificate.',
    }
  const ended = reliableUntil(facts.signer, facts.digest, algorithms)
  if (ended && best > ended)
    return {
      indication: 'INDETERMINATE',
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      reason: `The signature is made with an algorithm that was reliable until ${ended.toISOString()}, and nothing proves that it is older.`,
    }
  if (verdict.indication !== 'PASSED') return fromVerdict(verdict, facts)
  if (stamps.outOfOrder)
    return {
      indication: 'INDETERMINATE',
      subIndication: 'TIMESTAMP_ORDER_FAILURE',
      reason: 'Two trusted time-stamps contradict each other.',
    }
  return { indication: 'TOTAL-PASSED', reason: 'The signature holds, by a certificate of a trusted authority.' }
}

const indicationOf = (failed: boolean): SignatureIndication => (failed ? 'TOTAL-FAILED' : 'INDETERMINATE')

/** A signer who says to have signed after the revocation needs no further proof (EN 319 102-1, REVOKED). */
function fromVerdict(
  { indication, subIndication, reason, revokedAt }: CertificateVerdict,
  { claimedTime }: SignatureFacts,
): Answer {
  const admitted = subIndication === 'REVOKED_NO_POE' && revokedAt && claimedTime && claimedTime >= revokedAt
  if (admitted) return { indication: 'TOTAL-FAILED', subIndication: 'REVOKED', reason }
  return { indication: indicationOf(indication === 'FAILED'), subIndication, reason }
}

function checksOf(
  { facts, existence, constraintFailure }: SignatureQuestion,
  { timestamps, outOfOrder }: TimestampsReport,
  verdict: CertificateVerdict | undefined,
  { at, bestSignatureTime }: { at: Date; bestSignatureTime: Date },
): ValidationCheck[] {
  const failure = facts.sound ? undefined : (facts.failure ?? 'SIG_CRYPTO_FAILURE')
  const check = (name: ValidationCheck['name'], ok: boolean, detail: string): ValidationCheck => ({
    name,
    result: ok ? 'ok' : 'failed',
    detail,
    at,
    evidence: [],
  })
  const trusted = timestamps.filter(({ indication }) => indication === 'PASSED')
  const proven = trusted.length > 0 || existence !== undefined
  return [
    failure === 'FORMAT_FAILURE'
      ? check('format', false, UNSOUND.FORMAT_FAILURE)
      : check('format', true, 'The signature is of a form that is accepted.'),
    ...(failure === 'FORMAT_FAILURE'
      ? []
      : [check('integrity', !failure, failure ? UNSOUND[failure] : 'Bytes, digest and signature value agree.')]),
    ...(constraintFailure === undefined ? [] : [check('constraints', false, constraintFailure)]),
    ...(timestamps.length === 0
      ? []
      : [
          {
            ...check('time-stamps', trusted.length > 0 && !outOfOrder, tellStamps(trusted.length, timestamps.length)),
            evidence: timestamps.flatMap(evidenceOfStamp),
          },
        ]),
    {
      ...check(
        'existence',
        true,
        proven ? 'The signature is proven to have been there then.' : 'Nothing proves that the signature is older.',
      ),
      result: proven ? 'ok' : 'unknown',
      at: bestSignatureTime,
    },
    ...(verdict?.checks ?? []),
  ]
}

const tellStamps = (trusted: number, all: number): string =>
  `${trusted} of ${all} time-stamps ${all === 1 || trusted === 1 ? 'is' : 'are'} of a trusted authority and in order.`

function evidenceOfStamp({ signer, existedAt }: TimestampValidation): ValidationCheck['evidence'] {
  if (!signer) return []
  const { sha256, notBefore, notAfter } = signer
  return [{ kind: 'certificate', sha256, notBefore, notAfter, existedAt }]
}

function notKnownOf({ timestamps }: TimestampsReport, verdict: CertificateVerdict | undefined, at: Date): NotKnown[] {
  const newest = timestamps.findLast(({ indication }) => indication === 'PASSED')
  const stamp = newest?.verdict?.unknownSince
  const signer = verdict?.indication === 'PASSED' ? verdict.unknownSince : undefined
  return [
    ...(signer && signer < at ? [{ what: 'revocation-of-signer' as const, since: signer }] : []),
    ...(stamp && stamp < at ? [{ what: 'revocation-of-time-stamp-authority' as const, since: stamp }] : []),
  ]
}
