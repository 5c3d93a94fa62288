/** Writes DER (X.690), just what the demo authority issues. What is read and judged goes through `#trust/der`. */

export function encode(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), encodeLength(body.length), body])
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

export const sequence = (...items: Uint8Array[]): Buffer => encode(0x30, ...items)
export const set = (...items: Uint8Array[]): Buffer => encode(0x31, ...items)
export const octetString = (bytes: Uint8Array): Buffer => encode(0x04, bytes)
export const bitString = (bytes: Uint8Array, unusedBits = 0): Buffer => encode(0x03, Buffer.from([unusedBits]), bytes)
export const nothing = (): Buffer => encode(0x05)
export const yes = (): Buffer => encode(0x01, Buffer.from([0xff]))
/** `[n]`, constructed, explicit. */
export const tagged = (number: number, ...items: Uint8Array[]): Buffer => encode(0xa0 | number, ...items)

/** Two's complement, big-endian: the bytes are a positive number. */
export function integer(value: number | Uint8Array): Buffer {
  const bytes = typeof value === 'number' ? bytesOf(value) : value
  return (bytes[0] ?? 0) & 0x80 ? encode(0x02, Buffer.from([0]), bytes) : encode(0x02, bytes)
}

function bytesOf(value: number): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return encode(0x06, ...[first * 40 + second, ...rest].map(base128))
}

function base128(value: number): Buffer {
  const bytes = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f))
  return Buffer.from(bytes)
}

/** PrintableString where the alphabet allows, UTF8String for Ñ, & and accents, as the tax service does today. */
export function text(value: string): Buffer {
  return encode(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? 0x13 : 0x0c, Buffer.from(value, 'utf8'))
}

export const ia5 = (value: string): Buffer => encode(0x16, Buffer.from(value, 'latin1'))

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). */
export function time(instant: Date): Buffer {
  const digits = instant.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  if (instant.getUTCFullYear() >= 2050) return encode(0x18, Buffer.from(`${digits}Z`))
  return encode(0x17, Buffer.from(`${digits.slice(2)}Z`))
}
