import { context, contextPrimitive, DerError, type DerValue, TAG } from '#trust/der/read.ts'
import { type GeneralName, parseGeneralNames } from './general-name.ts'
import { namedBits } from './named-bits.ts'

export interface DistributionPoint {
  /** Full names, or names completed from the one relative to the CRL's issuer. */
  names?: GeneralName[]
  relative?: DerValue
  reasons?: ReadonlySet<RevocationReason>
  cRLIssuer?: GeneralName[]
}

export type RevocationReason =
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise'

/** ReasonFlags without its unused first bit: what a complete answer covers. */
export const ALL_REASONS: readonly RevocationReason[] = [
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
]

export function parseReasonFlags(value: DerValue): ReadonlySet<RevocationReason> {
  const all = ['unused', ...ALL_REASONS] as const
  return new Set(namedBits(value.as(TAG.bitString), all).filter((each) => each !== 'unused'))
}

/** DistributionPointName, inside its explicit tag. */
export function parsePointName(value: DerValue): Pick<DistributionPoint, 'names' | 'relative'> {
  const choice = value.explicit()
  if (choice.tag === context(0)) return { names: parseGeneralNames(choice.as(TAG.sequence)) }
  return { relative: choice.expect(context(1)).as(TAG.set) }
}

export function parseDistributionPoints(value: DerValue): DistributionPoint[] {
  const points = value.items().map((item) => {
    const cursor = item.sequence()
    const name = cursor.optional(context(0))
    const reasons = cursor.optional(contextPrimitive(1))
    const issuer = cursor.optional(context(2))
    cursor.done()
    return {
      ...(name && parsePointName(name)),
      reasons: reasons && parseReasonFlags(reasons),
      cRLIssuer: issuer && parseGeneralNames(issuer.as(TAG.sequence)),
    }
  })
  if (points.length === 0) throw new DerError('truncated', value.start)
  return points
}
