import { OID } from '#trust/der/oids.ts'
import type { SignedData } from './read-signed-data.ts'

/**
 * What stands in a message beside what its signature covers, as anyone could have written it there: versions and lists of
 * RFC 5652 (5.1, 5.3) that say something else than they must, unsigned attributes other than one time-stamp, revocation lists.
 * It takes nothing from the signature; where a document is to be the very one that was issued, it must not be there.
 * @returns one sentence each
 */
export function findUnprotected({
  version,
  digestAlgorithms,
  crls,
  ocspResponses,
  unread,
  signers,
}: SignedData): string[] {
  const found: string[] = []
  if (![1, 3, 4, 5].includes(version)) found.push('The message is of a version that there is not.')
  if (crls.length > 0) found.push('The message carries revocation lists.')
  if (ocspResponses.length > 0) found.push('The message carries answers about revocation.')
  if (unread > 0) found.push('The message carries certificates of another kind.')
  for (const { version: own, keyIdentifier, digestAlgorithm, unsignedAttributes } of signers) {
    if (own !== (keyIdentifier ? 3 : 1)) found.push('The signer is of a version that there is not.')
    if (digestAlgorithms.length !== 1 || digestAlgorithms[0]!.oid !== digestAlgorithm.oid)
      found.push('The message lists other digests than the signer’s.')
    for (const [type, values] of unsignedAttributes?.values ?? [])
      if (type !== OID.signatureTimeStampToken || values.length !== 1)
        found.push('The message carries an attribute that is not signed.')
  }
  return found
}
