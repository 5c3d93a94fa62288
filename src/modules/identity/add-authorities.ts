import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { verifyByCertificate } from '#trust/certificate/verify-signature.ts'
import { OID } from '#trust/der/oids.ts'
import { decodePem } from '#trust/validation/decode-pem.ts'
import { type Authorities, type Authority, addAuthority, describe, issuersOf, type TrustPlace } from './authorities.ts'

export interface GivenFile {
  /** As the operator wrote it. */
  name: string
  /** DER, or one certificate in PEM. */
  bytes: Buffer
}

/** @param already it was there before, and stays as it came */
export type Added = Authority & { already: boolean }

/**
 * Takes authorities into the trust store, all of them or none: each is one, is pinned or added in words, and leads to an anchor that is
 * there or comes with it. The order does not matter, and what is there already does no harm.
 * @param present what is trusted now. @throws StartRefusal with the sentence to show
 */
export async function addAuthorities(
  files: readonly GivenFile[],
  present: Authorities,
  place: TrustPlace & { unpinned: boolean },
): Promise<Added[]> {
  const given = files.map((file) => ({ name: file.name, certificate: readAuthority(file) }))
  const known = [...present, ...given.map(({ certificate }) => describe(certificate, 'given'))]
  for (const { name, certificate } of given)
    if (!leadsToAnchor(describe(certificate, 'given'), known))
      throw new StartRefusal(
        `${name}: no root that is trusted here issued it, nor any authority under one. Add those above it first, or name them together.`,
      )
  const held = (certificate: Certificate) => present.find(({ sha256 }) => sha256 === certificate.sha256)
  const fresh = given.filter(({ certificate }) => !held(certificate))
  // Whether all may come in is known before the first one does.
  for (const { certificate } of fresh) await addAuthority(certificate.der, { ...place, dryRun: true })
  const added: Added[] = []
  for (const { certificate } of given) {
    const old = held(certificate)
    added.push(old ? { ...old, already: true } : { ...(await addAuthority(certificate.der, place)), already: false })
  }
  return added
}

function readAuthority({ name, bytes }: GivenFile): Certificate {
  const [certificate] = certificateOrNone(bytes[0] === 0x30 ? bytes : (decodePem(bytes.toString('latin1')) ?? bytes))
  if (!certificate) throw new StartRefusal(`${name} is not a certificate in DER, nor one in PEM.`)
  if (!isAuthority(certificate)) throw new StartRefusal(`${name} is the certificate of nobody who issues or stamps.`)
  return certificate
}

/** Who issues, or answers for those who do: revocation and time. The oldest roots say nothing of it (RFC 5280, 4.1.2.1). */
function isAuthority({ version, basicConstraints, extendedKeyUsage }: Certificate): boolean {
  if (version !== 3 || basicConstraints?.ca) return true
  return extendedKeyUsage?.has(OID.ocspSigning) === true || extendedKeyUsage?.has(OID.timeStamping) === true
}

/** More steps than that nobody has between a root and an authority. */
const DEEPEST = 10

function leadsToAnchor(authority: Authority, known: Authorities, depth = 0): boolean {
  if (authority.anchor) return true
  if (depth >= DEEPEST) return false
  return issuersOf(authority.certificate, known).some(
    (issuer) =>
      issuer.sha256 !== authority.sha256 && signed(issuer, authority) && leadsToAnchor(issuer, known, depth + 1),
  )
}

/** An old authority may be signed as it was then: whether that is still good enough is asked whenever a path is judged. */
const signed = ({ certificate: issuer }: Authority, { certificate }: Authority): boolean =>
  verifyByCertificate(certificate.signatureAlgorithm, issuer, certificate.tbs, certificate.signature, {
    allowLegacyAlgorithms: true,
  }) === 'valid'
