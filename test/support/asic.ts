import { type AsicPart, makeAsic } from '#trust/asic/make-asic.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { makeSigner, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { hashed } from './cms-signers.ts'
import { day, type Holder } from './pki.ts'
import { timestampOver } from './signed-pdf.ts'

export const AT = new Date('2025-06-01T00:00:00Z')

export const part = (name: string, text: string, mimeType = 'text/plain'): AsicPart => ({
  name,
  mimeType,
  bytes: Buffer.from(text),
})

/** CAdES B-B, or B-T, detached over these bytes. */
export async function cadesOver(bytes: Uint8Array, signer: Holder, stamper?: Holder): Promise<Buffer> {
  const question = { digest: hashed(bytes), certificate: signer.certificate, signingTime: day('2025-06-01') }
  const made = await makeSigner(question, signWith(signer.key))
  const timestampToken = stamper && timestampOver(Buffer.from(made.signature), stamper)
  return writeSignedData({ signers: [{ ...made, timestampToken }] })
}

export async function containerOf(parts: readonly AsicPart[], signer: Holder, stamper?: Holder): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of makeAsic(parts, AT, (manifest) => cadesOver(manifest, signer, stamper))) pieces.push(piece)
  return Buffer.concat(pieces)
}
