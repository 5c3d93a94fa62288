import type { KeyObject } from 'node:crypto'
import { CertificateError } from '#trust/certificate/errors.ts'
import { sameName } from '#trust/certificate/name.ts'
import { type Certificate, readPublicKey } from '#trust/certificate/parse-certificate.ts'
import { readRsaSize } from '#trust/certificate/rsa-key.ts'
import { weaknessOf, weaknessOfRsa } from '#trust/certificate/verify-signature.ts'
import { DerError } from '#trust/der/errors.ts'
import { OID } from '#trust/der/oids.ts'
import { TAG } from '#trust/der/tags.ts'
import { bits, sequence } from '#trust/der/write.ts'
import { findProfileFault, type Role } from './issuer-profile.ts'
import { findForbiddenName, type NameLimits, NO_LIMITS, narrowNames } from './name-constraints.ts'
import {
  anyPolicyLevel,
  hasAcceptedPolicy,
  mapPolicies,
  nextLevel,
  PolicyGraphTooLarge,
  type PolicyLevel,
} from './policy-graph.ts'
import type { CheckName, Failure, SubIndication } from './report.ts'

export interface PolicyInput {
  /** OIDs; empty or absent: any policy. */
  initialPolicies?: readonly string[]
  explicitPolicy?: boolean
  inhibitPolicyMapping?: boolean
  inhibitAnyPolicy?: boolean
}

export interface StateRules {
  allowLegacyAlgorithms?: boolean
  strict: boolean
  policy: PolicyInput
}

/** The state of RFC 5280, 6.1.2, after an authority. Never changed, so that it can be kept and gone on from again. */
export interface PathState {
  /** The working public key, none made where it is RSA; and its algorithm, which a DSA key without parameters inherits. */
  key: KeyObject | undefined
  keyAlgorithm: Buffer
  maxPathLength: number
  names: NameLimits
  policies: PolicyLevel
  /** Policies that are accepted at the end; empty: any, undefined: none. */
  accepted: ReadonlySet<string> | undefined
  /** How many more certificates until the rule holds; infinity where it never does. */
  explicitPolicy: number
  policyMapping: number
  inhibitAnyPolicy: number
}

const fail = (check: CheckName, subIndication: SubIndication, reason: string): Failure => ({
  check,
  subIndication,
  reason,
})
const constraint = (check: CheckName, reason: string): Failure => fail(check, 'CHAIN_CONSTRAINTS_FAILURE', reason)

/**
 * The state under an anchor. Its self-signature is not judged; what it says of itself as an authority holds for those under it
 * (RFC 5937).
 */
