import { constants, type KeyObject, sign } from 'node:crypto'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { OID } from '#trust/der/oids.ts'
import { context, integer, nothing, oid, sequence } from '#trust/der/write.ts'

/** What messages are written with; SHA-1 and SHA-224 are only read. */
export type SigningHash = Extract<Hash, 'sha256' | 'sha384' | 'sha512'>

export interface SigningOptions {
  /** Of the signed attributes, and of the content that they name. */
  digestAlgorithm?: SigningHash
  /** RSASSA-PSS with an RSA key that would sign by PKCS #1 v1.5 otherwise. */
  pss?: boolean
}

/** The digest of a key's own strength; Ed25519 has no other (RFC 8419, 3.1). */
export function digestFor(key: KeyObject): SigningHash {
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (key.asymmetricKeyType === 'ed25519' || curve === 'secp521r1') return 'sha512'
  return curve === 'secp384r1' ? 'sha384' : 'sha256'
}

/** AlgorithmIdentifier of a digest: without parameters (RFC 5754, 2). */
export const digestIdentifier = (hash: Hash): Buffer => sequence(oid(OID[hash]))

const RSA: Record<SigningHash, string> = {
  sha256: OID.sha256WithRsa,
  sha384: OID.sha384WithRsa,
  sha512: OID.sha512WithRsa,
}
const ECDSA: Record<SigningHash, string> = {
  sha256: OID.ecdsaWithSha256,
  sha384: OID.ecdsaWithSha384,
  sha512: OID.ecdsaWithSha512,
}
/** As long as the digest (RFC 4055, 3.1). */
const SALT: Record<SigningHash, number> = { sha256: 32, sha384: 48, sha512: 64 }

/** SignatureAlgorithmIdentifier of what a key signs. Throws RangeError for a key that does not sign, or not with that digest. */
export function signatureIdentifier(key: KeyObject, { digestAlgorithm = 'sha256', pss }: SigningOptions = {}): Buffer {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return pss ? pssIdentifier(digestAlgorithm) : sequence(oid(RSA[digestAlgorithm]), nothing())
    case 'rsa-pss':
      return pssIdentifier(digestAlgorithm)
    case 'ec':
      return sequence(oid(ECDSA[digestAlgorithm]))
    case 'ed25519':
      if (digestAlgorithm !== 'sha512') throw new RangeError('Ed25519 signs what SHA-512 digests (RFC 8419, 3.1)')
      return sequence(oid(OID.ed25519))
    default:
      throw new RangeError(`a ${key.asymmetricKeyType} key does not sign here`)
  }
}

/** One hash for the message and for MGF1 (RFC 4055, 3.1). */
function pssIdentifier(hash: SigningHash): Buffer {
  const algorithm = sequence(oid(OID[hash]), nothing())
  const mask = sequence(oid(OID.mgf1), algorithm)
  return sequence(oid(OID.rsaPss), sequence(context(0, algorithm), context(1, mask), context(2, integer(SALT[hash]))))
}

/** Signs with a key at hand: the second step of the two. */
export function signWith(key: KeyObject, options: SigningOptions = {}): (bytes: Uint8Array) => Buffer {
  const hash = options.digestAlgorithm ?? 'sha256'
  if (key.asymmetricKeyType === 'ed25519') return (bytes) => sign(null, bytes, key)
  if (!options.pss && key.asymmetricKeyType !== 'rsa-pss') return (bytes) => sign(hash, bytes, key)
  const input = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT[hash] }
  return (bytes) => sign(hash, bytes, input)
}
