import { createHash } from 'node:crypto'
import type { ValidationData } from './facts.ts'

/** The proofs of existence that were gathered so far (EN 319 102-1, 5.6.2.3): the earliest counts. */
export interface ProofsOfExistence {
  prove(sha256: string, time: Date): void
  /** The time of validation where nothing proves an earlier one. */
  existedAt(sha256: string): Date
}

export function createProofs(now: Date): ProofsOfExistence {
  const times = new Map<string, Date>()
  return {
    prove(sha256, time) {
      const known = times.get(sha256)
      if (!known || time < known) times.set(sha256, time)
    },
    existedAt: (sha256) => times.get(sha256) ?? now,
  }
}

/** All that a time-stamp covers was there when it was made. */
export function proveAll(proofs: ProofsOfExistence, covers: ValidationData, time: Date): void {
  for (const each of [...covers.certificates, ...covers.crls, ...covers.ocspResponses])
    proofs.prove(createHash('sha256').update(each).digest('hex'), time)
}
