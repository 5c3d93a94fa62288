import { OCTETS, OID, SEQUENCE, writeDer } from './der.ts'
import { Failure } from './failure.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Offsets and lengths of what a signature covers: everything but the gap between the two. */
export type ByteRange = readonly [number, number, number, number]

export interface PreparedDocument {
  pdf: Uint8Array
  range: ByteRange
  /** What the page says that the document claims. */
  signingTime: Date
}

/** What stands just before the gap in a document that was prepared to be signed. */
const BEFORE_GAP = /\/M \(D:(\d{14})Z\) \/ByteRange \[0 (\d+) (\d+) (\d+)\] +\/Contents $/

/**
 * Everything is signed but the digits of one `/Contents`, and those are all zero; and what the document itself says of its
 * range and time is what the page says.
 * @throws Failure `document-differs`
 */
export function checkDocument({ pdf, range, signingTime }: PreparedDocument): void {
  const [start, first, second, rest] = range
  const gap = pdf.subarray(first, second)
  const whole = range.every(Number.isInteger) && start === 0 && second > first + 2 && second + rest === pdf.length
  const zeros = gap[0] === 0x3c && gap[gap.length - 1] === 0x3e && gap.subarray(1, -1).every((byte) => byte === 0x30)
  const latin1 = new TextDecoder('latin1')
  const head = latin1.decode(pdf.subarray(0, 5))
  const [, time, ...said] = BEFORE_GAP.exec(latin1.decode(pdf.subarray(Math.max(0, first - 150), first))) ?? []
  const same = said.map(Number).join() === range.slice(1).join() && time === digitsOf(signingTime)
  if (!whole || !zeros || gap.length % 2 !== 0 || head !== '%PDF-' || !same) throw new Failure('document-differs')
}

const digitsOf = (at: Date): string =>
  Number.isNaN(at.getTime()) ? '-' : at.toISOString().slice(0, 19).replace(/\D/g, '')

/**
 * The signed attributes of a PAdES signature over this document (EN 319 142-1, 6.3), as they are signed.
 * @throws Failure `document-differs`
 */
export async function signedAttributes(document: PreparedDocument, certificate: Bytes): Promise<Bytes> {
  checkDocument(document)
  const { pdf, range } = document
  const [start, first, second, rest] = range
  const covered = new Uint8Array(first + rest)
  covered.set(pdf.subarray(start, first))
  covered.set(pdf.subarray(second, second + rest), first)
  const [digest, certificateDigest] = await Promise.all([sha256(covered), sha256(certificate)])
  const certId = writeDer(SEQUENCE, writeDer(OCTETS, certificateDigest))
  const attributes = [
    attribute(CONTENT_TYPE, writeDer(OID, fromHex(DATA))),
    attribute(MESSAGE_DIGEST, writeDer(OCTETS, digest)),
    attribute(SIGNING_CERTIFICATE_V2, writeDer(SEQUENCE, writeDer(SEQUENCE, certId))),
  ]
  return writeDer(SET, ...attributes.sort(compareBytes))
}

const SET = 0x31
const DATA = '2a864886f70d010701'
const CONTENT_TYPE = '2a864886f70d010903'
const MESSAGE_DIGEST = '2a864886f70d010904'
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f'

const attribute = (type: string, value: Uint8Array) =>
  writeDer(SEQUENCE, writeDer(OID, fromHex(type)), writeDer(SET, value))

const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16))

async function sha256(bytes: Bytes): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** The order of a SET OF (X.690, 11.6). */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}
