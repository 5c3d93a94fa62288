import { createHash } from 'node:crypto'
import { parseName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type Hash, hashOf } from '#trust/certificate/signature-scheme.ts'
import { OID } from '#trust/der/oids.ts'
import { context, type DerCursor, DerError, type DerValue, TAG } from '#trust/der/read.ts'

/**
 * Whether the signed attributes name the certificate: signing-certificate (SHA-1, RFC 2634, 5.4), signing-certificate-v2 (RFC
 * 5035, 3), or both, and then both.
 * @returns undefined where no attribute says, false where one says otherwise
 */
export function namesCertificate(
  values: ReadonlyMap<string, DerValue[]>,
  certificate: Certificate,
): boolean | undefined {
  const v2 = values.get(OID.signingCertificateV2)
  const v1 = values.get(OID.signingCertificate)
  if (!v1 && !v2) return undefined
  const saysV2 = v2 === undefined || (v2.length === 1 && isFirst(v2[0]!, certificate, 'sha256'))
  const saysV1 = v1 === undefined || (v1.length === 1 && isFirst(v1[0]!, certificate, 'sha1'))
  return saysV1 && saysV2
}

/** The first ESSCertID is the signer's; the others, of the path, bind nothing that is judged here. */
function isFirst(value: DerValue, certificate: Certificate, byDefault: Hash): boolean {
  try {
    const fields = value.sequence().next(TAG.sequence).inside().next(TAG.sequence).inside()
    const hash = byDefault === 'sha256' ? readHash(fields) : byDefault
    const digest = fields.next(TAG.octetString).octets()
    const issuer = fields.optional(TAG.sequence)
    fields.done()
    if (!hash || !digestOf(certificate, hash).equals(digest)) return false
    return !issuer || isIssuer(issuer, certificate)
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}

/** That of SHA-256 is the one by which the certificate is known: it is kept with it. */
const digestOf = (certificate: Certificate, hash: Hash): Buffer =>
  hash === 'sha256' ? Buffer.from(certificate.sha256, 'hex') : createHash(hash).update(certificate.der).digest()

/** AlgorithmIdentifier, SHA-256 where it is left out. SHA-1 is for the older attribute alone. */
function readHash(fields: DerCursor): Hash | undefined {
  if (fields.peek() !== TAG.sequence) return 'sha256'
  const hash = hashOf(fields.next().sequence().next(TAG.oid).oid())
  return hash === 'sha1' ? undefined : hash
}

/** IssuerSerial (RFC 5035, 5): one directoryName, and the number. */
function isIssuer(value: DerValue, { issuer, serial }: Certificate): boolean {
  const fields = value.sequence()
  const name = fields.next(TAG.sequence).inside()
  const said = parseName(name.next(context(4)).explicit())
  name.done()
  const number = fields.next(TAG.integer).integer()
  fields.done()
  return said.key === issuer.key && number.equals(serial)
}
