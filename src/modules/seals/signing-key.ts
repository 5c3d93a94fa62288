import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'

/**
 * A key that signs and never shows itself: in a file, or inside a module of hardware. What it signs with SHA-256 is RSA PKCS #1
 * v1.5, ECDSA in DER or Ed25519, as its certificate's key says: what `writeSignedData` names.
 */
export interface SigningKey {
  certificate: Certificate
  /** Authorities above it, DER, carried in every signature. */
  chain: Buffer[]
  /** @throws KeyFault where the key cannot be reached */
  sign(bytes: Uint8Array): Promise<Uint8Array>
  /** Lets go of what it holds: sessions, threads. */
  close(): Promise<void>
}

/** A key does not answer, or not as it should: a fault, to be tried again; nothing was signed. */
export class KeyFault extends Error {}

const signElsewhere = promisify<string | null, Uint8Array, KeyObject, Buffer>(sign)

/** A key at hand, in this process. */
export function keyAtHand(key: KeyObject, certificate: Certificate, chain: readonly Uint8Array[]): SigningKey {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  // An RSA signature takes a millisecond: off the thread that answers everybody. The others cost less than the way there.
  const slow = key.asymmetricKeyType === 'rsa'
  return {
    certificate,
    chain: chain.map((each) => Buffer.from(each)),
    sign: async (bytes) => (slow ? signElsewhere(hash, bytes, key) : sign(hash, bytes, key)),
    close: async () => {},
  }
}
