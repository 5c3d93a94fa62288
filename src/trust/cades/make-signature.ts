import { parseAlgorithm } from '#trust/certificate/algorithm.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'
import { CmsError } from '#trust/cms/errors.ts'
import type { ReadLimits } from '#trust/cms/read-signed-data.ts'
import { growSignedData } from '#trust/cms/rewrite-signed-data.ts'
import { digestFor, digestIdentifier, type SigningHash, signatureIdentifier } from '#trust/cms/signature-algorithm.ts'
import { attribute, signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { type SignerParts, writeSignedData, writeSigner } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { readDer } from '#trust/der/read.ts'
import { utf8 } from '#trust/der/write.ts'

export interface CadesQuestion {
  /** Of the content, with `digestAlgorithm`. */
  digest: Uint8Array
  /** As strong as the certificate's key unless said. */
  digestAlgorithm?: SigningHash
  certificate: Certificate
  /** Claimed; the baseline asks for it (EN 319 122-1, 6.3). */
  signingTime: Date
  /** RSASSA-PSS with a key that would sign by PKCS #1 v1.5. */
  pss?: boolean
  /** Of the content (EN 319 122-1, 5.2.5.2). */
  mimeType?: string
}

/** Plain values and a certificate, to be kept until the signature value is there. */
export interface PreparedSignature {
  certificate: Certificate
  digestAlgorithm: SigningHash
  signatureAlgorithm: Buffer
  /** DER of the SET OF: what the key has to sign. */
  signedAttributes: Buffer
}

export interface MessageParts {
  /** Makes it enveloping; where absent the signature is detached. */
  content?: Uint8Array
  /** Others that help to build the path, DER. */
  certificates?: readonly Uint8Array[]
}

/** The first step to B-B, for a key that is elsewhere. Throws RangeError for a certificate whose key does not sign so. */
export function prepareCades(question: CadesQuestion): PreparedSignature {
  const { certificate, pss, mimeType } = question
  const digestAlgorithm = question.digestAlgorithm ?? digestFor(certificate.publicKey)
  const signatureAlgorithm = signatureIdentifier(certificate.publicKey, { digestAlgorithm, pss })
  const more = mimeType ? [attribute(OID.mimeType, utf8(mimeType))] : []
  const signedAttributes = signedAttributesFor({ ...question, digestAlgorithm, more })
  return { certificate, digestAlgorithm, signatureAlgorithm, signedAttributes }
}

/** The second step: a message of one signer. @throws CmsError `bad-signer` where the value is not this certificate's */
export function completeCades(prepared: PreparedSignature, signature: Uint8Array, parts: MessageParts = {}): Buffer {
  return writeSignedData({ ...parts, signers: [signerOf(prepared, signature)] })
}

/** Instead of it: one more signer of a message that is there, beside the others, whose bytes stay as they are. @throws CmsError */
export function addSigner(
  message: Uint8Array,
  prepared: PreparedSignature,
  signature: Uint8Array,
  { certificates = [], ...limits }: Pick<MessageParts, 'certificates'> & ReadLimits = {},
): Buffer {
  const info = writeSigner(signerOf(prepared, signature))
  const digestAlgorithm = digestIdentifier(prepared.digestAlgorithm)
  const more = [prepared.certificate.der, ...certificates]
  return growSignedData(message, { certificates: more, signer: { info, digestAlgorithm } }, limits)
}

/** A value of a wrong key or over other bytes would be found out by whoever verifies. */
function signerOf(prepared: PreparedSignature, signature: Uint8Array): SignerParts {
  const { certificate, signatureAlgorithm, signedAttributes } = prepared
  const algorithm = parseAlgorithm(readDer(signatureAlgorithm))
  if (verifySignature(algorithm, certificate.publicKey, signedAttributes, signature) !== 'valid')
    throw new CmsError('bad-signer')
  return { ...prepared, signature }
}
