import { Refusal } from '#kernel/refusal.ts'
import type { CaseFilesCode } from './errors.ts'

export interface Places {
  /** Whoever holds a place gives it back exactly once. @throws Refusal `case-file-busy` */
  take(account: string): () => void
  /** Does the work in its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

/**
 * So many files in hand in this process, being made or sent, one for each account; and so many of them being made at once, the
 * others in the order in which they came.
 */
export function openPlaces(most: number, atOnce: number): Places {
  const held = new Set<string>()
  const waiting: Array<() => void> = []
  let working = 0

  return {
    take(account) {
      if (held.size >= most || held.has(account)) throw new Refusal<CaseFilesCode>('case-file-busy', {}, 503)
      held.add(account)
      return () => held.delete(account)
    },
    async inTurn(work) {
      if (working >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
      else working += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else working -= 1
      }
    },
  }
}
