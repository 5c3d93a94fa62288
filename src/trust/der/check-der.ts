import { DerError } from './errors.ts'
import { TAG } from './tags.ts'

export interface DerLimits {
  /** Largest input, in bytes. */
  maxBytes: number
  /** Deepest nesting of constructed values. */
  maxDepth: number
  /** Most values, of any kind. */
  maxValues: number
}

export const DEFAULT_LIMITS: DerLimits = { maxBytes: 64 * 1024 * 1024, maxDepth: 32, maxValues: 8_000_000 }

const FORM_CONSTRUCTED = 0x20
const CLASS_UNIVERSAL = 0x1f

export interface DerHeader {
  contentStart: number
  end: number
}

/**
 * Reads one identifier and length into `into`: one-byte tags, definite lengths in their shortest form, nothing beyond `limit`.
 * Allocates nothing, so that a list of a million entries can be walked.
 */
export function readHeader(bytes: Uint8Array, start: number, limit: number, into: DerHeader): void {
  if (start + 2 > limit) throw new DerError('truncated', start)
  if ((bytes[start]! & 0x1f) === 0x1f) throw new DerError('high-tag', start)
  const first = bytes[start + 1]!
  let contentStart = start + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0) throw new DerError('indefinite-length', start)
    if (count > 4) throw new DerError('too-large', start)
    if (contentStart + count > limit) throw new DerError('truncated', start)
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + bytes[contentStart + i]!
    if (length < 0x80 || (count > 1 && bytes[contentStart] === 0)) throw new DerError('length-not-minimal', start)
    contentStart += count
  }
  if (length > limit - contentStart) throw new DerError('truncated', start)
  into.contentStart = contentStart
  into.end = contentStart + length
}

/** Walks every value of the input once, before anything is allocated for it, and refuses whatever is not DER. */
export function checkDer(bytes: Uint8Array, limits: DerLimits): void {
  if (bytes.length > limits.maxBytes) throw new DerError('too-large', 0)
  const header: DerHeader = { contentStart: 0, end: 0 }
  const ends: number[] = []
  let at = 0
  let limit = bytes.length
  let values = 0
  do {
    if (++values > limits.maxValues) throw new DerError('too-many-values', at)
    readHeader(bytes, at, limit, header)
    const tag = bytes[at]!
    if (isUniversal(tag)) checkUniversal(bytes, tag, at, header)
    if (tag & FORM_CONSTRUCTED) {
      if (ends.length >= limits.maxDepth) throw new DerError('too-deep', at)
      ends.push(limit)
      limit = header.end
      at = header.contentStart
    } else {
      at = header.end
    }
    while (at === limit && ends.length > 0) limit = ends.pop()!
    if (ends.length === 0 && at < bytes.length) throw new DerError('trailing-bytes', at)
  } while (at < bytes.length || ends.length > 0)
}

const isUniversal = (tag: number): boolean => (tag & 0xc0) === 0

function checkUniversal(bytes: Uint8Array, tag: number, at: number, { contentStart, end }: DerHeader): void {
  const number = tag & CLASS_UNIVERSAL
  const constructed = (tag & FORM_CONSTRUCTED) !== 0
  // DER: SEQUENCE and SET are constructed, EXTERNAL and EMBEDDED PDV too, strings never (X.690, 10.2).
  if (constructed !== (number === 16 || number === 17 || number === 8 || number === 11))
    throw new DerError('wrong-form', at)
  switch (tag) {
    case 0x00:
      throw new DerError('indefinite-length', at)
    case TAG.boolean:
      checkBoolean(bytes, contentStart, end)
      return
    case TAG.integer:
    case TAG.enumerated:
      checkInteger(bytes, contentStart, end)
      return
    case TAG.null:
      if (end !== contentStart) throw new DerError('bad-null', at)
      return
    case TAG.oid:
      checkOid(bytes, contentStart, end)
      return
    case TAG.bitString:
      checkBitString(bytes, contentStart, end)
      return
  }
}

export function checkBoolean(bytes: Uint8Array, start: number, end: number): void {
  const value = bytes[start]
  if (end - start !== 1 || (value !== 0 && value !== 0xff)) throw new DerError('bad-boolean', start)
}

/** Shortest two's complement: the first nine bits are not all alike (X.690, 8.3.2). */
export function checkInteger(bytes: Uint8Array, start: number, end: number): void {
  if (end <= start) throw new DerError('bad-integer', start)
  if (end - start === 1) return
  const first = bytes[start]!
  const next = bytes[start + 1]!
  if ((first === 0 && next < 0x80) || (first === 0xff && next >= 0x80)) throw new DerError('bad-integer', start)
}

const LONGEST_OID = 128

/** Each component in its fewest base-128 digits, the last one ended (X.690, 8.19). */
export function checkOid(bytes: Uint8Array, start: number, end: number): void {
  if (end <= start || end - start > LONGEST_OID || bytes[end - 1]! >= 0x80) throw new DerError('bad-oid', start)
  for (let at = start, fresh = true; at < end; at++) {
    if (fresh && bytes[at] === 0x80) throw new DerError('bad-oid', at)
    fresh = bytes[at]! < 0x80
  }
}

/** The unused bits are fewer than eight, and zero (X.690, 11.2.1). */
export function checkBitString(bytes: Uint8Array, start: number, end: number): void {
  const unused = bytes[start]
  if (end <= start || unused === undefined || unused > 7) throw new DerError('bad-bit-string', start)
  if (unused === 0) return
  if (end - start === 1 || (bytes[end - 1]! & ((1 << unused) - 1)) !== 0) throw new DerError('bad-bit-string', start)
}
