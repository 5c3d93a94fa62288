import { createHash } from 'node:crypto'

/** Offsets and lengths of what a signature covers: everything but the gap between the two. */
export type ByteRange = readonly [number, number, number, number]

/** Over both ranges; SHA-256 unless said. */
export function byteRangeDigest(pdf: Uint8Array, [a, b, c, d]: ByteRange, hash = 'sha256'): Buffer {
  return createHash(hash)
    .update(pdf.subarray(a, a + b))
    .update(pdf.subarray(c, c + d))
    .digest()
}

/** Writes the CMS into the gap that the byte range leaves. @throws RangeError where it does not fit */
export function insertSignature(pdf: Uint8Array, byteRange: ByteRange, cms: Uint8Array): Buffer {
  const signed = Buffer.from(pdf)
  gapContents(byteRange, cms).copy(signed, byteRange[1] + 1)
  return signed
}

/**
 * What stands between the angle brackets of the gap: the CMS in hexadecimal, and zeros for what is left.
 * @throws RangeError where it does not fit
 */
export function gapContents([, gapStart, gapEnd]: ByteRange, cms: Uint8Array): Buffer {
  const room = gapEnd - gapStart - 2
  if (cms.length * 2 > room)
    throw new RangeError(`the signature needs ${cms.length * 2} digits and the gap has ${room}`)
  return Buffer.from(Buffer.from(cms).toString('hex').padEnd(room, '0'), 'latin1')
}
