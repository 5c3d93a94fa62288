import { OID } from '#trust/der/oids.ts'
import { context, type DerValue, TAG } from '#trust/der/read.ts'
import { enumerated, octets, oid, raw, sequence, context as tagged } from '#trust/der/write.ts'

/** An OCSPResponse among the lists: OtherRevocationInfoFormat (RFC 5940; EN 319 122-1, 5.4.2.2). */
export const writeOcspChoice = (response: Uint8Array): Buffer => tagged(1, oid(OID.riOcspResponse), raw(response))

/**
 * The OCSPResponse that an OtherRevocationInfoFormat holds; undefined for every other kind. A bare BasicOCSPResponse, as it was
 * written before RFC 5940, gets the frame that it lacks. Throws DerError.
 */
export function readOcspChoice(choice: DerValue): Buffer | undefined {
  if (choice.tag !== context(1)) return undefined
  const fields = choice.inside()
  const format = fields.next(TAG.oid).oid()
  const value = fields.next()
  fields.done()
  if (format === OID.riOcspResponse) return value.bytes
  return format === OID.ocspBasic ? frameBasic(value.bytes) : undefined
}

/** OCSPResponse around a BasicOCSPResponse: successful (RFC 6960, 4.2.1). */
export const frameBasic = (basic: Uint8Array): Buffer =>
  sequence(enumerated(0), tagged(0, sequence(oid(OID.ocspBasic), octets(basic))))
