import { hash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { SigningHash } from '#trust/cms/signature-algorithm.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { type TstInfoParts, writeTstInfo } from './tst-info.ts'

/** A token that waits for its signature: the key may be elsewhere. */
export interface PreparedToken {
  certificate: Certificate
  /** DER of the TSTInfo. */
  content: Buffer
  /** DER of the SET OF: what the key signs. */
  signedAttributes: Buffer
  digestAlgorithm: SigningHash
}

/**
 * The first step: content and signed attributes (content type, message digest, ESSCertIDv2: RFC 3161, 2.4.2; RFC 5816). The digest
 * is SHA-256, for an Ed25519 key SHA-512 (RFC 8419, 3.1).
 */
export function prepareToken(parts: TstInfoParts, certificate: Certificate): PreparedToken {
  const digestAlgorithm = certificate.publicKey.asymmetricKeyType === 'ed25519' ? 'sha512' : 'sha256'
  const content = writeTstInfo(parts)
  const digest = hash(digestAlgorithm, content, 'buffer')
  const question = { digest, digestAlgorithm, certificate, contentType: OID.tstInfo } as const
  return { certificate, content, signedAttributes: signedAttributesFor(question), digestAlgorithm }
}

/**
 * The second step. @param signature over `signedAttributes`
 * @param chain authorities above the certificate, DER; undefined where the asker wants no certificates at all (RFC 3161, 2.4.1)
 */
export function completeToken(
  { certificate, content, signedAttributes, digestAlgorithm }: PreparedToken,
  signature: Uint8Array,
  chain: readonly Uint8Array[] | undefined,
): Buffer {
  return writeSignedData({
    signers: [{ certificate, signedAttributes, signature, digestAlgorithm }],
    contentType: OID.tstInfo,
    content,
    certificates: chain,
    withoutCertificates: chain === undefined,
  })
}