export function beginPath(anchor: Certificate, rules: StateRules): PathState | Failure {
  const { explicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = rules.policy
  const fault = judgeShape(anchor, 'anchor', rules) ?? judgeAuthority(anchor, 'anchor')
  if (fault) return fault
  const key = judgeKey(anchor, undefined, rules)
  if ('check' in key) return key
  const counters = {
    explicitPolicy: explicitPolicy ? 0 : Number.POSITIVE_INFINITY,
    policyMapping: inhibitPolicyMapping ? 0 : Number.POSITIVE_INFINITY,
    inhibitAnyPolicy: inhibitAnyPolicy ? 0 : Number.POSITIVE_INFINITY,
  }
  return {
    ...key,
    maxPathLength: anchor.basicConstraints?.pathLen ?? Number.POSITIVE_INFINITY,
    names: narrowNames(NO_LIMITS, anchor),
    policies: anyPolicyLevel(),
    accepted: acceptedUnder(anchor, rules.policy),
    ...tighten(counters, anchor),
  }
}

/** What the user accepts, where the anchor names policies of its own only those of them (RFC 5937, 3.2). */
function acceptedUnder(
  { policies }: Certificate,
  { initialPolicies = [] }: PolicyInput,
): ReadonlySet<string> | undefined {
  const isAny = (list: readonly string[]): boolean => list.length === 0 || list.includes(OID.anyPolicy)
  if (!policies || isAny(policies)) return new Set(isAny(initialPolicies) ? [] : initialPolicies)
  if (isAny(initialPolicies)) return new Set(policies)
  const both = initialPolicies.filter((each) => policies.includes(each))
  return both.length > 0 ? new Set(both) : undefined
}

/** RFC 5280, 6.1.3 and 6.1.4, for a certificate between the anchor and the last; signature and dates are judged elsewhere. */
export function addAuthority(state: PathState, certificate: Certificate, rules: StateRules): PathState | Failure {
  const selfIssued = sameName(certificate.issuer, certificate.subject)
  const policies = guardPolicies(() => judgePolicies(state, certificate, selfIssued))
  const fault =
    judgeShape(certificate, 'authority', rules) ??
    (selfIssued ? undefined : judgeNames(state, certificate)) ??
    (isFault(policies) ? policies : undefined) ??
    judgeAuthority(certificate, 'authority')
  if (fault || isFault(policies)) return fault ?? (policies as Failure)
  if (!selfIssued && state.maxPathLength <= 0)
    return constraint('authorities', 'The path is longer than an authority allows.')
  const mapped = guardPolicies(() => judgeMappings(state, certificate, policies))
  if (isFault(mapped)) return mapped
  const key = judgeKey(certificate, state.keyAlgorithm, rules)
  if ('check' in key) return key
  const left = state.maxPathLength - (selfIssued ? 0 : 1)
  const step = (counter: number): number => (selfIssued ? counter : Math.max(0, counter - 1))
  const counters = {
    explicitPolicy: step(state.explicitPolicy),
    policyMapping: step(state.policyMapping),
    inhibitAnyPolicy: step(state.inhibitAnyPolicy),
  }
  return {
    ...key,
    maxPathLength: Math.min(left, certificate.basicConstraints?.pathLen ?? left),
    names: narrowNames(state.names, certificate),
    policies: mapped,
    accepted: state.accepted,
    ...tighten(counters, certificate),
  }
}

/** RFC 5280, 6.1.3 and 6.1.5, for the last certificate: undefined where all is well. */
export function endPath(state: PathState, certificate: Certificate, rules: StateRules): Failure | undefined {
  const fault = judgeShape(certificate, 'end', rules) ?? judgeNames(state, certificate)
  if (fault) return fault
  const policies = guardPolicies(() => judgePolicies(state, certificate, false))
  if (isFault(policies)) return policies
  const weakness = judgeLastKey(certificate, state.keyAlgorithm, rules)
  if (weakness) return weakness
  const required = certificate.policyConstraints?.requireExplicitPolicy === 0
  const explicitPolicy = required ? 0 : Math.max(0, state.explicitPolicy - 1)
  if (explicitPolicy === 0 && !(state.accepted && hasAcceptedPolicy(policies, state.accepted)))
    return constraint('policies', 'No accepted policy holds for the whole path.')
  return undefined
}

const isFault = (value: PolicyLevel | Failure): value is Failure => 'check' in value

function judgeShape(certificate: Certificate, role: Role, rules: StateRules): Failure | undefined {
  if (certificate.unknownCritical.length > 0)
    return constraint(
      'critical-extensions',
      `A certificate (${role}) has a critical extension that is not understood: ${certificate.unknownCritical.join(', ')}.`,
    )
  const fault = rules.strict ? findProfileFault(certificate, role) : undefined
  return fault === undefined
    ? undefined
    : constraint('profile', `A certificate (${role}) is not as RFC 5280 asks: ${fault}.`)
}

/** An authority says so of itself, and may sign certificates (RFC 5280, 6.1.4 k, n). Anchors may be of version 1. */
function judgeAuthority({ version, basicConstraints, keyUsage }: Certificate, role: Role): Failure | undefined {
  if (!(role === 'anchor' && version === 1) && basicConstraints?.ca !== true)
    return constraint('authorities', 'A certificate in the path is not that of an authority.')
  if (keyUsage && !keyUsage.has('keyCertSign'))
    return constraint('authorities', 'A certificate in the path may not sign certificates.')
  return undefined
}

function judgeNames(state: PathState, certificate: Certificate): Failure | undefined {
  const forbidden = findForbiddenName(state.names, certificate)
  return forbidden === undefined
    ? undefined
    : constraint(
        'name-constraints',
        `An authority's name constraints do not allow a certificate under it: ${forbidden}.`,
      )
}

/** RFC 5280, 6.1.3 d to f. */
function judgePolicies(
  state: PathState,
  { policies }: Certificate,
  selfIssuedAuthority: boolean,
): PolicyLevel | Failure {
  const level = nextLevel(state.policies, policies, state.inhibitAnyPolicy > 0 || selfIssuedAuthority)
  if (state.explicitPolicy <= 0 && level.size === 0)
    return constraint('policies', 'A policy is required and none holds for the path.')
  return level
}

/** RFC 5280, 6.1.4 a, b. */
function judgeMappings(state: PathState, { policyMappings }: Certificate, level: PolicyLevel): PolicyLevel | Failure {
  if (!policyMappings) return level
  if (policyMappings.some(({ issuer, subject }) => issuer === OID.anyPolicy || subject === OID.anyPolicy))
    return constraint('policies', 'An authority maps the policy that stands for any.')
  return mapPolicies(level, policyMappings, state.policyMapping > 0)
}

function guardPolicies(judge: () => PolicyLevel | Failure): PolicyLevel | Failure {
  try {
    return judge()
  } catch (error) {
    if (error instanceof PolicyGraphTooLarge)
      return constraint('policies', 'The path has more policies than can be followed.')
    throw error
  }
}

type Counters = Pick<PathState, 'explicitPolicy' | 'policyMapping' | 'inhibitAnyPolicy'>

/** RFC 5280, 6.1.4 i, j. */
function tighten(counters: Counters, { policyConstraints, inhibitAnyPolicy }: Certificate): Counters {
  const least = (counter: number, limit: number | undefined): number => Math.min(counter, limit ?? counter)
  return {
    explicitPolicy: least(counters.explicitPolicy, policyConstraints?.requireExplicitPolicy),
    policyMapping: least(counters.policyMapping, policyConstraints?.inhibitPolicyMapping),
    inhibitAnyPolicy: least(counters.inhibitAnyPolicy, inhibitAnyPolicy),
  }
}

function judgeKey(
  certificate: Certificate,
  inherited: Buffer | undefined,
  rules: StateRules,
): Pick<PathState, 'key' | 'keyAlgorithm'> | Failure {
  if (certificate.keyAlgorithm.oid === OID.rsaEncryption)
    return judgeRsaKey(certificate, rules) ?? { key: undefined, keyAlgorithm: certificate.keyAlgorithm.der }
  try {
    const working = workingKey(certificate, inherited)
    const weakness = weaknessOf(working.key, rules)
    return weakness === undefined ? working : weakKey(weakness)
  } catch (error) {
    if (error instanceof CertificateError) return unreadableKey()
    throw error
  }
}

/** Judged without making it: making it is for whoever verifies with it. */
function judgeRsaKey({ keyBits }: Certificate, rules: StateRules): Failure | undefined {
  try {
    const weakness = weaknessOfRsa(readRsaSize(keyBits), rules)
    return weakness === undefined ? undefined : weakKey(weakness)
  } catch (error) {
    if (error instanceof DerError) return unreadableKey()
    throw error
  }
}

function judgeLastKey(certificate: Certificate, inherited: Buffer, rules: StateRules): Failure | undefined {
  const key = judgeKey(certificate, inherited, rules)
  return 'check' in key ? key : undefined
}

const weakKey = (weakness: string): Failure =>
  fail('algorithms', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', `The path has ${weakness}, which is not accepted.`)
const unreadableKey = (): Failure =>
  fail('algorithms', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'The path has a public key that cannot be read.')

/** Whether the key has to take its parameters from its issuer's (RFC 5280, 6.1.4 f; RFC 3279, 2.3.2). */
export function inheritsParameters({ keyAlgorithm }: Certificate): boolean {
  return keyAlgorithm.oid === OID.dsa && (!keyAlgorithm.params || keyAlgorithm.params.tag === TAG.null)
}

function workingKey(certificate: Certificate, inherited: Buffer | undefined): { key: KeyObject; keyAlgorithm: Buffer } {
  if (!inheritsParameters(certificate) || !inherited)
    return { key: certificate.publicKey, keyAlgorithm: certificate.keyAlgorithm.der }
  return { key: readPublicKey(sequence(inherited, bits(certificate.keyBits))), keyAlgorithm: inherited }
}
