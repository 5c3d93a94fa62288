import { readDer } from '#trust/der/read.ts'

/** What the strength of an RSA key is judged by. */
export interface RsaSize {
  modulusLength: number
  publicExponent: bigint
}

/**
 * Read from the bytes (RFC 8017, A.1.1) where the key itself is not needed yet: to have OpenSSL make a key and describe it costs
 * more than to verify with it. Throws DerError.
 */
export function readRsaSize(keyBits: Buffer): RsaSize {
  const cursor = readDer(keyBits, { maxDepth: 2, maxValues: 3 }).sequence()
  const modulus = cursor.next().integer()
  const publicExponent = cursor.next().bigint()
  cursor.done()
  return { modulusLength: bitLength(modulus), publicExponent }
}

/** Zero for what is not positive. */
function bitLength(integer: Buffer): number {
  if (integer[0]! >= 0x80) return 0
  const start = integer[0] === 0 ? 1 : 0
  const first = integer[start] ?? 0
  return first === 0 ? 0 : (integer.length - start) * 8 - Math.clz32(first) + 24
}
