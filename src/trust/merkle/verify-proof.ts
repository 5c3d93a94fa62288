import { HASH_BYTES, hashNode } from './tree.ts'

export interface ProofReport {
  indication: 'PASSED' | 'FAILED'
  reason: string
}

const passed: ProofReport = { indication: 'PASSED', reason: 'the proof leads to the root' }
const failed = (reason: string): ProofReport => ({ indication: 'FAILED', reason })
/** A tree of 2^52 leaves has paths of 52 hashes. */
const LONGEST = 64

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isHash = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === HASH_BYTES

export interface InclusionProof {
  leafIndex: number
  treeSize: number
  root: Uint8Array
  leafHash: Uint8Array
  proof: readonly Uint8Array[]
}

/** Whether the leaf is in the tree of this size and root (RFC 9162, 2.1.3.2). Never throws for what the values are. */
export function verifyInclusion({ leafIndex, treeSize, root, leafHash, proof }: InclusionProof): ProofReport {
  if (!isSize(leafIndex) || !isSize(treeSize) || leafIndex >= treeSize) return failed('the index is not in the tree')
  if (!isHash(root) || !isHash(leafHash) || !proof.every(isHash) || proof.length > LONGEST)
    return failed('a hash does not have 32 bytes')
  let [fn, sn] = [leafIndex, treeSize - 1]
  let hash: Buffer = Buffer.from(leafHash)
  for (const sibling of proof) {
    if (sn === 0) return failed('the proof is too long')
    if (fn % 2 === 1 || fn === sn) {
      hash = hashNode(sibling, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else hash = hashNode(hash, sibling)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  if (sn !== 0) return failed('the proof is too short')
  return hash.equals(root) ? passed : failed('the proof leads to another root')
}

export interface ConsistencyProof {
  oldSize: number
  newSize: number
  oldRoot: Uint8Array
  newRoot: Uint8Array
  proof: readonly Uint8Array[]
}

/** Exact up to the largest size: the logarithm of a number just beside a power of two is rounded to a whole one. */
const isPowerOfTwo = (size: number): boolean => size === 2 ** Math.round(Math.log2(size))

/**
 * Whether the newer tree begins with the older one (RFC 9162, 2.1.4.2). Trees of one size are the same or contradict each other, whatever
 * their roots are, and want no proof. Any tree begins with an empty one: that says nothing of a log, and is refused.
 */
export function verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }: ConsistencyProof): ProofReport {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize)
    return failed('the sizes are not those of a log that grew')
  if (oldSize === newSize) {
    if (proof.length > 0) return failed('the proof is too long')
    return Buffer.from(oldRoot).equals(newRoot) ? passed : failed('trees of one size with two roots')
  }
  if (oldSize === 0) return failed('an empty tree says nothing of a later one')
  if (!isHash(oldRoot) || !isHash(newRoot) || !proof.every(isHash) || proof.length > LONGEST)
    return failed('a hash does not have 32 bytes')
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof]
  if (path.length === 0) return failed('the proof is too short')
  let [fn, sn] = [oldSize - 1, newSize - 1]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  let older: Buffer = Buffer.from(path[0]!)
  let newer: Buffer = Buffer.from(path[0]!)
  for (const sibling of path.slice(1)) {
    if (sn === 0) return failed('the proof is too long')
    if (fn % 2 === 1 || fn === sn) {
      older = hashNode(sibling, older)
      newer = hashNode(sibling, newer)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else newer = hashNode(newer, sibling)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  if (sn !== 0) return failed('the proof is too short')
  return older.equals(oldRoot) && newer.equals(newRoot) ? passed : failed('the proof leads to other roots')
}
