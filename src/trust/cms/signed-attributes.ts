import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { octets, oid, sequence, set, time } from '#trust/der/write.ts'
import { digestIdentifier, type SigningHash } from './signature-algorithm.ts'

export interface AttributesQuestion {
  /** Of the content, with `digestAlgorithm`. */
  digest: Uint8Array
  /** Of the content and of the certificate that is named; SHA-256 unless said. */
  digestAlgorithm?: SigningHash
  certificate: Pick<Certificate, 'sha256'> & Partial<Pick<Certificate, 'der'>>
  /** What the content is; `id-data` unless said. */
  contentType?: string
  /** Claimed, whole seconds. CAdES baseline asks for it (EN 319 122-1, 6.3); PAdES keeps it in /M and forbids it here. */
  signingTime?: Date
  /** Further attributes, DER of each. */
  more?: readonly Uint8Array[]
}

/**
 * The signed attributes of a PAdES or CAdES baseline signature, as the DER of their SET OF, which is what is signed: content type,
 * message digest and signing-certificate-v2 (RFC 5652, 11; RFC 5035; EN 319 122-1, 6.3; EN 319 142-1, 6.3), and what else is asked for.
 */
export function signedAttributesFor(question: AttributesQuestion): Buffer {
  const { digest, contentType = OID.data, signingTime, more = [] } = question
  return set(
    attribute(OID.contentType, oid(contentType)),
    attribute(OID.messageDigest, octets(digest)),
    attribute(OID.signingCertificateV2, sequence(sequence(certificateId(question)))),
    ...(signingTime ? [attribute(OID.signingTime, time(signingTime))] : []),
    ...more,
  )
}

/** ESSCertIDv2 whose hash algorithm is the default leaves it out (RFC 5035, 3). */
function certificateId({ certificate, digestAlgorithm = 'sha256' }: AttributesQuestion): Buffer {
  if (digestAlgorithm === 'sha256' || !certificate.der) return sequence(octets(Buffer.from(certificate.sha256, 'hex')))
  return sequence(
    digestIdentifier(digestAlgorithm),
    octets(createHash(digestAlgorithm).update(certificate.der).digest()),
  )
}

/** Attribute (RFC 5652, 5.3) with its values in DER's order. */
export function attribute(type: string, ...values: Uint8Array[]): Buffer {
  return sequence(oid(type), set(...values))
}
