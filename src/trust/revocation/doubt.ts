import type { Name } from '#trust/certificate/name.ts'
import { attributeValue } from '#trust/certificate/name.ts'
import { OID } from '#trust/der/oids.ts'
import { tellDoubt } from './doubt-texts.ts'

/** Why a list or an answer that would have spoken for the certificate was not used. */
export type SourceFault =
  | 'critical-extension'
  | 'from-the-future'
  | 'no-next-update'
  | 'out-of-date'
  | 'too-old'
  | 'after-expiry'
  | 'no-key-identifier'
  | 'no-number'
  | 'other-question'
  | 'no-nonce'
  | 'own-word'
  | 'untrusted-signer'

/** A list or an answer that was looked at, with its times: what a status, or the want of one, rests on. */
export interface ConsideredSource {
  kind: 'crl' | 'ocsp'
  /** Hexadecimal, of its bytes. */
  sha256: string
  /** The authority that issues the list, or the responder, as it calls itself. */
  by: string
  thisUpdate: Date
  nextUpdate?: Date
  /** Absent where it was not used. */
  says?: 'good' | 'revoked' | 'unknown'
  fault?: SourceFault
}

/**
 * Why a status is not known. `missing`: nothing speaks for the certificate. `stale`: what does is too old. `unusable`: it is not what it
 * should be. `incomplete`: not every reason for revocation is covered. `contradictory`: one source has the certificate on hold, a newer
 * one calls it good. `not-known-there`: the responder does not know the certificate.
 */
export type DoubtCause = 'missing' | 'stale' | 'unusable' | 'incomplete' | 'contradictory' | 'not-known-there'

/** What would settle it: an answer of the issuer's, where `after` is given one made after that. */
export interface Settlement {
  by: 'list-or-answer' | 'list-of-other-reasons' | 'issuer'
  after?: Date
}

export interface RevocationDoubt {
  cause: DoubtCause
  sources: ConsideredSource[]
  settledBy: Settlement
  /** What is wrong, where, and what would settle it. */
  sentence: { es: string; en: string }
}

const STALE: ReadonlySet<SourceFault> = new Set(['out-of-date', 'too-old', 'no-next-update'])

/** The doubt that these sources leave. */
export function doubtOf(sources: ConsideredSource[], known?: DoubtCause): RevocationDoubt {
  const cause = known ?? causeOf(sources)
  const settledBy = settlementOf(cause, sources)
  return { cause, sources, settledBy, sentence: tellDoubt(cause, sources, settledBy) }
}

function causeOf(sources: ConsideredSource[]): DoubtCause {
  if (sources.length === 0) return 'missing'
  if (sources.some(({ says }) => says === 'unknown')) return 'not-known-there'
  if (sources.some(({ says }) => says === 'good')) return 'incomplete'
  return sources.some(({ fault }) => fault && STALE.has(fault)) ? 'stale' : 'unusable'
}

function settlementOf(cause: DoubtCause, sources: ConsideredSource[]): Settlement {
  const newest = newestOf(sources)
  switch (cause) {
    case 'stale':
      return { by: 'list-or-answer', after: newest?.nextUpdate ?? newest?.thisUpdate }
    case 'contradictory':
      return { by: 'list-or-answer', after: newest?.thisUpdate }
    case 'incomplete':
      return { by: 'list-of-other-reasons' }
    case 'not-known-there':
      return { by: 'issuer' }
    default:
      return { by: 'list-or-answer' }
  }
}

export const newestOf = (sources: ConsideredSource[]): ConsideredSource | undefined =>
  sources.toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())[0]

/** How an authority is called in a sentence. */
export const nameInWords = (name: Name): string =>
  (
    attributeValue(name, OID.commonName) ??
    attributeValue(name, OID.organizationName) ??
    name.attributes.at(-1)?.value ??
    ''
  )
    // A forged name is not to end a line or fill a page.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .slice(0, 80)
