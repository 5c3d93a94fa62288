/** Writes DER (X.690) from its smallest parts up. */
import { TAG } from './tags.ts'

/** Identifier octet, shortest length, contents one after the other. */
export function tlv(tag: number, ...contents: Uint8Array[]): Buffer {
  let length = 0
  for (const content of contents) length += content.length
  const header = headerSize(length)
  const bytes = Buffer.allocUnsafe(header + length)
  bytes[0] = tag
  writeLength(bytes, length, header)
  let at = header
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  return bytes
}

function headerSize(length: number): number {
  if (length < 0x80) return 2
  let size = 2
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size += 1
  return size
}

function writeLength(bytes: Buffer, length: number, header: number): void {
  if (header === 2) {
    bytes[1] = length
    return
  }
  bytes[1] = 0x80 | (header - 2)
  for (let at = header - 1, rest = length; at > 1; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256
}

export const sequence = (...items: Uint8Array[]): Buffer => tlv(TAG.sequence, ...items)
/** SET OF: the items in the order that DER asks for (X.690, 11.6). */
export const set = (...items: Uint8Array[]): Buffer => tlv(TAG.set, ...items.toSorted(Buffer.compare))
export const octets = (bytes: Uint8Array): Buffer => tlv(TAG.octetString, bytes)
export const bits = (bytes: Uint8Array, unusedBits = 0): Buffer => tlv(TAG.bitString, Buffer.from([unusedBits]), bytes)
export const utf8 = (text: string): Buffer => tlv(TAG.utf8String, Buffer.from(text, 'utf8'))
export const ia5 = (text: string): Buffer => tlv(TAG.ia5String, asciiBytes(text))
export const nothing = (): Buffer => tlv(TAG.null)
export const boolean = (value: boolean): Buffer => tlv(TAG.boolean, Buffer.from([value ? 0xff : 0]))
/** `[n]` around whole values: explicit, or implicit over a SEQUENCE's or SET's items. */
export const context = (number: number, ...items: Uint8Array[]): Buffer => tlv(0xa0 | number, ...items)
/** `[n]` implicit over a primitive type: only its content. */
export const contextPrimitive = (number: number, content: Uint8Array): Buffer => tlv(0x80 | number, content)
/** A value that is DER already. */
export const raw = (bytes: Uint8Array): Buffer => Buffer.from(bytes)

export function printable(text: string): Buffer {
  if (!isPrintable(text)) throw new RangeError('characters that PrintableString does not have')
  return tlv(TAG.printableString, Buffer.from(text, 'latin1'))
}

/** Whether PrintableString has all the characters (X.680, 41.4). */
export const isPrintable = (text: string): boolean => /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)

function asciiBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length !== text.length) throw new RangeError('characters that IA5String does not have')
  return bytes
}

/** A number, or the big-endian bytes of one that is not negative (the sign's zero is added, leading zeros go). */
export function integer(value: number | bigint | Uint8Array): Buffer {
  return tlv(TAG.integer, typeof value === 'object' ? unsignedContent(value) : signedContent(value))
}

export const enumerated = (value: number): Buffer => tlv(TAG.enumerated, signedContent(value))

function unsignedContent(bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const rest = bytes.subarray(start)
  return rest.length === 0 || rest[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), rest]) : Buffer.from(rest)
}

function signedContent(number: number | bigint): Buffer {
  // Versions and counts.
  if (typeof number === 'number' && number >= 0 && number < 0x80) return Buffer.from([number])
  const value = BigInt(number)
  let length = 1
  while (BigInt.asIntN(length * 8, value) !== value) length++
  const hex = BigInt.asUintN(length * 8, value).toString(16)
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex')
}

/** Those that were written before, as long as they are not somebody's many. Never handed out: a copy is. */
const written = new Map<string, Buffer>()
const MOST_WRITTEN = 1000

export function oid(dotted: string): Buffer {
  const known = written.get(dotted)
  if (known) return Buffer.from(known)
  const bytes = encodeOid(dotted)
  if (written.size < MOST_WRITTEN) written.set(dotted, Buffer.from(bytes))
  return bytes
}

function encodeOid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(BigInt)
  if (first === undefined || second === undefined || first > 2n || (first < 2n && second > 39n))
    throw new RangeError(`not an object identifier: ${dotted}`)
  return tlv(TAG.oid, ...[first * 40n + second, ...rest].map(base128))
}

function base128(value: bigint): Buffer {
  const digits = [Number(value & 0x7fn)]
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) digits.unshift(Number(rest & 0x7fn) | 0x80)
  return Buffer.from(digits)
}

/** YYMMDDHHMMSSZ, for 1950 to 2049. */
export function utcTime(instant: Date): Buffer {
  const year = instant.getUTCFullYear()
  if (year < 1950 || year > 2049) throw new RangeError('UTCTime writes the years 1950 to 2049')
  return tlv(TAG.utcTime, Buffer.from(`${timeDigits(instant).slice(2)}Z`, 'latin1'))
}

/** YYYYMMDDHHMMSSZ, whole seconds. */
export const generalizedTime = (instant: Date): Buffer =>
  tlv(TAG.generalizedTime, Buffer.from(`${timeDigits(instant)}Z`, 'latin1'))

/** UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function time(instant: Date): Buffer {
  return instant.getUTCFullYear() < 2050 ? utcTime(instant) : generalizedTime(instant)
}

const timeDigits = (instant: Date): string => instant.toISOString().replace(/[-:T]/g, '').slice(0, 14)
