import { createHash, sign } from 'node:crypto'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute, signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { type SignerParts, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { type ByteRange, byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { extension, type Holder, type Issue, issue } from './pki.ts'

/** Text of objects by number; null frees the number. */
export type Objects = Record<number, string | null>

export const stream = (dict: string, data: string): string =>
  `<< ${dict} /Length ${Buffer.byteLength(data, 'latin1')} >>\nstream\n${data}\nendstream`

const BASE: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(data) 5 0 R] >> >> /AcroForm 7 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 144] >>',
  3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> /Annots [8 0 R 9 0 R] >>',
  4: stream('', 'BT (Hola) Tj ET'),
  5: '<< /Type /Filespec /F (data) /UF (data) /EF << /F 6 0 R >> >>',
  6: stream('/Type /EmbeddedFile', '{"a":1}'),
  7: '<< /Fields [8 0 R 9 0 R] /SigFlags 3 >>',
  8: '<< /FT /Sig /T (here) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 10 90 60] /AP << /N 10 0 R >> >>',
  9: '<< /FT /Tx /T (words) /V (old) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 70 90 90] >>',
  10: stream('/Type /XObject /Subtype /Form /BBox [0 0 80 50]', 'q Q'),
  11: '<< /Title (Prueba) /ModDate (D:2025) >>',
}

/**
 * One page, one embedded file, an empty signature field that is seen (8), a text field (9).
 * @param hidden text that nothing refers to, before all else
 */
export function basePdf(changes: Objects = {}, hidden = ''): Buffer {
  return addObjects(
    Buffer.from(`%PDF-1.7\n${hidden}`, 'latin1'),
    { ...BASE, ...changes },
    { trailer: '/Size 40 /Root 1 0 R /Info 11 0 R' },
  )
}

export interface UpdateOptions {
  trailer?: string
  /** Where the references say that an object is, instead of where it is. */
  places?: Record<number, number>
  prev?: number | null
}

export const startOf = (pdf: Buffer): number =>
  Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.toString('latin1'))?.[1])

/** An incremental update with a cross-reference table. */
export function addObjects(pdf: Buffer, objects: Objects, options: UpdateOptions = {}): Buffer {
  const places = new Map<number, number | null>()
  let text = ''
  for (const [num, object] of Object.entries(objects)) {
    places.set(Number(num), object === null ? null : pdf.length + text.length)
    if (object !== null) text += `${num} 0 obj\n${object}\nendobj\n`
  }
  for (const [num, place] of Object.entries(options.places ?? {})) places.set(Number(num), place)
  const table = [...places].map(([num, place]) =>
    place === null ? `${num} 1\n0000000000 65535 f \n` : `${num} 1\n${String(place).padStart(10, '0')} 00000 n \n`,
  )
  const old = startOf(pdf)
  const prev = options.prev === undefined ? old : options.prev
  const trailer = options.trailer ?? '/Size 40 /Root 1 0 R /Info 11 0 R'
  const end = `xref\n${table.join('')}trailer\n<< ${trailer}${prev ? ` /Prev ${prev}` : ''} >>\nstartxref\n${pdf.length + text.length}\n%%EOF\n`
  return Buffer.concat([pdf, Buffer.from(text + end, 'latin1')])
}

/** A new invisible field on the first page, as the shop signs. */
export function signPdf(pdf: Buffer, signer: Holder, fieldName = 'citizen'): Buffer {
  const prepared = prepareSignature(pdf, {
    fieldName,
    signingTime: new Date('2025-06-01T00:00:00Z'),
    contentsSize: 2500,
  })
  return insertSignature(
    prepared.pdf,
    prepared.byteRange,
    detachedCms(signer, byteRangeDigest(prepared.pdf, prepared.byteRange)),
  )
}

