import type { Authorities } from '#modules/identity/index.ts'
import { sameName } from '#trust/certificate/name.ts'
import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'
import type { PdfSignature } from '#trust/pdf/verify-report.ts'

/**
 * What in a signature of ours could have been changed without its noticing: what no signature covers, and certificates beside
 * the signer's that nobody here or in the file issued. So a document of the shop cannot be changed by one byte unseen.
 */
export function findLoose(
  { carried, unprotected, signer, timestamp }: PdfSignature,
  authorities: Authorities,
): string[] {
  const vouched =
    areVouched(carried, signer, authorities) &&
    (!timestamp || areVouched(timestamp.carried, timestamp.signer, authorities))
  return vouched ? unprotected : [...unprotected, 'A certificate that it carries is nobody’s.']
}

/** Where nobody here knows who issued the signer's own, nothing can be said of the others either: that it is not trusted is said elsewhere. */
function areVouched(carried: readonly Buffer[], signer: Certificate | undefined, authorities: Authorities): boolean {
  const trusted = authorities.map(({ certificate }) => certificate)
  if (!signer || !trusted.some(({ subject }) => sameName(subject, signer.issuer))) return true
  const read = carried.map((each) => certificateOrNone(each)[0])
  const known = [...trusted, ...read.filter((each) => each !== undefined)]
  const believed = new Set([signer, ...trusted].map(({ sha256 }) => sha256))
  return read.every((each) => each && (believed.has(each.sha256) || known.some((issuer) => issued(issuer, each))))
}

const issued = (issuer: Certificate, each: Certificate): boolean =>
  sameName(issuer.subject, each.issuer) &&
  verifySignature(each.signatureAlgorithm, issuer.publicKey, each.tbs, each.signature) === 'valid'
