import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { createPathCache, type PathCache, type PathInput } from '#trust/path/check-path.ts'
import { type RevocationSources, readSources } from '#trust/revocation/check-revocation.ts'
import { type AlgorithmEnd, CURRENT_ALGORITHMS } from './algorithms.ts'
import { createEffort, type Effort } from './effort.ts'
import type { ValidationData } from './facts.ts'

/** What is believed and what is at hand, for all the signatures of a file. */
export interface GroundsInput
  extends Pick<
    PathInput,
    'trustAnchors' | 'trustedResponders' | 'pinnedAnchors' | 'allowLegacyAlgorithms' | 'profile'
  > {
  /** Authorities that may lie between, beside those that are carried along. */
  intermediates?: ReadonlyArray<Certificate | Uint8Array>
  /** Signers and time-stamp authorities known by heart, by SHA-256 in hexadecimal: no path is asked for. */
  trusted?: ReadonlySet<string>
  /** The same where it depends on when something was signed: a seal has an end, and may have been lost. */
  knowsSigner?: (signer: Certificate, times: { proven: Date | undefined; claimed: Date | undefined }) => boolean
  /** Put out of use by whoever asks, whatever its authority knows: what is not proven older does not count. */
  isWithdrawn?: GroundsInput['knowsSigner']
  /** Carried by the file, or gathered by whoever asks. */
  evidence: ValidationData
  /** The time of validation. */
  at: Date
  /**
   * `require` (the default): each certificate has a good status by evidence at hand. `if-known`: one of which nothing is known
   * passes, and the report says so; one that is known to be revoked does not.
   */
  revocation?: 'require' | 'if-known'
  /** Until when algorithms are taken for reliable. */
  algorithms?: readonly AlgorithmEnd[]
  cache?: PathCache
}

export interface Grounds extends Omit<GroundsInput, 'evidence' | 'intermediates' | 'trustAnchors' | 'cache'> {
  trustAnchors: readonly Certificate[]
  intermediates: readonly Certificate[]
  sources: RevocationSources
  trusted: ReadonlySet<string>
  revocation: 'require' | 'if-known'
  algorithms: readonly AlgorithmEnd[]
  effort: Effort
}

/** Reads everything once; what cannot be read is left out, and proves nothing. */
export function readGrounds(input: GroundsInput): Grounds {
  const { evidence, cache, ...rest } = input
  return {
    ...rest,
    trustAnchors: input.trustAnchors.flatMap(certificateOrNone),
    intermediates: [...(input.intermediates ?? []), ...evidence.certificates].flatMap(certificateOrNone),
    sources: newestFirst(readSources(evidence)),
    trusted: input.trusted ?? new Set(),
    revocation: input.revocation ?? 'require',
    algorithms: input.algorithms ?? CURRENT_ALGORITHMS,
    effort: createEffort(cache ?? createPathCache(), input.allowLegacyAlgorithms),
  }
}

/** The most recent that can be used is used (EN 319 102-1, 5.6.2.2). */
const newestFirst = ({ crls, ocspResponses, unreadable }: RevocationSources): RevocationSources => ({
  crls: crls.toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime()),
  ocspResponses: ocspResponses.toSorted((a, b) => b.producedAt.getTime() - a.producedAt.getTime()),
  unreadable,
})
