import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { type RevocationInput, readSources } from '#trust/revocation/check-revocation.ts'
import { createPathCache, type PathCache } from './path-cache.ts'
import { PathSearch } from './path-search.ts'
import type { PolicyInput } from './path-state.ts'
import { indicationOf, type PathReport } from './report.ts'
import { type Bound, boundInWords, DEFAULT_BOUNDS, type WorkBounds } from './work-bounds.ts'

export type { RevocationDoubt } from '#trust/revocation/doubt.ts'
export type { PathCache } from './path-cache.ts'
export { createPathCache } from './path-cache.ts'
export type { PolicyInput } from './path-state.ts'
export type { Check, CheckName, Indication, PathReport, SubIndication } from './report.ts'
export type { Bound, WorkBounds } from './work-bounds.ts'

export interface PathInput
  extends Pick<
    RevocationInput,
    'at' | 'now' | 'crls' | 'ocspResponses' | 'nonce' | 'requireNonce' | 'ocspFreshSeconds' | 'trustedResponders'
  > {
  certificate: Certificate | Uint8Array
  trustAnchors: ReadonlyArray<Certificate | Uint8Array>
  /** Authorities that may lie between, and others that sign lists; in any order, also those not needed. */
  intermediates?: ReadonlyArray<Certificate | Uint8Array>
  /**
   * `require` (the default): each certificate under the anchor has a current good status. `require-leaf`: the last one has.
   * `none`: nobody is asked.
   */
  revocation?: 'none' | 'require' | 'require-leaf'
  /** SHA-1, DSA and short keys: for old corpora only. */
  allowLegacyAlgorithms?: boolean
  /**
   * `lenient` (the default): what RFC 5280 asks of those who validate (section 6). `strict`: also what it asks of those who
   * issue (section 4).
   */
  profile?: 'lenient' | 'strict'
  /** Anchors, by SHA-256 in hexadecimal, known to the operator with all their flaws: paths from them are judged leniently. */
  pinnedAnchors?: ReadonlySet<string>
  policy?: PolicyInput
  /** What the question may cost; what is not given is DEFAULT_BOUNDS. The refusal names the bound that was met. */
  bounds?: Partial<WorkBounds>
  /** Milliseconds since the question was put, for the bound on time. */
  elapsed?: () => number
  /** Most authorities between the anchor and the certificate: the bound `depth` by its older name. */
  maxDepth?: number
  /** Kept by the caller between calls, it spares the authorities' signatures. */
  cache?: PathCache
}

/**
 * Whether a path leads from an anchor to the certificate, by RFC 5280 section 6 (with the policy graph of RFC 9618), at the time
 * `at`. Pure: no network, no clock. Bytes that are not what they should be end in the report, never in an exception.
 */
export function checkPath(input: PathInput): PathReport {
  const bounds = { ...input.bounds, depth: input.bounds?.depth ?? input.maxDepth }
  const bytes = bytesOf(input)
  if (bytes > (bounds.bytes ?? DEFAULT_BOUNDS.bytes))
    return tellUnread({ bound: 'bytes', limit: bounds.bytes ?? DEFAULT_BOUNDS.bytes })
  const late = { bound: 'milliseconds' as const, limit: bounds.milliseconds ?? DEFAULT_BOUNDS.milliseconds }
  const isLate = () => (input.elapsed?.() ?? 0) > late.limit
  const read = (each: Certificate | Uint8Array) => (isLate() ? [] : certificateOrNone(each))
  const [certificate] = certificateOrNone(input.certificate)
  if (!certificate)
    return {
      indication: indicationOf('FORMAT_FAILURE'),
      subIndication: 'FORMAT_FAILURE',
      reason: 'The certificate cannot be read.',
      path: [],
      checks: [{ name: 'format', ok: false, detail: 'The certificate is not DER as RFC 5280 has it.' }],
      revocation: [],
    }
  const anchors = input.trustAnchors.flatMap(read)
  const others = (input.intermediates ?? []).flatMap(read)
  if (isLate()) return tellUnread(late)
  const sources = readSources(input)
  const given = input.trustAnchors.length + (input.intermediates?.length ?? 0)
  const unreadable = given - anchors.length - others.length + sources.unreadable
  const cache = input.cache ?? createPathCache()
  const report = new PathSearch({ ...input, bounds, cache, anchors, others, sources }).check(certificate)
  const detail =
    unreadable === 0
      ? 'Everything given can be read.'
      : `${unreadable} of the things given cannot be read and were left out.`
  return { ...report, checks: [{ name: 'format', ok: true, detail }, ...report.checks] }
}

/** Of all that is given, read or not. */
function bytesOf({ certificate, trustAnchors, intermediates = [], crls = [], ocspResponses = [] }: PathInput): number {
  let bytes = 0
  for (const each of [certificate, ...trustAnchors, ...intermediates, ...crls, ...ocspResponses])
    bytes += each instanceof Uint8Array ? each.length : each.der.length
  return bytes
}

/** Before anything is read. */
function tellUnread(ended: { bound: Bound; limit: number }): PathReport {
  const reason = boundInWords(ended)
  return {
    indication: indicationOf('NO_CERTIFICATE_CHAIN_FOUND'),
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    reason,
    path: [],
    checks: [{ name: 'format', ok: false, detail: reason }],
    revocation: [],
    bound: ended.bound,
  }
}
