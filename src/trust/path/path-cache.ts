import type { SignatureVerdict } from '#trust/certificate/verify-signature.ts'
import type { PathState } from './path-state.ts'

/**
 * What was found out once and holds for ever: whose key verifies which authority or list, and the state of the path under a
 * chain of authorities. Nothing in it depends on the time; dates and revocation are judged on every call. Bounded: the
 * oldest goes first.
 */
export interface PathCache {
  signature(id: string, verify: () => SignatureVerdict): SignatureVerdict
  state(id: string, compute: () => PathState | undefined): PathState | undefined
}

const MOST_SIGNATURES = 10_000
const MOST_STATES = 1_000

export function createPathCache(): PathCache {
  const signatures = new Map<string, SignatureVerdict>()
  const states = new Map<string, PathState>()
  return {
    signature: (id, verify) => remember(signatures, id, MOST_SIGNATURES, verify)!,
    state: (id, compute) => remember(states, id, MOST_STATES, compute),
  }
}

function remember<T>(map: Map<string, T>, id: string, most: number, compute: () => T | undefined): T | undefined {
  const known = map.get(id)
  if (known !== undefined) return known
  const value = compute()
  if (value === undefined) return undefined
  if (map.size >= most) map.delete(map.keys().next().value!)
  map.set(id, value)
  return value
}
