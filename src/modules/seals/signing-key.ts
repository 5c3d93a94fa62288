import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { certificatesAbove } from './certificates-above.ts'

/**
 * A key that signs and never shows itself: in a file, or inside a module of hardware. What it signs is RSA PKCS #1 v1.5 or, where its
 * certificate says that it is for that alone, PSS; ECDSA in DER; Ed25519: what `signatureIdentifier` names.
 */
export interface SigningKey {
  certificate: Certificate
  /** Of the content that the signed attributes name, and of those. */
  digestAlgorithm: SealHash
  /** Authorities above it, DER, carried in every signature. */
  chain: Buffer[]
  /** @throws KeyFault where the key cannot be reached */
  sign(bytes: Uint8Array): Promise<Uint8Array>
  /** Lets go of what it holds: sessions, threads. */
  close(): Promise<void>
}

/** A key does not answer, or not as it should: a fault, to be tried again; nothing was signed. */
export class KeyFault extends Error {}

/** SHA-256, which every token makes; Ed25519 wants SHA-512 (RFC 8419, 3.1). */
export type SealHash = 'sha256' | 'sha512'
export const hashOf = (key: KeyObject): SealHash => (key.asymmetricKeyType === 'ed25519' ? 'sha512' : 'sha256')

const signElsewhere = promisify<string | null, Uint8Array, KeyObject, Buffer>(sign)

/** A key at hand, in this process. */
export function keyAtHand(key: KeyObject, certificate: Certificate, chain: readonly Uint8Array[]): SigningKey {
  const digestAlgorithm = hashOf(key)
  const signHere = signWith(key, { digestAlgorithm })
  // An RSA signature takes a millisecond: off the thread that answers everybody. The others cost less than the way there.
  const slow = key.asymmetricKeyType === 'rsa'
  return {
    certificate,
    digestAlgorithm,
    chain: certificatesAbove(certificate, chain),
    sign: async (bytes) => (slow ? signElsewhere(digestAlgorithm, bytes, key) : signHere(bytes)),
    close: async () => {},
  }
}
