import { createHash } from 'node:crypto'
import { type DigestOf, digestOfBytes, onlyDigest } from '#trust/cms/digest-content.ts'
import { CmsError } from '#trust/cms/errors.ts'
import { readMessage, unframe } from '#trust/cms/read-message.ts'
import type { ReadLimits, SignerInfo } from '#trust/cms/read-signed-data.ts'
import { assertDer, growSignedData } from '#trust/cms/rewrite-signed-data.ts'
import type { SigningHash } from '#trust/cms/signature-algorithm.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { OID } from '#trust/der/oids.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { archiveImprint } from './archive-imprint.ts'
import { writeHashIndex } from './hash-index.ts'

export interface WhichSignature extends ReadLimits {
  /** Its place among the signers of the message; the first unless said. */
  signer?: number
}

/** What a time-stamp authority is asked to stamp for B-T: the signature value's digest (EN 319 122-1, 5.3). @throws CmsError */
export function signatureImprint(message: Uint8Array, which: WhichSignature & { hash?: SigningHash } = {}): Buffer {
  const { signature } = signerOf(message, which)
  return createHash(which.hash ?? 'sha256')
    .update(signature)
    .digest()
}

/**
 * B-B to B-T.
 * @param token RFC 3161, DER, over `signatureImprint`
 * @throws CmsError; `cannot-grow` where the token stamps something else or does not hold
 */
export function addSignatureTimestamp(message: Uint8Array, token: Uint8Array, which: WhichSignature = {}): Buffer {
  const { signature } = signerOf(message, which)
  refuseOther(token, digestOfBytes(signature))
  const attributes = [attribute(OID.signatureTimeStampToken, token)]
  return growSignedData(message, { unsignedAttributes: { signer: which.signer ?? 0, attributes } }, which)
}

/**
 * B-T to B-LT: certificates, lists and answers beside the signatures, where all signers and time-stamps of the message find them
 * (EN 319 122-1, 6.3). What is there already is not added again.
 * @throws CmsError
 */
export function addValidationData(message: Uint8Array, data: ValidationData, limits: ReadLimits = {}): Buffer {
  for (const each of [...data.certificates, ...data.crls, ...data.ocspResponses]) assertDer(each)
  return growSignedData(message, data, limits)
}

export interface ArchiveQuestion extends WhichSignature {
  /** Added first, and so covered. */
  data?: ValidationData
  /** Hashes the content where it is detached, as `digestStream` does; it needs `hash` only. */
  digestOf?: DigestOf
  /** Of the imprint and of the index. */
  hash?: SigningHash
}

/** Plain values, to be kept until the token is there. */
export interface PreparedArchive {
  /** With the validation data in it. */
  message: Buffer
  signer: number
  hash: SigningHash
  /** What the authority is asked to stamp. */
  imprint: Buffer
  /** ATSHashIndexV3, DER. */
  index: Buffer
}

/**
 * The first step to B-LTA, and of each renewal: what an archive time-stamp has to be made over (EN 319 122-1, 5.5.3), which is the
 * content, the signature and all that is in the message now: earlier time-stamps too.
 * @throws CmsError
 */
export function prepareArchiveTimestamp(message: Uint8Array, question: ArchiveQuestion = {}): PreparedArchive {
  const { data: more, hash = 'sha256', signer = 0 } = question
  const grown = more ? addValidationData(message, more, question) : Buffer.from(unframe(message, question))
  const data = readMessage(grown, question)
  const info = signerOf(grown, question)
  const digestOf = data.content ? digestOfBytes(data.content) : question.digestOf
  if (!digestOf) throw new CmsError('cannot-grow')
  const index = writeHashIndex(data, info, hash)
  return { message: grown, signer, hash, index, imprint: archiveImprint(data, info, index, digestOf, hash) }
}

/**
 * The second step: the token goes in, with the index of what it covers among its own unsigned attributes.
 * @throws CmsError; `cannot-grow` where the token stamps something else or does not hold
 */
export function addArchiveTimestamp(prepared: PreparedArchive, token: Uint8Array, limits: ReadLimits = {}): Buffer {
  const { message, signer, hash, imprint, index } = prepared
  refuseOther(token, onlyDigest(hash, imprint))
  const indexed = growSignedData(token, {
    unsignedAttributes: { signer: 0, attributes: [attribute(OID.atsHashIndexV3, index)] },
  })
  const attributes = [attribute(OID.archiveTimestampV3, indexed)]
  return growSignedData(message, { unsignedAttributes: { signer, attributes } }, limits)
}

function signerOf(message: Uint8Array, { signer = 0, ...limits }: WhichSignature): SignerInfo {
  const info = readMessage(message, limits).signers[signer]
  if (!info) throw new CmsError('bad-signer')
  return info
}

/** A token that does not hold would be written for good, and found out by whoever verifies. */
function refuseOther(token: Uint8Array, digestOf: DigestOf): void {
  if (verifyToken(Buffer.from(token), digestOf).timestamp?.sound !== true) throw new CmsError('cannot-grow')
}
