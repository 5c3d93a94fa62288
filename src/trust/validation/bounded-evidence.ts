import { createHash } from 'node:crypto'
import type { ValidationData } from './facts.ts'

/** Of each kind in one file. */
const MOST_ITEMS = 1_000
/** Of all in one file: bytes. Lists are read whole before they are asked. */
const MOST_BYTES = 32 * 1024 * 1024

/**
 * What a file carries for those who judge it, each thing once, up to a bound: whoever made the file chose how much there is. What is
 * beyond it is left out, and proves nothing.
 */
export function boundEvidence({ certificates, crls, ocspResponses }: ValidationData): ValidationData {
  const left = { bytes: MOST_BYTES }
  return {
    certificates: take(certificates, left),
    ocspResponses: take(ocspResponses, left),
    crls: take(crls, left),
  }
}

function take(items: readonly Buffer[], left: { bytes: number }): Buffer[] {
  const taken = new Map<string, Buffer>()
  const seen = new Set<Buffer>()
  for (const each of items) {
    if (seen.has(each)) continue
    seen.add(each)
    if (each.length > left.bytes) continue
    const digest = createHash('sha256').update(each).digest('base64')
    if (taken.has(digest)) continue
    if (taken.size >= MOST_ITEMS) break
    taken.set(digest, each)
    left.bytes -= each.length
  }
  return [...taken.values()]
}
