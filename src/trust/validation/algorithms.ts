import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { readRsaSize } from '#trust/certificate/rsa-key.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { DerError } from '#trust/der/errors.ts'
import { OID } from '#trust/der/oids.ts'

/** Until when an algorithm counts as reliable (EN 319 102-1, 5.1.4.3, cryptographic constraints). */
export type AlgorithmEnd = { until: Date } & (
  | { hash: Hash }
  /** Keys with fewer bits than that. */
  | { key: 'rsa'; belowBits: number }
)

/**
 * What has ended so far: NIST SP 800-131A took SHA-1 and RSA below 2048 bits from signatures at the end of 2013. An end still to
 * come is added here when it is announced; until then nobody knows it.
 */
export const CURRENT_ALGORITHMS: readonly AlgorithmEnd[] = [
  { hash: 'sha1', until: new Date('2013-12-31T00:00:00Z') },
  { key: 'rsa', belowBits: 2048, until: new Date('2013-12-31T00:00:00Z') },
]

/** When the first of the algorithms behind a signature ended; undefined where all are still reliable. */
export function reliableUntil(
  signer: Certificate,
  digest: Hash | undefined,
  ends: readonly AlgorithmEnd[],
): Date | undefined {
  const bits = rsaBits(signer)
  const ended = ends.filter((end) => ('hash' in end ? end.hash === digest : bits !== undefined && bits < end.belowBits))
  return ended.map(({ until }) => until).sort((a, b) => a.getTime() - b.getTime())[0]
}

function rsaBits({ keyAlgorithm, keyBits }: Certificate): number | undefined {
  if (keyAlgorithm.oid !== OID.rsaEncryption) return undefined
  try {
    return readRsaSize(keyBits).modulusLength
  } catch (error) {
    if (error instanceof DerError) return 0
    throw error
  }
}
