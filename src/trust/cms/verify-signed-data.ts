import type { AlgorithmIdentifier } from '#trust/certificate/algorithm.ts'
import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { type Hash, hashOf, type SignatureScheme, schemeOf } from '#trust/certificate/signature-scheme.ts'
import { type SignatureVerdict, verifyWithScheme } from '#trust/certificate/verify-signature.ts'
import { OID } from '#trust/der/oids.ts'
import { TAG } from '#trust/der/read.ts'
import { checkAttributes, type Note } from './check-attributes.ts'
import type { DigestOf } from './digest-content.ts'
import type { SignedData, SignerInfo } from './read-signed-data.ts'
import { namesCertificate } from './signing-certificate.ts'

export interface CmsCheck {
  name:
    | 'signer-certificate'
    | 'attributes'
    | 'content-type'
    | 'message-digest'
    | 'signing-certificate'
    | 'algorithms'
    | 'signature'
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
  /** The message's certificates where they are read already. */
  certificates?: Certificate[]
}

/**
 * Verifies one signer of a message.
 * @param digestOf hashes the content with the algorithm the signer names
 */
export function verifySigner(
  data: SignedData,
  signer: SignerInfo,
  digestOf: DigestOf,
  rules: VerifyRules = {},
): SignerReport {
  const certificates = rules.certificates ?? data.certificates.flatMap(certificateOrNone)
  const certificate = findCertificate(signer, certificates)
  const digest = digestOfSigner(signer)
  const checks: CmsCheck[] = []
  const check: Note = (name, ok, detail) => checks.push({ name, ok, detail })
  check(
    'signer-certificate',
    certificate !== undefined,
    certificate ? 'the signer’s certificate is in the message' : 'the signer’s certificate is missing',
  )
  if (certificate && digest) {
    const content = digestOf(digest)
    if (signer.signedAttributes) {
      checkAttributes(signer, content, certificate, rules, check)
      const verdict = verifyValue(signer, certificate, digest, rules)
      const isJudged = verdict === 'valid' || verdict === 'invalid'
      check(isJudged ? 'signature' : 'algorithms', verdict === 'valid', VERDICTS[verdict])
    }
    // Without them the value is over the content itself, and only its digest is here (RFC 5652, 5.4): nothing is said of the value.
    else check('attributes', false, 'there are no signed attributes')
  } else if (certificate) check('algorithms', false, 'a digest algorithm that is not accepted')
  return { sound: checks.length > 1 && checks.every(({ ok }) => ok), certificate, certificates, digest, checks }
}

/** Of several that bear the name and number, the one that the signed attributes mean: anyone can put others beside it. */
function findCertificate(signer: SignerInfo, certificates: readonly Certificate[]): Certificate | undefined {
  const named = certificates.filter((each) => isNamedBy(signer, each))
  const values = signer.signedAttributes?.values
  if (named.length < 2 || !values) return named[0]
  return named.find((each) => namesCertificate(values, each)) ?? named[0]
}

const VERDICTS: Record<SignatureVerdict, string> = {
  valid: 'the signature value is valid',
  invalid: 'the signature value is invalid',
  weak: 'an algorithm or a key that is too weak',
  unsupported: 'an algorithm or a key that is not accepted',
}

function verifyValue(signer: SignerInfo, certificate: Certificate, digest: Hash, rules: VerifyRules): SignatureVerdict {
  const scheme = schemeOfSigner(signer, digest)
  if (!scheme) return 'unsupported'
  if (!signer.signedAttributes) return 'invalid'
  try {
    return verifyWithScheme(scheme, certificate.publicKey, signer.signedAttributes.bytes, signer.signature, rules)
  } catch {
    return 'unsupported'
  }
}

/** Without parameters, or with NULL (RFC 5754, 2). */
export function digestOfSigner({ digestAlgorithm }: SignerInfo): Hash | undefined {
  return hasNoParameters(digestAlgorithm) ? hashOf(digestAlgorithm.oid) : undefined
}

const hasNoParameters = ({ params }: AlgorithmIdentifier): boolean =>
  params === undefined || (params.tag === TAG.null && params.length === 0)

/** In CMS `rsaEncryption` stands for PKCS #1 v1.5 with the signer's digest (RFC 3370, 3.2), and `ecPublicKey` is seen likewise. */
function schemeOfSigner(signer: SignerInfo, digest: Hash): SignatureScheme | undefined {
  if (signer.signatureAlgorithm.oid === OID.rsaEncryption)
    return hasNoParameters(signer.signatureAlgorithm) ? { kind: 'rsa', hash: digest } : undefined
  const scheme = schemeOf(signer.signatureAlgorithm)
  // Ed25519 hashes for itself, and the content's digest has to be as strong (RFC 8419, 3.1).
  if (scheme?.kind === 'ed25519') return digest === 'sha512' ? scheme : undefined
  // A value over another hash than the digest's would leave which bytes were meant open. Ed448 asks for a digest not known here.
  return scheme?.hash === digest ? scheme : undefined
}

/** By issuer and number, or by its key identifier: which is to be asked of signed attributes, for these are not signed. */
export function isNamedBy({ issuer, serial, keyIdentifier }: SignerInfo, certificate: Certificate): boolean {
  if (keyIdentifier) return certificate.ski?.equals(keyIdentifier) ?? false
  return serial !== undefined && certificate.serial.equals(serial) && (issuer?.equals(certificate.issuer.der) ?? false)
}
