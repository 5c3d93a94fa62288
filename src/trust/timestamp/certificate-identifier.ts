import { parseGeneralNames } from '#trust/certificate/general-name.ts'
import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, type DerValue, TAG } from '#trust/der/read.ts'

export interface CertificateIdentifier {
  /** `v1` where only the ESSCertID of RFC 2634 is there, whose digest is SHA-1; `v2` is RFC 5035 (RFC 5816). */
  kind: 'v1' | 'v2'
  /** False where it says another issuer or number than the certificate's. That its digest is right is for `verifySigner` to see. */
  namesIssuer: boolean
}

/** How a token says which certificate it is made with; undefined where it does not, or cannot be read. */
export function readIdentifier(
  attributes: ReadonlyMap<string, DerValue[]>,
  certificate: Certificate,
): CertificateIdentifier | undefined {
  const v2 = attributes.get(OID.signingCertificateV2)?.[0]
  const value = v2 ?? attributes.get(OID.signingCertificate)?.[0]
  try {
    return value && { kind: v2 ? 'v2' : 'v1', namesIssuer: namesIssuer(value, certificate) }
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** IssuerSerial is optional; where it is there it has to be right (RFC 5035, 5). */
function namesIssuer(value: DerValue, certificate: Certificate): boolean {
  const identifier = value.sequence().next(TAG.sequence).inside().next(TAG.sequence).inside()
  if (identifier.peek() === TAG.sequence) identifier.next()
  identifier.next(TAG.octetString)
  const issuerSerial = identifier.optional(TAG.sequence)?.inside()
  identifier.done()
  if (!issuerSerial) return true
  const names = parseGeneralNames(issuerSerial.next())
  const serial = issuerSerial.next(TAG.integer).integer()
  issuerSerial.done()
  const named = names.some((name) => name.kind === 'directory' && sameName(name.name, certificate.issuer))
  return named && serial.equals(certificate.serial)
}
