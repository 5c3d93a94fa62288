import { OID } from '#trust/der/oids.ts'
import { readDer, TAG } from '#trust/der/read.ts'

/** Of what is signed, as the signed attributes name it (RFC 5652, 11.2). @param attributes DER of the SET OF */
export function messageDigestOf(attributes: Uint8Array): Buffer {
  for (const item of readDer(attributes).items(TAG.set)) {
    const fields = item.sequence()
    if (fields.next(TAG.oid).oid() === OID.messageDigest) return fields.next(TAG.set).explicit().octets()
  }
  throw new RangeError('the attributes name no digest')
}
