import { hash } from 'node:crypto'
import type { CaseParts } from '#modules/cases/index.ts'
import { makeSigner, writeSignedData } from '#trust/cms/write-signed-data.ts'

export interface SealedManifest {
  /** CAdES, detached, DER: B-T where a time-stamp authority answers, else B-B. */
  signature: Buffer
  stamped: boolean
}

/** The platform's seal over a manifest: a use of the seal, on record like any. @throws KeyFault */
export async function sealManifest(
  { clock, documents: { seal, timestamp } }: CaseParts,
  manifest: Buffer,
): Promise<SealedManifest> {
  const { certificate, digestAlgorithm, chain } = seal
  const digest = hash(digestAlgorithm, manifest, 'buffer')
  const signer = await makeSigner({ digest, digestAlgorithm, certificate, signingTime: clock.now() }, (bytes) =>
    seal.sign(bytes, { kind: 'case-file', digest }),
  )
  const timestampToken = await timestamp?.(signer.signature)
  return {
    signature: writeSignedData({ signers: [{ ...signer, timestampToken }], certificates: chain }),
    stamped: timestampToken !== undefined,
  }
}
