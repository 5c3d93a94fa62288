import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, contextPrimitive, integer, octets, oid, raw, sequence, set, tlv } from '#trust/der/write.ts'
import { writeOcspChoice } from './revocation-choices.ts'
import { digestIdentifier, type SigningHash, signatureIdentifier } from './signature-algorithm.ts'
import { attribute, signedAttributesFor } from './signed-attributes.ts'

/** One signer of a message. The key may be elsewhere: `signedAttributesFor` first, then whoever has the key, then this. */
export interface SignerParts {
  /** Whoever signed; goes into the message. */
  certificate: Pick<Certificate, 'der' | 'issuer' | 'serial' | 'publicKey'> & Partial<Pick<Certificate, 'ski'>>
  /** DER of the SET OF, first byte 0x31. */
  signedAttributes: Uint8Array
  signature: Uint8Array
  /** What the attributes' digest was made with, and the attributes were signed with; SHA-256 unless said. */
  digestAlgorithm?: SigningHash
  /** DER of the AlgorithmIdentifier; where absent, what the certificate's key signs by itself (not PSS with a plain RSA key). */
  signatureAlgorithm?: Uint8Array
  /** RFC 3161 token over the signature value, DER. */
  timestampToken?: Uint8Array
  /** Others, DER of each Attribute. */
  unsignedAttributes?: readonly Uint8Array[]
  /** Name the certificate by its subjectKeyIdentifier instead of its issuer and number. */
  byKeyIdentifier?: boolean
}

export interface SignedDataParts {
  signers: readonly SignerParts[]
  /** What the content is; `id-data` unless said. */
  contentType?: string
  /** Where absent the signature is detached. */
  content?: Uint8Array
  /** Others that help to build the paths, DER; the signers' own are added. */
  certificates?: readonly Uint8Array[]
  /** Nor the signers' own: whoever asked has them (RFC 3161, 2.4.1). */
  withoutCertificates?: boolean
  /** CertificateLists, DER. */
  crls?: readonly Uint8Array[]
  /** OCSPResponses, DER (RFC 5940). */
  ocspResponses?: readonly Uint8Array[]
}

/** A CMS SignedData (RFC 5652, 5) in DER: detached or with its content, with one signer or several. Throws RangeError for a key that does not sign. */
export function writeSignedData(parts: SignedDataParts): Buffer {
  const { signers, contentType = OID.data, content, ...rest } = parts
  const own = rest.withoutCertificates ? [] : signers.map(({ certificate }) => certificate.der)
  const certificates = [...own, ...(rest.certificates ?? [])]
  const revocation = [...(rest.crls ?? []), ...(rest.ocspResponses ?? []).map(writeOcspChoice)]
  const signedData = sequence(
    integer(versionOf(signers, contentType, rest.ocspResponses?.length ?? 0)),
    set(...unique(signers.map(({ digestAlgorithm = 'sha256' }) => digestIdentifier(digestAlgorithm)))),
    sequence(oid(contentType), ...(content ? [context(0, octets(content))] : [])),
    ...(certificates.length > 0 ? [writeChoices(0, certificates)] : []),
    ...(revocation.length > 0 ? [writeChoices(1, revocation)] : []),
    set(...signers.map(writeSigner)),
  )
  return sequence(oid(OID.signedData), context(0, signedData))
}

/** RFC 5652, 5.1: what is in the message decides. */
function versionOf(signers: readonly SignerParts[], contentType: string, otherRevocation: number): number {
  if (otherRevocation > 0) return 5
  return contentType !== OID.data || signers.some(({ byKeyIdentifier }) => byKeyIdentifier) ? 3 : 1
}

/** `[n]` IMPLICIT SET OF: each once, in DER's order. */
export const writeChoices = (number: number, items: readonly Uint8Array[]): Buffer =>
  context(number, ...unique(items).toSorted(Buffer.compare))

function unique(items: readonly Uint8Array[]): Buffer[] {
  return [...new Map(items.map((each) => [Buffer.from(each).toString('latin1'), Buffer.from(each)])).values()]
}

/** SignerInfo (RFC 5652, 5.3). */
export function writeSigner(parts: SignerParts): Buffer {
  const { certificate, signature, digestAlgorithm = 'sha256', timestampToken, byKeyIdentifier } = parts
  const stamp = timestampToken ? [attribute(OID.signatureTimeStampToken, timestampToken)] : []
  const unsignedAttributes = [...stamp, ...(parts.unsignedAttributes ?? [])]
  return sequence(
    integer(byKeyIdentifier ? 3 : 1),
    byKeyIdentifier ? contextPrimitive(0, keyIdentifier(certificate)) : issuerAndSerial(certificate),
    digestIdentifier(digestAlgorithm),
    // [0] IMPLICIT: the same content under another tag.
    Buffer.concat([Buffer.from([0xa0]), Buffer.from(parts.signedAttributes).subarray(1)]),
    raw(parts.signatureAlgorithm ?? signatureIdentifier(certificate.publicKey, { digestAlgorithm })),
    octets(signature),
    ...(unsignedAttributes.length > 0 ? [writeUnsigned(unsignedAttributes)] : []),
  )
}

/** `[1]` IMPLICIT UnsignedAttributes. */
export const writeUnsigned = (attributes: readonly Uint8Array[]): Buffer =>
  context(1, ...attributes.toSorted(Buffer.compare))

export const issuerAndSerial = ({ issuer, serial }: Pick<Certificate, 'issuer' | 'serial'>): Buffer =>
  sequence(raw(issuer.der), tlv(0x02, serial))

function keyIdentifier({ ski }: SignerParts['certificate']): Buffer {
  if (!ski) throw new RangeError('the certificate has no subjectKeyIdentifier to be named by')
  return ski
}

export interface SigningQuestion {
  /** Of the content. */
  digest: Uint8Array
  digestAlgorithm?: SigningHash
  certificate: Certificate
  contentType?: string
  signingTime?: Date
  /** RSASSA-PSS with a plain RSA key. */
  pss?: boolean
  more?: readonly Uint8Array[]
}

/** Both steps around a key that is elsewhere: what it is given to sign are the DER of the signed attributes. */
export async function makeSigner(
  { pss, ...question }: SigningQuestion,
  signAttributes: (bytes: Buffer) => Uint8Array | Promise<Uint8Array>,
): Promise<SignerParts> {
  const { certificate, digestAlgorithm } = question
  const signedAttributes = signedAttributesFor(question)
  const signatureAlgorithm = signatureIdentifier(certificate.publicKey, { digestAlgorithm, pss })
  const signature = await signAttributes(signedAttributes)
  return { certificate, signedAttributes, signature, digestAlgorithm, signatureAlgorithm }
}
