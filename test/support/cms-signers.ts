import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { digestFor, type SigningHash, signatureIdentifier, signWith } from '#trust/cms/signature-algorithm.ts'
import { type AttributesQuestion, signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import type { SignerParts } from '#trust/cms/write-signed-data.ts'
import { authority, type Holder, issue, newKey } from './pki.ts'

export interface CmsSigner extends Holder {
  digestAlgorithm: SigningHash
  pss?: boolean
}

export const root = authority({ subject: 'root' })

const rsa = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey

const signer = (subject: string, key: KeyObject, more: Partial<CmsSigner> = {}): CmsSigner => ({
  ...issue({ subject, issuer: root, key }),
  digestAlgorithm: digestFor(key),
  ...more,
})

/** One of every algorithm that is written. */
export const makeSigners = (): Record<string, CmsSigner> => ({
  'RSA PKCS #1 v1.5 with SHA-256': signer('rsa', rsa()),
  'RSA PKCS #1 v1.5 with SHA-512': signer('rsa 512', rsa(), { digestAlgorithm: 'sha512' }),
  'RSA-PSS with SHA-256': signer('pss', rsa(), { pss: true }),
  'RSA-PSS with SHA-384': signer('pss 384', rsa(), { pss: true, digestAlgorithm: 'sha384' }),
  'ECDSA P-256 with SHA-256': signer('p256', newKey()),
  'ECDSA P-384 with SHA-384': signer('p384', ec('secp384r1')),
  'ECDSA P-521 with SHA-512': signer('p521', ec('secp521r1')),
  Ed25519: signer('ed25519', generateKeyPairSync('ed25519').privateKey),
})

export const hashed = (content: Uint8Array, hash = 'sha256'): Buffer => createHash(hash).update(content).digest()

/** @param more for the attributes; or instead of them, for the signer */
export function signContent(
  by: CmsSigner,
  content: Uint8Array,
  more: Partial<AttributesQuestion> = {},
  parts: Partial<SignerParts> = {},
): SignerParts {
  const { certificate, digestAlgorithm, pss, key } = by
  const digest = hashed(content, digestAlgorithm)
  const signedAttributes = signedAttributesFor({ digest, digestAlgorithm, certificate, ...more })
  return {
    certificate,
    signedAttributes,
    signature: signWith(key, { digestAlgorithm, pss })(signedAttributes),
    digestAlgorithm,
    signatureAlgorithm: signatureIdentifier(certificate.publicKey, { digestAlgorithm, pss }),
    ...parts,
  }
}