export function detachedCms(signer: Holder, digest: Buffer, timestampBy?: Holder): Buffer {
  const parts = signDigest(digest, signer.certificate, signWith(signer.key))
  const timestampToken = timestampBy && timestampOver(Buffer.from(parts.signature), timestampBy)
  return writeSignedData({ signers: [{ ...parts, timestampToken }] })
}

/** With SHA-256 and a key at hand. */
export function signDigest(
  digest: Uint8Array,
  certificate: Certificate,
  sign: (attributes: Uint8Array) => Uint8Array,
): SignerParts {
  const signedAttributes = signedAttributesFor({ digest, certificate })
  return { certificate, signedAttributes, signature: sign(signedAttributes) }
}

const GAP = 8000

/** A signature dictionary with room for a byte range and a signature of `GAP` digits. */
export const signatureObject = (more = '/Type /Sig /SubFilter /ETSI.CAdES.detached'): string =>
  `<< ${more} /Filter /Adobe.PPKLite /ByteRange [0 0000000000 0000000000 0000000000] /Contents <${'0'.repeat(GAP)}> >>`

/** Fills the last empty signature of a file, over all of it. */
export function fillSignature(pdf: Buffer, cmsOver: (digest: Buffer) => Buffer): Buffer {
  const copy = Buffer.from(pdf)
  const gap = copy.lastIndexOf(`<${'0'.repeat(GAP)}>`)
  const after = gap + GAP + 2
  const byteRange: ByteRange = [0, gap, after, copy.length - after]
  const digits = byteRange.slice(1).map((each) => String(each).padStart(10, '0'))
  copy.write(`[0 ${digits.join(' ')}]`, copy.lastIndexOf('/ByteRange [0', gap) + 11, 'latin1')
  return insertSignature(copy, byteRange, cmsOver(byteRangeDigest(copy, byteRange)))
}

export const stamper = (issuer?: Holder, dates: Pick<Issue, 'notBefore' | 'notAfter'> = {}): Holder =>
  issue({
    subject: 'time',
    issuer,
    ...dates,
    extensions: [extension(OID.extKeyUsage, der.sequence(der.oid(OID.timeStamping)), true)],
  })

export const timestampOver = (bytes: Buffer, stamper: Holder, at?: Date): Buffer =>
  timestampOverDigest(createHash('sha256').update(bytes).digest(), stamper, at)

/** An RFC 3161 token; over a SHA-512 it is made with SHA-512. */
export function timestampOverDigest(digest: Buffer, stamper: Holder, at = new Date('2025-06-01T00:00:01Z')): Buffer {
  const hash = digest.length === 64 ? 'sha512' : 'sha256'
  const hashIdentifier = der.sequence(der.oid(OID[hash]))
  const content = der.sequence(
    der.integer(1),
    der.oid('1.2.3'),
    der.sequence(hashIdentifier, der.octets(digest)),
    der.integer(7),
    der.generalizedTime(at),
  )
  const { certificate, key } = stamper
  const signedAttributes = der.set(
    attribute(OID.contentType, der.oid(OID.tstInfo)),
    attribute(OID.messageDigest, der.octets(createHash(hash).update(content).digest())),
    attribute(
      OID.signingCertificateV2,
      der.sequence(der.sequence(der.sequence(der.octets(Buffer.from(certificate.sha256, 'hex'))))),
    ),
  )
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(der.raw(certificate.issuer.der), der.tlv(0x02, certificate.serial)),
    hashIdentifier,
    Buffer.concat([Buffer.from([0xa0]), signedAttributes.subarray(1)]),
    der.sequence(der.oid(hash === 'sha512' ? OID.ecdsaWithSha512 : OID.ecdsaWithSha256)),
    der.octets(sign(hash, signedAttributes, key)),
  )
  const data = der.sequence(
    der.integer(3),
    der.set(hashIdentifier),
    der.sequence(der.oid(OID.tstInfo), der.context(0, der.octets(content))),
    der.context(0, der.raw(certificate.der)),
    der.set(signerInfo),
  )
  return der.sequence(der.oid(OID.signedData), der.context(0, data))
}
