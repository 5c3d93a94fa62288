import { type OpenedCertificate, openCertificate } from './certificate.ts'
import { OCTETS, OID, SEQUENCE, writeDer } from './der.ts'
import { Failure } from './failure.ts'
import { ALGORITHM, openKey } from './open-key.ts'

/** The e.firma, opened on this device; its key stays inside the browser and cannot be taken out. */
export interface OpenedEfirma {
  certificate: Uint8Array<ArrayBuffer>
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

export interface EfirmaFiles {
  certificate: Uint8Array
  key: Uint8Array
  password: string
}

/** @throws Failure, also `key-mismatch` where the key is another certificate's */
export async function openEfirma({ certificate, key, password }: EfirmaFiles): Promise<OpenedEfirma> {
  if (!globalThis.crypto?.subtle) throw new Failure('no-webcrypto')
  const opened = await openCertificate(certificate)
  const privateKey = await openKey(key, password)
  await checkPair(opened, privateKey)
  return {
    certificate: opened.der,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, bytes)),
  }
}

async function checkPair({ publicKey }: OpenedCertificate, privateKey: CryptoKey): Promise<void> {
  const probe = crypto.getRandomValues(new Uint8Array(32))
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, probe)
  if (!(await crypto.subtle.verify(ALGORITHM, publicKey, signature, probe))) throw new Failure('key-mismatch')
}

/**
 * Never signs for another site, or anything that is not a challenge of version 1: a document's signature can not be got this way.
 * @throws Failure `challenge-unknown`, `wrong-origin`
 */
export function checkChallenge(text: string, origin: string): void {
  const lines = text.split('\n')
  const named = ['ventanilla sign-in 1', 'origin: ', 'account: ', 'nonce: ', 'issued: ', 'expires: ']
  if (
    lines.length !== 7 ||
    lines[6] !== '' ||
    !named.every((start, i) => lines[i]!.startsWith(start)) ||
    lines[0] !== named[0]
  )
    throw new Failure('challenge-unknown')
  if (lines[1] !== `origin: ${origin}`) throw new Failure('wrong-origin')
}

export type ByteRange = readonly [number, number, number, number]

/**
 * Everything is signed but the digits of one `/Contents`, and those are all zero.
 * @throws Failure `document-differs`
 */
export function checkByteRange(pdf: Uint8Array, [start, first, second, rest]: ByteRange): void {
  const gap = pdf.subarray(first, second)
  const whole = start === 0 && first > 12 && second > first + 2 && second + rest === pdf.length
  const zeros = gap[0] === 0x3c && gap.at(-1) === 0x3e && gap.subarray(1, -1).every((byte) => byte === 0x30)
  const before = new TextDecoder('latin1').decode(pdf.subarray(Math.max(0, first - 12), first))
  const head = new TextDecoder('latin1').decode(pdf.subarray(0, 5))
  if (!whole || !zeros || head !== '%PDF-' || !/\/Contents\s*$/.test(before)) throw new Failure('document-differs')
}

/** The signed attributes of a PAdES signature over this document (EN 319 142-1, 6.3), as they are signed. */
export async function signedAttributes(
  pdf: Uint8Array,
  range: ByteRange,
  certificate: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  checkByteRange(pdf, range)
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
  return writeDer(SET, ...attributes.toSorted(compareBytes))
}

const SET = 0x31
const DATA = '2a864886f70d010701'
const CONTENT_TYPE = '2a864886f70d010903'
const MESSAGE_DIGEST = '2a864886f70d010904'
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f'

const attribute = (type: string, value: Uint8Array) =>
  writeDer(SEQUENCE, writeDer(OID, fromHex(type)), writeDer(SET, value))

const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16))

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** The order of a SET OF (X.690, 11.6). */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
