import { createHash } from 'node:crypto'
import type { Hash } from '#trust/certificate/signature-scheme.ts'

export type DigestOf = (hash: Hash) => Buffer

/** Hashes bytes at hand when asked to, with each algorithm once. */
export function digestOfBytes(content: Uint8Array): DigestOf {
  const digests = new Map<Hash, Buffer>()
  return (hash) => {
    const digest = digests.get(hash) ?? createHash(hash).update(content).digest()
    digests.set(hash, digest)
    return digest
  }
}

/** For what is there as a digest only: with any other algorithm there is nothing to compare. */
export const onlyDigest =
  (hash: Hash, digest: Buffer): DigestOf =>
  (asked) =>
    asked === hash ? digest : Buffer.alloc(0)

/**
 * Hashes a content of any size piece by piece, once for all the algorithms.
 * @throws what the stream throws
 */
export async function digestStream(content: AsyncIterable<Uint8Array>, hashes: Iterable<Hash>): Promise<DigestOf> {
  const running = [...new Set(hashes)].map((hash) => [hash, createHash(hash)] as const)
  for await (const piece of content) for (const [, each] of running) each.update(piece)
  const digests = new Map(running.map(([hash, each]) => [hash, each.digest()]))
  return (hash) => digests.get(hash) ?? unasked(hash)
}

function unasked(hash: Hash): never {
  throw new RangeError(`the content was not hashed with ${hash}`)
}
