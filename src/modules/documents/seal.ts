import { createPrivateKey } from 'node:crypto'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { signWith, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import type { PreparedPdf, SignatureField } from '#trust/pdf/prepare-signature.ts'

/** A key of the State: what signs for the platform where no person does. Where the key lives is this interface's secret. */
export interface Seal {
  certificate: Certificate
  /** Authorities above it, DER, carried in every signature. */
  chain: Buffer[]
  sign(bytes: Uint8Array): Uint8Array
}

/** @param key PKCS#8, DER */
export function sealFromKey(key: Uint8Array, certificate: Uint8Array, chain: readonly Uint8Array[]): Seal {
  const privateKey = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
  return {
    certificate: parseCertificate(certificate),
    chain: chain.map((each) => Buffer.from(each)),
    sign: signWith(privateKey),
  }
}

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

/** Seals what was prepared with a `sealField`. PAdES B-B. */
export function sealPdf(seal: Seal, { pdf, byteRange }: PreparedPdf): Buffer {
  const { certificate, chain } = seal
  const signedAttributes = signedAttributesFor({ digest: byteRangeDigest(pdf, byteRange), certificate })
  const signature = seal.sign(signedAttributes)
  const cms = writeSignedData({ signer: certificate, certificates: chain, signedAttributes, signature })
  return insertSignature(pdf, byteRange, cms)
}
