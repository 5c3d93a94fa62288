import { createHash } from 'node:crypto'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import type { DigestOf } from '#trust/cms/digest-content.ts'
import type { SignedData, SignerInfo } from '#trust/cms/read-signed-data.ts'
import { oid } from '#trust/der/write.ts'

/**
 * What an archive time-stamp is made over (EN 319 122-1, 5.5.3): the content's type, the content's digest, the signer's fields as they
 * stand, and the index of all else. A further signer of the same message has archive time-stamps of its own.
 */
export function archiveImprint(
  { contentType }: SignedData,
  { fields }: SignerInfo,
  index: Uint8Array,
  digestOf: DigestOf,
  hash: Hash,
): Buffer {
  return createHash(hash).update(oid(contentType)).update(digestOf(hash)).update(fields).update(index).digest()
}
