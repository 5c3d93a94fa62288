import { createHash } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, integer, nothing, octets, oid, sequence } from '#trust/der/write.ts'

/**
 * An OCSP request about one certificate (RFC 6960, 4.1), unsigned, with a nonce (RFC 9654). The issuer is named by SHA-1, the
 * only hash that every responder knows; it names, it protects nothing.
 * @param nonce 1 to 128 bytes, 32 of chance where nothing speaks against it; throws RangeError for any other length
 */
export function buildOcspRequest(certificate: Certificate, issuer: Certificate, nonce: Uint8Array): Buffer {
  if (nonce.length < 1 || nonce.length > 128) throw new RangeError('a nonce has 1 to 128 bytes (RFC 9654, 2.1)')
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
