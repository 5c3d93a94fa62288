import { DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { tlv } from '#trust/der/write.ts'

/** A repeatable source of numbers from 0 to 1 (mulberry32), for fuzz tests. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Node {
  tag: number
  /** Values inside, also where an OCTET STRING holds DER. */
  children?: Node[]
  content: Buffer
}

function toTree(value: DerValue): Node {
  if (value.tag & 0x20) return { tag: value.tag, children: value.children().map(toTree), content: Buffer.alloc(0) }
  const inner = value.tag === TAG.octetString ? readInner(value.content) : undefined
  return { tag: value.tag, children: inner && [inner], content: value.content }
}

function readInner(content: Buffer): Node | undefined {
  try {
    return toTree(readDer(content))
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

function toBytes({ tag, children, content }: Node): Buffer {
  return tlv(tag, ...(children ? children.map(toBytes) : [content]))
}

function allNodes(node: Node): Node[] {
  return [node, ...(node.children ?? []).flatMap(allNodes)]
}

const STRANGE = ['', '00', 'ff', '80', '7fffffff', 'ffffffffffffffffff', '30800000', '0500', '00'.repeat(300)]

/** The value with one to three of its parts dropped, doubled, moved, retagged, emptied or filled with something strange. */
export function mutateDer(bytes: Buffer, random: () => number): Buffer {
  const tree = toTree(readDer(bytes))
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const changes = 1 + Math.floor(random() * 3)
  for (let i = 0; i < changes; i++) change(pick(allNodes(tree)), tree, pick, random)
  return toBytes(tree)
}

function change(node: Node, tree: Node, pick: <T>(items: readonly T[]) => T, random: () => number): void {
  const children = node.children ?? []
  const at = Math.floor(random() * children.length)
  switch (Math.floor(random() * 8)) {
    case 0:
      children.splice(at, 1)
      break
    case 1:
      if (children[at]) children.splice(at, 0, structuredClone(children[at]))
      break
    case 2:
      children.reverse()
      break
    case 3:
      node.tag = pick([node.tag ^ 1, node.tag ^ 0x80, TAG.integer, TAG.sequence, TAG.octetString, 0xa0, 0x82, 0x1e])
      break
    case 4:
      children.push(structuredClone(pick(allNodes(tree))))
      break
    case 5:
      if (!node.children) node.content = Buffer.from(pick(STRANGE), 'hex')
      break
    case 6:
      if (!node.children && node.content.length > 0) node.content = node.content.subarray(1)
      break
    default:
      if (!node.children) node.content = Buffer.concat([node.content, Buffer.from(pick(STRANGE), 'hex')])
  }
}
