import type { Seal } from '#modules/seals/index.ts'
import { makeSigner, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import type { PreparedPdf, SignatureField } from '#trust/pdf/prepare-signature.ts'

/** Bytes that a seal takes beside its certificates. */
const SEAL_ROOM = 1200

/** The field that a seal goes into, with room for it and no more. */
export function sealField(
  { certificate, chain }: Seal,
  { name, reason, at }: { name: string; reason: string; at: Date },
): SignatureField {
  const contentsSize = [certificate.der, ...chain].reduce((sum, { length }) => sum + length, SEAL_ROOM)
  return { fieldName: 'seal', name, reason, signingTime: at, contentsSize }
}

/** Seals what was prepared with a `sealField`. PAdES B-B. @param kind of document, for the record of the seal's uses */
export async function sealPdf(seal: Seal, { pdf, byteRange }: PreparedPdf, kind: string): Promise<Buffer> {
  const { certificate, digestAlgorithm, chain } = seal
  const digest = byteRangeDigest(pdf, byteRange, digestAlgorithm)
  const signer = await makeSigner({ digest, digestAlgorithm, certificate }, (bytes) =>
    seal.sign(bytes, { kind, digest }),
  )
  const cms = writeSignedData({ signers: [signer], certificates: chain })
  return insertSignature(pdf, byteRange, cms)
}
