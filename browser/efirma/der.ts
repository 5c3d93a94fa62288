/** A value in DER: its tag, its content, and all of it as it was written. */
export interface Der {
  tag: number
  content: Uint8Array
  whole: Uint8Array
}

const LARGEST = 65_536

/**
 * Reads one value at `offset`; strict about what a key or a certificate needs: definite, shortest lengths, nothing past the end.
 * @throws RangeError for anything else
 */
export function readDer(bytes: Uint8Array, offset = 0): Der {
  const tag = bytes[offset]
  let length = bytes[offset + 1]
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) throw new RangeError('not DER')
  let at = offset + 2
  if (length >= 0x80) {
    const count = length & 0x7f
    if (count < 1 || count > 3 || at + count > bytes.length || bytes[at] === 0) throw new RangeError('not DER')
    length = 0
    for (let i = 0; i < count; i += 1) length = length * 256 + bytes[at + i]!
    if (length < 0x80) throw new RangeError('not DER')
    at += count
  }
  const end = at + length
  if (length > LARGEST || end > bytes.length) throw new RangeError('not DER')
  return { tag, content: bytes.subarray(at, end), whole: bytes.subarray(offset, end) }
}

/** The one value that these bytes are. */
export function readWhole(bytes: Uint8Array, tag: number): Der {
  const value = readDer(bytes)
  if (value.tag !== tag || value.whole.length !== bytes.length) throw new RangeError('not DER')
  return value
}

export function readItems({ content }: Pick<Der, 'content'>): Der[] {
  const items: Der[] = []
  for (let at = 0; at < content.length; ) {
    const item = readDer(content, at)
    items.push(item)
    at += item.whole.length
  }
  return items
}

export const SEQUENCE = 0x30
export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTETS = 0x04
export const NULL = 0x05
export const OID = 0x06

/** An object identifier's content, in hexadecimal: how this code names them. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Small numbers only: iterations, key lengths. */
export function readNumber({ tag, content }: Der): number {
  const [first = 0x80, second = 0x80] = content
  // Not negative, and no byte more than it takes.
  if (tag !== INTEGER || content.length > 4 || first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80))
    throw new RangeError('not DER')
  return content.reduce((sum, byte) => sum * 256 + byte, 0)
}

export function writeDer(tag: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, { length: each }) => sum + each, 0)
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  const bytes = new Uint8Array(head.length + length)
  bytes.set(head)
  let at = head.length
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  return bytes
}
