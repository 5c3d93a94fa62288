import { sha256 } from '#kernel/bytes.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { type AlgorithmEnd, CURRENT_ALGORITHMS, reliableUntil } from '#trust/validation/algorithms.ts'

/** Milliseconds before the end of a proof in which it is renewed. */
export const MARGIN = 180 * 86_400_000

/**
 * Until when a time-stamp is proof by itself: the end of its authority's certificate, of those above it, and of the algorithms of
 * each of them.
 * @param path from the anchor down to the one that stamped
 * @param hashes that the time-stamp is made with
 */
export function endOfProof(
  path: readonly Certificate[],
  algorithms: readonly AlgorithmEnd[] = CURRENT_ALGORITHMS,
  hashes: readonly Hash[] = ['sha256'],
): Date {
  const ends = path.flatMap((each) => [
    each.notAfter,
    ...hashes.flatMap((hash) => reliableUntil(each, hash, algorithms) ?? []),
  ])
  return new Date(Math.min(...ends.map((end) => end.getTime())))
}

/** What is stamped from now on: SHA-512 as soon as anybody knows when SHA-256 ends. */
export const hashToStamp = (algorithms: readonly AlgorithmEnd[] = CURRENT_ALGORITHMS): 'sha256' | 'sha512' =>
  algorithms.some((end) => 'hash' in end && end.hash === 'sha256') ? 'sha512' : 'sha256'

/**
 * When the next time-stamp is due: half a year before the last one ends, or a third of its time where that is short. Documents
 * that one authority stamped are spread over as long again before it, so that not all of them fall due on one day.
 */
export function renewalOf(documentId: string, proof: ProofOfTime): Date {
  const margin = marginOf(proof)
  const fraction = sha256(documentId).readUInt32BE() / 2 ** 32
  return new Date(proof.endsAt.getTime() - margin - Math.floor((fraction * margin) / 2))
}

export interface ProofOfTime {
  stampedAt: Date
  endsAt: Date
}

const marginOf = ({ stampedAt, endsAt }: ProofOfTime): number =>
  Math.max(0, Math.min(MARGIN, (endsAt.getTime() - stampedAt.getTime()) / 3))

/** The last time-stamp that was appended to a document. */
export interface LastProof extends ProofOfTime {
  /** Whether everything that is needed to judge the signatures was there by then. */
  complete: boolean
}

export interface Standing {
  now: Date
  /** When the document was taken into the schedule. */
  takenAt: Date
  proof: LastProof | undefined
  /** Something that is needed to judge the signatures is still missing. */
  lacks: boolean
  /** Of the time-stamp that would be made now; undefined where nobody vouches for whoever would make it. */
  endsAt: Date | undefined
}

const DAY = 86_400_000

/**
 * What can be done for a document now. A time-stamp that proves no longer than the last one is not made: it would be made again and
 * again. What is missing is waited for, but not at the price of the proof that there is: a day at first, then until half of the
 * margin is left.
 */
export function stepOf({ now, takenAt, proof, lacks, endsAt }: Standing): 'complete' | 'prove-time' | 'wait' {
  if (!endsAt || endsAt <= now) return 'wait'
  if (proof && endsAt <= proof.endsAt && (proof.complete || lacks)) return 'wait'
  if (!lacks) return 'complete'
  const lastCall = proof ? proof.endsAt.getTime() - marginOf(proof) / 2 : takenAt.getTime() + DAY
  return now.getTime() > lastCall ? 'prove-time' : 'wait'
}

const MINUTE = 60_000
export const LONGEST_WAIT = 6 * 60 * MINUTE

/** A source that is silent only delays: asked again after a minute, then ever more seldom, four times a day at the least. */
export function nextTry(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(LONGEST_WAIT, MINUTE * 3 ** Math.min(tries, 10)))
}
