import type { SignatureFacts } from '#trust/validation/facts.ts'
import type { AsicReport, AsicSignature } from './asic-report.ts'

export interface AsicSignatureFacts {
  signature: AsicSignature
  facts: SignatureFacts
  /** Why the signature cannot count although it is sound: what lies beside what it covers. One sentence, as `validateSignature` takes it. */
  constraintFailure: string | undefined
}

/**
 * Every signature of a verified container as its validation begins with it (EN 319 102-1, 5.2). A file that nobody signed, in a container
 * that was signed, counts against every signature in it: whoever opens it cannot tell them apart.
 */
export function asicFacts({ signatures, uncovered }: AsicReport): AsicSignatureFacts[] {
  return signatures.map((signature) => ({
    signature,
    facts: signature.facts,
    constraintFailure:
      signature.facts.sound && uncovered.length > 0 ? 'The container holds files that nobody signed.' : undefined,
  }))
}
