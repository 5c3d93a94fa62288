import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { octets, oid, sequence, set } from '#trust/der/write.ts'

/**
 * The signed attributes of a PAdES baseline signature, as the DER of their SET OF, which is what is signed: content type,
 * message digest and signing-certificate-v2 with SHA-256 (RFC 5652, 11; RFC 5035; EN 319 142-1, 6.3). No signing time: PAdES keeps it in /M.
 * @param digest SHA-256 of the content
 */
export function signedAttributesFor({
  digest,
  certificate,
}: {
  digest: Uint8Array
  certificate: Pick<Certificate, 'sha256'>
}): Buffer {
  // ESSCertIDv2 whose hash algorithm is the default leaves it out (RFC 5035, 3).
  const certId = sequence(octets(Buffer.from(certificate.sha256, 'hex')))
  return set(
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octets(digest)),
    attribute(OID.signingCertificateV2, sequence(sequence(certId))),
  )
}

export function attribute(type: string, value: Uint8Array): Buffer {
  return sequence(oid(type), set(value))
}
