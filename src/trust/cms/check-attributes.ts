import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, DerError, type DerValue, TAG } from '#trust/der/read.ts'
import type { SignerInfo } from './read-signed-data.ts'
import { namesCertificate } from './signing-certificate.ts'
import type { CmsCheck, VerifyRules } from './verify-signed-data.ts'

export type Note = (name: CmsCheck['name'], ok: boolean, detail: string) => void

/** What only counts where it is signed (RFC 5652, 11.1 to 11.3; RFC 5035, 3; RFC 6211, 2): beside, anyone could have written it. */
const ONLY_SIGNED = [
  OID.contentType,
  OID.messageDigest,
  OID.signingTime,
  OID.signingCertificate,
  OID.signingCertificateV2,
  OID.cmsAlgorithmProtection,
]

/** What only counts where it is not signed: what is made over the value cannot be under it. */
const NEVER_SIGNED = [OID.countersignature, OID.signatureTimeStampToken, OID.archiveTimestampV3]

/** The signed attributes against the content, the certificate and the signer's own fields. Each has one value. */
export function checkAttributes(
  signer: SignerInfo,
  content: Buffer,
  certificate: Certificate,
  rules: VerifyRules,
  check: Note,
): void {
  const { values } = signer.signedAttributes!
  const type = one(values, OID.contentType)
  const expected = rules.contentType ?? OID.data
  check('content-type', type?.tag === TAG.oid && type.oid() === expected, 'the content type is the content’s')
  const digest = one(values, OID.messageDigest)
  check(
    'message-digest',
    digest?.tag === TAG.octetString && digest.octets().equals(content),
    'the digest is the content’s',
  )
  const said = namesCertificate(values, certificate)
  if (said !== undefined || rules.requireSigningCertificate)
    check('signing-certificate', said === true, 'the signature names the certificate it is made with')
  const misplaced = isMisplaced(signer)
  if (misplaced || !isTime(values) || !isProtected(signer))
    check('attributes', false, misplaced ? 'an attribute is where it may not be' : 'an attribute is not as it must be')
}

function one(values: ReadonlyMap<string, DerValue[]>, oid: string): DerValue | undefined {
  const found = values.get(oid)
  return found?.length === 1 ? found[0] : undefined
}

const isMisplaced = ({ signedAttributes, unsignedAttributes }: SignerInfo): boolean =>
  ONLY_SIGNED.some((oid) => unsignedAttributes?.values.has(oid)) ||
  NEVER_SIGNED.some((oid) => signedAttributes?.values.has(oid))

function isTime(values: ReadonlyMap<string, DerValue[]>): boolean {
  return !values.has(OID.signingTime) || readSigningTime(values) !== undefined
}

/** The claimed time (RFC 5652, 11.3); undefined where there is none, or more than one. */
export function readSigningTime(values: ReadonlyMap<string, DerValue[]> | undefined): Date | undefined {
  try {
    return values && one(values, OID.signingTime)?.time()
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** CMSAlgorithmProtection (RFC 6211): says again, signed, which algorithms the signer's fields name. */
function isProtected({ signedAttributes, digestAlgorithm, signatureAlgorithm }: SignerInfo): boolean {
  const { values } = signedAttributes!
  if (!values.has(OID.cmsAlgorithmProtection)) return true
  try {
    const fields = one(values, OID.cmsAlgorithmProtection)?.sequence()
    const digest = fields?.next(TAG.sequence).bytes
    const signature = fields?.next(context(1)).as(TAG.sequence)
    fields?.done()
    return digest?.equals(digestAlgorithm.der) === true && isSame(signature!, signatureAlgorithm.der)
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}

/** The tag alone may differ: it is implicit. */
const isSame = ({ bytes }: DerValue, der: Buffer): boolean =>
  bytes.length === der.length && bytes.subarray(1).equals(der.subarray(1))
