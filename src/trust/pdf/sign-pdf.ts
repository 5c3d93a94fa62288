import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { digestFor, type SigningHash } from '#trust/cms/signature-algorithm.ts'
import { makeSigner, type SignerParts } from '#trust/cms/write-signed-data.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { byteRangeDigest } from './byte-range.ts'
import { completeDocumentTimestamp, completeSignature } from './complete-signature.ts'
import { prepareDocumentTimestamp } from './document-timestamp.ts'
import type { PreparedPdf } from './empty-signature.ts'
import { prepareSignature, type SignatureField } from './prepare-signature.ts'
import { addSecurityStore } from './security-store.ts'
import type { PadesLevel } from './verify-report.ts'

/** Whoever signs, wherever the key is. */
export interface PdfSigner {
  certificate: Certificate
  /** Others that help to build the path, DER. */
  certificates?: readonly Uint8Array[]
  /** The key's own strength unless said. */
  digestAlgorithm?: SigningHash
  /** RSASSA-PSS with a plain RSA key. */
  pss?: boolean
  /** @param bytes DER of the signed attributes: what is signed, not its digest */
  sign(bytes: Buffer): Uint8Array | Promise<Uint8Array>
}

/** What comes from elsewhere: this module has no network. */
export interface PadesSources {
  /** An RFC 3161 token over a SHA-256 digest; from B-T on. */
  timestamp?(digest: Buffer): Uint8Array | Promise<Uint8Array>
  /** Certificates, lists and answers about everybody in the file: signers and time-stamp authorities; from B-LT on. */
  validationData?(pdf: Buffer): ValidationData | Promise<ValidationData>
}

export interface PadesRequest {
  field: SignatureField
  signer: PdfSigner
  level: Exclude<PadesLevel, 'none'>
  sources?: PadesSources
  /** Name of the field of the document's time-stamp; B-LTA. */
  timestampField?: string
}

/** Room for a token, bytes: what `contentsSize` needs on top from B-T on. */
export const TOKEN_SIZE = 9000

/**
 * Signs at a PAdES baseline level (EN 319 142-1, 6): each adds to the one before it.
 * @throws PdfError, SigningError, RangeError, and what the sources throw; TypeError where a level's source is missing
 */
export async function signPdf(pdf: Buffer, request: PadesRequest): Promise<Buffer> {
  const { level, sources = {}, signer } = request
  const digestAlgorithm = signer.digestAlgorithm ?? digestFor(signer.certificate.publicKey)
  const prepared = prepareSignature(pdf, { ...request.field, digestAlgorithm })
  const parts = await signPrepared(prepared, { ...signer, digestAlgorithm })
  const timestampToken = level === 'B-B' ? undefined : await stamp(sources, sha256(parts.signature))
  const signed = completeSignature(prepared, {
    signer: { ...parts, timestampToken },
    certificates: signer.certificates,
  })
  return level === 'B-B' || level === 'B-T' ? signed : makeLast(signed, request)
}

/** The step between: digest, attributes, and the key that signs them. */
export function signPrepared({ pdf, byteRange }: PreparedPdf, signer: PdfSigner): Promise<SignerParts> {
  const { certificate, digestAlgorithm = 'sha256', pss } = signer
  const digest = byteRangeDigest(pdf, byteRange, digestAlgorithm)
  return makeSigner({ digest, digestAlgorithm, certificate, pss }, (bytes) => signer.sign(bytes))
}

/** B-LT, and B-LTA where the level asks for it. */
async function makeLast(pdf: Buffer, { level, sources = {}, timestampField }: PadesRequest): Promise<Buffer> {
  if (!sources.validationData) throw new TypeError(`${level} needs validation data`)
  const stored = addSecurityStore(pdf, await sources.validationData(pdf))
  if (level !== 'B-LTA') return stored
  const prepared = prepareDocumentTimestamp(stored, {
    fieldName: timestampField ?? `time-stamp-${stored.length}`,
    contentsSize: TOKEN_SIZE,
  })
  return completeDocumentTimestamp(prepared, await stamp(sources, byteRangeDigest(prepared.pdf, prepared.byteRange)))
}

async function stamp({ timestamp }: PadesSources, digest: Buffer): Promise<Uint8Array> {
  if (!timestamp) throw new TypeError('a time-stamp is asked for, and no authority given')
  return timestamp(digest)
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
