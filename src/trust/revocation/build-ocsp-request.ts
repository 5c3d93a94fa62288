import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, integer, nothing, octets, oid, sequence } from '#trust/der/write.ts'

/**
 * An OCSP request about one certificate (RFC 6960, 4.1), unsigned, with a nonce (RFC 8954). The issuer is named by SHA-1, the
 * only hash that every responder knows; it names, it protects nothing.
 */
export function buildOcspRequest(certificate: Certificate, issuer: Certificate, nonce: Uint8Array): Buffer {
  const hash = (bytes: Buffer): Buffer => octets(createHash('sha1').update(bytes).digest())
  const certId = sequence(
    sequence(oid(OID.sha1), nothing()),
    hash(certificate.issuer.der),
    hash(issuer.keyBits),
    integer(certificate.serial),
  )
  const extension = sequence(oid(OID.ocspNonce), octets(octets(nonce)))
  return sequence(sequence(sequence(sequence(certId)), context(2, sequence(extension))))
}
