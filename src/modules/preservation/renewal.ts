import { sha256 } from '#kernel/bytes.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type AlgorithmEnd, CURRENT_ALGORITHMS, reliableUntil } from '#trust/validation/algorithms.ts'

/** Milliseconds before the end of a proof in which it is renewed. */
export const MARGIN = 180 * 86_400_000

/**
 * Until when a time-stamp is proof by itself: the end of its authority's certificate, of those above it, and of the algorithms of
 * each of them.
 * @param path from the anchor down to the one that stamped
 */
export function endOfProof(
  path: readonly Certificate[],
  algorithms: readonly AlgorithmEnd[] = CURRENT_ALGORITHMS,
): Date {
  const ends = path.flatMap((each) => [each.notAfter, reliableUntil(each, 'sha256', algorithms) ?? each.notAfter])
  return new Date(Math.min(...ends.map((end) => end.getTime())))
}

/**
 * When the next time-stamp is due: half a year before the last one ends, or a third of its time where that is short. Documents
 * that one authority stamped are spread over as long again before it, so that not all of them fall due on one day.
 */
export function renewalOf(documentId: string, { stampedAt, endsAt }: { stampedAt: Date; endsAt: Date }): Date {
  const margin = Math.max(0, Math.min(MARGIN, (endsAt.getTime() - stampedAt.getTime()) / 3))
  const fraction = sha256(documentId).readUInt32BE() / 2 ** 32
  return new Date(endsAt.getTime() - margin - Math.floor((fraction * margin) / 2))
}

const MINUTE = 60_000
const LONGEST_WAIT = 6 * 60 * MINUTE

/** A source that is silent only delays: asked again after a minute, then ever more seldom, four times a day at the least. */
export function nextTry(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(LONGEST_WAIT, MINUTE * 3 ** Math.min(tries, 10)))
}
