import { createHash } from 'node:crypto'
import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { type Hash, hashOf, type SignatureScheme, schemeOf } from '#trust/certificate/signature-scheme.ts'
import { verifyWithScheme } from '#trust/certificate/verify-signature.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, type DerValue, TAG } from '#trust/der/read.ts'
import type { SignedData, SignerInfo } from './read-signed-data.ts'

export interface CmsCheck {
  name: 'signer-certificate' | 'attributes' | 'content-type' | 'message-digest' | 'signing-certificate' | 'signature'
  ok: boolean
  detail: string
}

/** Whether bytes, digest and signature value agree. Who the signer is to be believed to be is another question (paths). */
export interface SignerReport {
  sound: boolean
  certificate: Certificate | undefined
  /** Everything in the message that reads as a certificate. */
  certificates: Certificate[]
  digest: Hash | undefined
  checks: CmsCheck[]
}

export interface VerifyRules {
  /** SHA-1 and short keys, for old files only. */
  allowLegacyAlgorithms?: boolean
  /** A PAdES or CAdES signature must say which certificate signs; an old adbe.pkcs7 one need not. */
  requireSigningCertificate?: boolean
  contentType?: string
}

/**
 * Verifies one signer of a message.
 * @param digestOf hashes the content with the algorithm the signer names
 */
export function verifySigner(
  data: SignedData,
  signer: SignerInfo,
  digestOf: (hash: Hash) => Buffer,
  rules: VerifyRules = {},
): SignerReport {
  const certificates = data.certificates.flatMap(certificateOrNone)
  const certificate = certificates.find((each) => names(signer, each))
  const digest = hashOf(signer.digestAlgorithm.oid)
  const checks: CmsCheck[] = []
  const check = (name: CmsCheck['name'], ok: boolean, detail: string) => checks.push({ name, ok, detail })
  check(
    'signer-certificate',
    certificate !== undefined,
    certificate ? 'the signer’s certificate is in the message' : 'the signer’s certificate is missing',
  )
  if (certificate && digest) {
    const attributes = signer.signedAttributes
    const content = digestOf(digest)
    if (attributes) checkAttributes(attributes.values, content, certificate, rules, check)
    else check('attributes', !rules.requireSigningCertificate, 'there are no signed attributes')
    const verdict = verifyValue(signer, certificate, digest, content, rules)
    check('signature', verdict === 'valid', `the signature value is ${verdict}`)
  } else if (certificate) check('message-digest', false, 'a digest algorithm that is not accepted')
  return { sound: checks.length > 1 && checks.every(({ ok }) => ok), certificate, certificates, digest, checks }
}

type Note = (name: CmsCheck['name'], ok: boolean, detail: string) => void

function checkAttributes(
  values: ReadonlyMap<string, DerValue[]>,
  content: Buffer,
  certificate: Certificate,
  rules: VerifyRules,
  check: Note,
): void {
  const type = one(values, OID.contentType)
  const expected = rules.contentType ?? OID.data
  check('content-type', type?.tag === TAG.oid && type.oid() === expected, 'the content type is the content’s')
  const digest = one(values, OID.messageDigest)
  check(
    'message-digest',
    digest?.tag === TAG.octetString && digest.octets().equals(content),
    'the digest is the content’s',
  )
  const said = signingCertificate(values, certificate)
  if (said !== undefined || rules.requireSigningCertificate)
    check('signing-certificate', said === true, 'the signature names the certificate it is made with')
}

function one(values: ReadonlyMap<string, DerValue[]>, oid: string): DerValue | undefined {
  const found = values.get(oid)
  return found?.length === 1 ? found[0] : undefined
}

/** @returns undefined where no attribute says, false where one says otherwise (RFC 5035, RFC 2634) */
function signingCertificate(values: ReadonlyMap<string, DerValue[]>, certificate: Certificate): boolean | undefined {
  const v2 = values.get(OID.signingCertificateV2)
  const v1 = values.get(OID.signingCertificate)
  if (!v1 && !v2) return undefined
  const saysV2 = v2 === undefined || (v2.length === 1 && firstCertId(v2[0]!, certificate, 'sha256'))
  const saysV1 = v1 === undefined || (v1.length === 1 && firstCertId(v1[0]!, certificate, 'sha1'))
  return saysV1 && saysV2
}

function firstCertId(value: DerValue, certificate: Certificate, byDefault: Hash): boolean {
  try {
    const fields = value.sequence().next(TAG.sequence).inside().next(TAG.sequence).inside()
    const algorithm =
      byDefault === 'sha256' && fields.peek() === TAG.sequence
        ? fields.next().sequence().next(TAG.oid).oid()
        : undefined
    const hash = algorithm === undefined ? byDefault : hashOf(algorithm)
    return (
      hash !== undefined &&
      createHash(hash).update(certificate.der).digest().equals(fields.next(TAG.octetString).octets())
    )
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}

function verifyValue(
  signer: SignerInfo,
  certificate: Certificate,
  digest: Hash,
  content: Buffer,
  rules: VerifyRules,
): string {
  const scheme = schemeOfSigner(signer, digest)
  if (!scheme) return 'of an algorithm that is not accepted'
  // Without attributes the value is over the content itself, and only its digest is here (RFC 5652, 5.4).
  if (!signer.signedAttributes) return content.length > 0 ? 'without attributes' : 'invalid'
  try {
    return verifyWithScheme(scheme, certificate.publicKey, signer.signedAttributes.bytes, signer.signature, rules)
  } catch {
    return 'of a key that is not accepted'
  }
}

/** In CMS `rsaEncryption` stands for PKCS #1 v1.5 with the signer's digest (RFC 3370, 3.2), and `ecPublicKey` is seen likewise. */
function schemeOfSigner(signer: SignerInfo, digest: Hash): SignatureScheme | undefined {
  if (signer.signatureAlgorithm.oid === OID.rsaEncryption) return { kind: 'rsa', hash: digest }
  const scheme = schemeOf(signer.signatureAlgorithm)
  // A value over another hash than the digest's would leave which bytes were meant open.
  return scheme?.hash === undefined || scheme.hash === digest ? scheme : undefined
}

function names({ issuer, serial, keyIdentifier }: SignerInfo, certificate: Certificate): boolean {
  if (keyIdentifier) return certificate.ski?.equals(keyIdentifier) ?? false
  return serial !== undefined && certificate.serial.equals(serial) && (issuer?.equals(certificate.issuer.der) ?? false)
}
