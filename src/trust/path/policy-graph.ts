import type { PolicyMapping } from '#trust/certificate/extensions.ts'
import { OID } from '#trust/der/oids.ts'

const ANY = OID.anyPolicy

/**
 * The valid policies as a graph (RFC 9618), not the tree of RFC 5280, that a hostile chain can make grow without bound: at each
 * depth one node a policy. A depth without nodes is what the RFC calls NULL. Nodes know their parents only, so that what
 * comes under one authority never changes what another path has.
 */
export interface PolicyNode {
  policy: string
  parents: readonly PolicyNode[]
  /** What the next certificate may say for this policy. */
  expected: ReadonlySet<string>
}

export type PolicyLevel = ReadonlyMap<string, PolicyNode>

const MOST_NODES = 2_000

export class PolicyGraphTooLarge extends Error {}

/** Depth 0: anything goes. */
export const anyPolicyLevel = (): PolicyLevel => new Map([[ANY, node(ANY, [])]])

function node(policy: string, parents: readonly PolicyNode[], expected: Iterable<string> = [policy]): PolicyNode {
  return { policy, parents, expected: new Set(expected) }
}

/**
 * The nodes of the next depth (RFC 9618, 5.2 d, e): none where the certificate has no policies.
 * @param honourAny whether anyPolicy in the certificate still counts
 */
export function nextLevel(above: PolicyLevel, policies: string[] | undefined, honourAny: boolean): PolicyLevel {
  const level = new Map<string, PolicyNode>()
  if (!policies || above.size === 0) return level
  const expecting = expectedBy(above)
  const any = above.get(ANY)
  for (const policy of policies) {
    if (policy === ANY) continue
    const parents = expecting.get(policy) ?? (any && [any])
    if (parents) level.set(policy, node(policy, parents))
  }
  if (policies.includes(ANY) && honourAny) {
    for (const [policy, parents] of expecting) {
      if (!level.has(policy)) level.set(policy, node(policy, parents))
    }
  }
  return bounded(level)
}

function expectedBy(level: PolicyLevel): Map<string, PolicyNode[]> {
  const expecting = new Map<string, PolicyNode[]>()
  for (const each of level.values()) {
    for (const policy of each.expected) {
      const parents = expecting.get(policy)
      if (parents) parents.push(each)
      else expecting.set(policy, [each])
    }
  }
  return expecting
}

/** Policy mappings of an authority (RFC 9618, 5.3 b): where mapping is inhibited the mapped policies end here. */
export function mapPolicies(level: PolicyLevel, mappings: PolicyMapping[], allowed: boolean): PolicyLevel {
  const bySource = new Map<string, Set<string>>()
  for (const { issuer, subject } of mappings) {
    const targets = bySource.get(issuer)
    if (targets) targets.add(subject)
    else bySource.set(issuer, new Set([subject]))
  }
  const mapped = new Map(level)
  const any = level.get(ANY)
  for (const [policy, targets] of bySource) {
    const old = level.get(policy)
    if (!allowed) mapped.delete(policy)
    else if (old) mapped.set(policy, node(policy, old.parents, targets))
    else if (any) mapped.set(policy, node(policy, any.parents, targets))
  }
  return bounded(mapped)
}

function bounded(level: PolicyLevel): PolicyLevel {
  let size = level.size
  for (const { expected, parents } of level.values()) size += expected.size + parents.length
  if (size > MOST_NODES) throw new PolicyGraphTooLarge('more policies than can be followed')
  return level
}

/**
 * Whether a policy that the user accepts holds for the whole path (RFC 9618, 5.5): one that stands right under anyPolicy, in
 * the domain of the anchor, and from which the last depth is reached. `accepted` empty: any policy will do.
 */
export function hasAcceptedPolicy(last: PolicyLevel, accepted: ReadonlySet<string>): boolean {
  if (last.size === 0) return false
  if (accepted.size === 0 || accepted.has(ANY) || last.has(ANY)) return true
  const seen = new Set<PolicyNode>()
  const open = [...last.values()]
  for (let each = open.pop(); each; each = open.pop()) {
    if (seen.has(each)) continue
    seen.add(each)
    if (each.policy !== ANY && each.parents.some(({ policy }) => policy === ANY) && accepted.has(each.policy))
      return true
    open.push(...each.parents)
  }
  return false
}
