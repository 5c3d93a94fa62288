import { sameName } from '#trust/certificate/name.ts'
import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'

const DEEPEST = 16

/**
 * Those of the candidates that lead upward from a certificate, in that order, down to the last bit of each signature: what a file of keys
 * holds besides goes into no signature, where it would be something that nobody vouches for.
 * @param candidates DER
 */
export function certificatesAbove(certificate: Certificate, candidates: readonly Uint8Array[]): Buffer[] {
  const known = candidates.flatMap(certificateOrNone)
  const above: Certificate[] = []
  for (let last = certificate; above.length < DEEPEST; last = above.at(-1)!) {
    const next = known.find((each) => each.sha256 !== last.sha256 && signed(each, last))
    if (!next || above.includes(next)) break
    above.push(next)
  }
  return above.map(({ der }) => Buffer.from(der))
}

const signed = (issuer: Certificate, { issuer: name, signatureAlgorithm, tbs, signature }: Certificate): boolean =>
  sameName(issuer.subject, name) && verifySignature(signatureAlgorithm, issuer.publicKey, tbs, signature) === 'valid'
