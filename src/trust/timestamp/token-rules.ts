import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { SignedData, SignerInfo } from '#trust/cms/read-signed-data.ts'
import type { SignerReport } from '#trust/cms/verify-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { TAG } from '#trust/der/read.ts'
import { readIdentifier } from './certificate-identifier.ts'
import type { TstInfo } from './tst-info.ts'

/**
 * Until when a token may name its certificate by ESSCertID alone, whose digest is SHA-1 (RFC 3161; RFC 5816 allows better ones). Passing
 * another certificate off takes a second preimage, which nobody can compute; NIST ends every use of SHA-1 on this day (2022).
 */
const SHA1_IDENTIFIERS_UNTIL = new Date('2030-12-31T00:00:00Z')

/**
 * Versions and the list of digests stand where no signature covers them; what they have to be follows from the rest (RFC 5652, 5.1 and
 * 5.3), so that no two messages that differ there count as one token.
 */
export function isFramed({ version, digestAlgorithms }: SignedData, signer: SignerInfo): boolean {
  const versions = [3, 4, 5].includes(version) && signer.version === (signer.keyIdentifier ? 3 : 1)
  const digests = [...digestAlgorithms, signer.digestAlgorithm]
  const plain = digests.every(({ params }) => !params || (params.tag === TAG.null && params.length === 0))
  return versions && plain && digestAlgorithms.some(({ oid }) => oid === signer.digestAlgorithm.oid)
}

/** What RFC 3161 asks of a token whose signature holds: the first thing that is not so, as the end of a sentence; else undefined. */
export function findFault(info: TstInfo, { certificate }: SignerReport, signer: SignerInfo): string | undefined {
  if (!certificate) return 'the time-stamp does not carry the certificate of its authority'
  if (!maySignTime(certificate)) return 'its certificate is not one for time-stamping and nothing else'
  if (info.time < certificate.notBefore) return 'it says a time before its authority’s certificate'
  if (info.time > certificate.notAfter) return 'it says a time after the end of its authority’s certificate'
  const identifier = readIdentifier(signer.signedAttributes?.values ?? new Map(), certificate)
  if (!identifier?.namesIssuer) return 'it names another certificate than the one it is made with'
  if (identifier.kind === 'v1' && info.time > SHA1_IDENTIFIERS_UNTIL)
    return 'it names its certificate by a digest that is not accepted any more'
  if (!isNamed(info, certificate)) return 'it says another authority than the one that signed'
  return undefined
}

/** RFC 3161, 2.3: a key for nothing but time-stamping, and said critically; no other use of it may be left open. */
function maySignTime({ extendedKeyUsage, extensions, keyUsage }: Certificate): boolean {
  const critical = extensions.get(OID.extKeyUsage)?.critical === true
  const alone = extendedKeyUsage?.size === 1 && extendedKeyUsage.has(OID.timeStamping)
  const signs = [...(keyUsage ?? [])].every((usage) => usage === 'digitalSignature' || usage === 'nonRepudiation')
  return critical && alone && signs
}

/** RFC 3161, 2.4.2: the name in `tsa` is one of the certificate's. Other kinds of names are only a hint there. */
function isNamed({ authority }: TstInfo, { subject, subjectAltNames }: Certificate): boolean {
  if (authority?.kind !== 'directory') return true
  const { name } = authority
  const others = (subjectAltNames ?? []).flatMap((each) => (each.kind === 'directory' ? [each.name] : []))
  return [subject, ...others].some((each) => sameName(each, name))
}
