import { createHash } from 'node:crypto'

/** Offsets and lengths of what a signature covers: everything but the gap between the two. */
export type ByteRange = readonly [number, number, number, number]

/** SHA-256 over both ranges. */
export function byteRangeDigest(pdf: Uint8Array, [a, b, c, d]: ByteRange): Buffer {
  return createHash('sha256')
    .update(pdf.subarray(a, a + b))
    .update(pdf.subarray(c, c + d))
    .digest()
}

/**
 * Writes the CMS into the gap that the byte range leaves; what is left of it stays zero.
 * @throws RangeError where it does not fit
 */
export function insertSignature(pdf: Uint8Array, [, gapStart, gapEnd]: ByteRange, cms: Uint8Array): Buffer {
  const room = gapEnd - gapStart - 2
  const hex = Buffer.from(cms).toString('hex')
  if (hex.length > room) throw new RangeError(`the signature needs ${hex.length} digits and the gap has ${room}`)
  const signed = Buffer.from(pdf)
  signed.write(hex, gapStart + 1, 'latin1')
  return signed
}
