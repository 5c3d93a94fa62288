import { hash } from 'node:crypto'
import type { CaseParts } from '#modules/cases/index.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { makeSigner, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'

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
  const token = await timestamp?.(signer.signature)
  const unsignedAttributes = token ? [attribute(OID.signatureTimeStampToken, token)] : []
  return {
    signature: writeSignedData({ signers: [{ ...signer, unsignedAttributes }], certificates: chain }),
    stamped: token !== undefined,
  }
}
