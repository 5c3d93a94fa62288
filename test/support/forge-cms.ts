import { createHash } from 'node:crypto'
import { cadesFacts } from '#trust/cades/cades-facts.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { type SignerParts, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { type CmsSigner, makeSigners, signContent } from './cms-signers.ts'
import type { Holder } from './pki.ts'

export const content = Buffer.from('pay 100 pesos')
export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const signers = makeSigners()
export const rsa: CmsSigner = signers['RSA PKCS #1 v1.5 with SHA-256']!
export const ec: CmsSigner = signers['ECDSA P-256 with SHA-256']!
export const ed: CmsSigner = signers.Ed25519!

/** Failures of each signature; `sound` where there is none, the fault where nothing is read. */
export function told(message: Buffer, given?: Buffer): string {
  const { error, signatures } = cadesFacts(message, given)
  return error ?? signatures.map(({ facts }) => facts.failure ?? (facts.sound ? 'sound' : 'unsound')).join()
}

/** A message whose signer signs exactly these attributes, in this order. */
export function signAttributes(attributes: Buffer[], parts: Partial<SignerParts> = {}, by = ec): Buffer {
  const signedAttributes = der.tlv(0x31, ...attributes)
  return writeSignedData({
    signers: [
      { ...signContent(by, content), signedAttributes, signature: signWith(by.key)(signedAttributes), ...parts },
    ],
  })
}

const certificateV2 = ({ certificate }: Holder): Buffer =>
  attribute(
    OID.signingCertificateV2,
    der.sequence(der.sequence(der.sequence(der.octets(Buffer.from(certificate.sha256, 'hex'))))),
  )
export const type = attribute(OID.contentType, der.oid(OID.data))
export const digest = attribute(OID.messageDigest, der.octets(sha256(content)))
export const own = certificateV2(ec)
export const sorted = (...all: Buffer[]): Buffer[] => all.toSorted(Buffer.compare)

export function messageOf(
  signer: Buffer,
  parts: { certificate?: Buffer; content?: Buffer; digest?: string } = {},
): Buffer {
  const data = der.sequence(
    der.integer(1),
    der.set(der.sequence(der.oid(parts.digest ?? OID.sha256))),
    der.sequence(der.oid(OID.data), ...(parts.content ? [der.context(0, der.octets(parts.content))] : [])),
    der.context(0, der.raw(parts.certificate ?? ec.certificate.der)),
    der.tlv(0x31, signer),
  )
  return der.sequence(der.oid(OID.signedData), der.context(0, data))
}
