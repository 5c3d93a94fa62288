import { hash } from 'node:crypto'

const LEAF = Buffer.from([0])
export const HASH_BYTES = 32

/** RFC 6962, 2.1: SHA-256(0x00 ‖ entry). */
export function hashLeaf(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, entry]), 'buffer')
}

/** Both hashes are copied here behind the 0x01 of a node: a log makes as many nodes as it has entries, and hashing is all there is to each. */
const node = Buffer.alloc(1 + HASH_BYTES * 2, 1)

/** SHA-256(0x01 ‖ left ‖ right). @throws RangeError for anything but two hashes */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new RangeError('a node is made of two hashes')
  node.set(left, 1)
  node.set(right, 1 + HASH_BYTES)
  return hash('sha256', node, 'buffer')
}

const emptyRoot = (): Buffer => hash('sha256', Buffer.alloc(0), 'buffer')

/**
 * The root over these hashes, as leaves or as perfect subtrees of one size of which the last may be smaller: both split in the
 * same places.
 */
export function rootOf(hashes: readonly Uint8Array[], from = 0, to = hashes.length): Buffer {
  const count = to - from
  if (count === 0) return emptyRoot()
  if (count === 1) return Buffer.from(hashes[from]!)
  const split = from + splitOf(count)
  return hashNode(rootOf(hashes, from, split), rootOf(hashes, split, to))
}

/** The largest power of two below `count`, count ≥ 2. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

/** Where a proof takes its hashes from: the subtree over 2^level leaves at `index`, whole. */
export type SubtreeHash = (level: number, index: number) => Promise<Buffer>

/** RFC 6962, 2.1.1. @param size of the tree the proof is for, leafIndex < size */
export async function inclusionProof(leafIndex: number, size: number, hash: SubtreeHash): Promise<Buffer[]> {
  return pathOf(leafIndex, 0, size, hash)
}

async function pathOf(index: number, start: number, size: number, hash: SubtreeHash): Promise<Buffer[]> {
  if (size === 1) return []
  const split = splitOf(size)
  if (index < split)
    return [...(await pathOf(index, start, split, hash)), await rangeHash(start + split, size - split, hash)]
  return [...(await pathOf(index - split, start + split, size - split, hash)), await rangeHash(start, split, hash)]
}

/** RFC 6962, 2.1.2. */
export async function consistencyProof(oldSize: number, newSize: number, hash: SubtreeHash): Promise<Buffer[]> {
  if (oldSize === 0 || oldSize === newSize) return []
  return subProof(oldSize, 0, newSize, true, hash)
}

async function subProof(
  old: number,
  start: number,
  size: number,
  whole: boolean,
  hash: SubtreeHash,
): Promise<Buffer[]> {
  if (old === size) return whole ? [] : [await rangeHash(start, size, hash)]
  const split = splitOf(size)
  if (old <= split)
    return [...(await subProof(old, start, split, whole, hash)), await rangeHash(start + split, size - split, hash)]
  return [
    ...(await subProof(old - split, start + split, size - split, false, hash)),
    await rangeHash(start, split, hash),
  ]
}

/** The root of a range that begins at a multiple of its split: perfect subtrees from left to right. */
async function rangeHash(start: number, size: number, hash: SubtreeHash): Promise<Buffer> {
  if (Number.isInteger(Math.log2(size))) return hash(Math.log2(size), start / size)
  const split = splitOf(size)
  return hashNode(await rangeHash(start, split, hash), await rangeHash(start + split, size - split, hash))
}
