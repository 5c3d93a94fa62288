import type { SignedData, SignerInfo } from '#trust/cms/read-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import type { SignatureFacts } from '#trust/validation/facts.ts'
import type { CadesLevel } from './cades-report.ts'

/** What the signature brings along (EN 319 122-1, 6.3); whether that is enough for anyone is the validation's to say. */
export function levelOf(
  { crls, ocspResponses }: SignedData,
  { signedAttributes, unsignedAttributes }: SignerInfo,
  { sound, timestamps }: Pick<SignatureFacts, 'sound' | 'timestamps'>,
): CadesLevel {
  const named = signedAttributes?.values
  if (!sound || !(named?.has(OID.signingCertificateV2) || named?.has(OID.signingCertificate))) return 'none'
  const stamps = timestamps.filter(({ report }) => report.sound)
  if (stamps.length === 0) return 'B-B'
  if (crls.length + ocspResponses.length === 0 && !unsignedAttributes?.values.has(OID.revocationValues)) return 'B-T'
  const lasts = stamps.some(
    ({ kind, covers }) => kind === 'archive' && covers.crls.length + covers.ocspResponses.length > 0,
  )
  return lasts ? 'B-LTA' : 'B-LT'
}
