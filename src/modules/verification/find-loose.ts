import type { Authorities } from '#modules/identity/index.ts'
import { sameName } from '#trust/certificate/name.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'
import type { PdfSignature } from '#trust/pdf/verify-report.ts'

/**
 * What in a signature of ours could have been changed without its noticing: what no signature covers, and certificates beside
 * the signer's that nobody here or in the file issued. So a document of the shop cannot be changed by one byte unseen.
 */
export function findLoose({ carried, unprotected, signer }: PdfSignature, authorities: Authorities): string[] {
  const read = carried.map(readOne)
  const known = [...read.filter((each) => each !== undefined), ...authorities.map(({ certificate }) => certificate)]
  const trusted = new Set(authorities.map(({ sha256 }) => sha256))
  const stands = (each: Certificate | undefined) =>
    each !== undefined &&
    (each.sha256 === signer?.sha256 || trusted.has(each.sha256) || known.some((issuer) => issued(issuer, each)))
  return read.every(stands) ? unprotected : [...unprotected, 'A certificate that it carries is nobody’s.']
}

function readOne(der: Buffer): Certificate | undefined {
  try {
    return parseCertificate(der)
  } catch {
    return undefined
  }
}

const issued = (issuer: Certificate, each: Certificate): boolean =>
  sameName(issuer.subject, each.issuer) &&
  verifySignature(each.signatureAlgorithm, issuer.publicKey, each.tbs, each.signature) === 'valid'
