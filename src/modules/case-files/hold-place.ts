import { Refusal } from '#kernel/refusal.ts'
import type { CaseFilesCode } from './errors.ts'

export interface Places {
  /** Whoever holds a place gives it back exactly once. @throws Refusal `case-file-busy` */
  take(account: string): () => void
}

/** So many files at once in this process, being made or sent, and one for each account: what each costs is bounded elsewhere. */
export function openPlaces(most: number): Places {
  const held = new Set<string>()
  return {
    take(account) {
      if (held.size >= most || held.has(account)) throw new Refusal<CaseFilesCode>('case-file-busy', {}, 503)
      held.add(account)
      return () => held.delete(account)
    },
  }
}
