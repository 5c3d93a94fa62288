import { sha256 } from '#kernel/bytes.ts'
import { OID } from '#trust/der/oids.ts'
import { integer, nothing, octets, oid, sequence } from '#trust/der/write.ts'
import { CKG_MGF1_SHA256, CKM_ECDSA, CKM_EDDSA, CKM_RSA_PKCS, CKM_RSA_PKCS_PSS, CKM_SHA256 } from './constants.ts'
import type { Mechanism } from './cryptoki.ts'

/** How a key signs with SHA-256. */
export type Scheme = 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa' | 'ed25519'

export interface SigningWay {
  mechanism: Mechanism
  /** What the token is given of the bytes to sign. */
  prepare(bytes: Uint8Array): Uint8Array
  /** What the token answers, as CMS wants it. */
  finish(signature: Buffer): Buffer
}

const asItIs = (signature: Buffer): Buffer => signature

/** The digest is made here, so that a token which cannot make it, or is slow at it, signs as well. */
export const signingWays: Record<Scheme, SigningWay> = {
  'rsa-pkcs1': { mechanism: { type: CKM_RSA_PKCS }, prepare: digestInfo, finish: asItIs },
  'rsa-pss': {
    mechanism: { type: CKM_RSA_PKCS_PSS, parameter: pssParameters() },
    prepare: (bytes) => sha256(bytes),
    finish: asItIs,
  },
  ecdsa: { mechanism: { type: CKM_ECDSA }, prepare: (bytes) => sha256(bytes), finish: ecdsaInDer },
  ed25519: { mechanism: { type: CKM_EDDSA }, prepare: (bytes) => bytes, finish: asItIs },
}

/** RFC 8017, 9.2: what CKM_RSA_PKCS pads and signs. */
function digestInfo(bytes: Uint8Array): Buffer {
  return sequence(sequence(oid(OID.sha256), nothing()), octets(sha256(bytes)))
}

/** CK_RSA_PKCS_PSS_PARAMS: hash, mask generation, length of the salt as of the digest (RFC 4055, 3.1). */
function pssParameters(): Buffer {
  const words = [CKM_SHA256, CKG_MGF1_SHA256, 32]
  const bytes = Buffer.alloc(8 * words.length)
  for (const [i, each] of words.entries()) bytes.writeBigUInt64LE(BigInt(each), 8 * i)
  return bytes
}

/** A token answers r and s side by side, each as long as the curve's order; CMS wants Ecdsa-Sig-Value (RFC 5753, 7.2). */
function ecdsaInDer(signature: Buffer): Buffer {
  if (signature.length < 2 || signature.length % 2 !== 0)
    throw new RangeError(`an ECDSA signature of ${signature.length} bytes`)
  const half = signature.length / 2
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)))
}
