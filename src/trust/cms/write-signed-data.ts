import { type KeyObject, sign } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { context, integer, nothing, octets, oid, raw, sequence, set, tlv } from '#trust/der/write.ts'
import { attribute, signedAttributesFor } from './signed-attributes.ts'

export interface SignatureParts {
  /** Whoever signed. */
  signer: Pick<Certificate, 'der' | 'issuer' | 'serial' | 'publicKey'>
  /** Others that help to build the path, DER. */
  certificates?: readonly Uint8Array[]
  /** DER of the SET OF, first byte 0x31. */
  signedAttributes: Uint8Array
  signature: Uint8Array
  /** RFC 3161 token over the signature value, DER. */
  timestampToken?: Uint8Array
}

/** A detached CMS SignedData with one signer, version 1, SHA-256 (RFC 5652, 5). */
export function writeSignedData({
  signer,
  certificates = [],
  signedAttributes,
  signature,
  timestampToken,
}: SignatureParts): Buffer {
  const sha256 = sequence(oid(OID.sha256))
  const unsigned = timestampToken ? [context(1, attribute(OID.signatureTimeStampToken, timestampToken))] : []
  const signerInfo = sequence(
    integer(1),
    sequence(raw(signer.issuer.der), tlv(0x02, signer.serial)),
    sha256,
    // [0] IMPLICIT: the same content under another tag.
    Buffer.concat([Buffer.from([0xa0]), Buffer.from(signedAttributes).subarray(1)]),
    signatureAlgorithm(signer.publicKey),
    octets(signature),
    ...unsigned,
  )
  const all = [signer.der, ...certificates].map((each) => Buffer.from(each)).toSorted(Buffer.compare)
  const signedData = sequence(integer(1), set(sha256), sequence(oid(OID.data)), context(0, ...all), set(signerInfo))
  return sequence(oid(OID.signedData), context(0, signedData))
}

function signatureAlgorithm(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'rsa') return sequence(oid(OID.sha256WithRsa), nothing())
  if (key.asymmetricKeyType === 'ec') return sequence(oid(OID.ecdsaWithSha256))
  if (key.asymmetricKeyType === 'ed25519') return sequence(oid(OID.ed25519))
  throw new RangeError(`a ${key.asymmetricKeyType} key does not sign here`)
}

/** Signs with a key at hand: the platform's seal. */
export function sealDigest(
  digest: Uint8Array,
  certificate: Certificate,
  signAttributes: (bytes: Uint8Array) => Uint8Array,
): SignatureParts {
  const signedAttributes = signedAttributesFor({ digest, certificate })
  return { signer: certificate, signedAttributes, signature: signAttributes(signedAttributes) }
}

export function signWith(key: KeyObject): (bytes: Uint8Array) => Buffer {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return (bytes) => sign(hash, bytes, key)
}
