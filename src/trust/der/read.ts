import {
  checkBitString,
  checkBoolean,
  checkDer,
  checkInteger,
  checkOid,
  DEFAULT_LIMITS,
  type DerHeader,
  type DerLimits,
  readHeader,
} from './check-der.ts'
import { DerError } from './errors.ts'
import { isTextTag, readText } from './read-text.ts'
import { readTime, type TimeRules } from './read-time.ts'
import { TAG } from './tags.ts'

export type { DerLimits } from './check-der.ts'
export { DerError, type DerFault } from './errors.ts'
export { context, contextPrimitive, TAG } from './tags.ts'

export interface BitString {
  bytes: Buffer
  unusedBits: number
}

/**
 * The one value that `bytes` is, to the last byte. Everything inside is checked first, without allocating: definite shortest
 * lengths, one-byte tags, DER booleans, integers, OIDs and bit strings, depth, size and number of values. What is
 * handed out are views into `bytes`, which must not change afterwards. Throws DerError, nothing else.
 */
export function readDer(bytes: Uint8Array, limits: Partial<DerLimits> = {}): DerValue {
  const source = asBuffer(bytes)
  checkDer(source, { ...DEFAULT_LIMITS, ...limits })
  return valueAt(source, 0, source.length)
}

/** The same value without the walk through all that is inside: only for bytes that `readDer` has gone through before. */
export function peekDer(bytes: Uint8Array): DerValue {
  const source = asBuffer(bytes)
  const value = valueAt(source, 0, source.length)
  if (value.end !== source.length) throw new DerError('trailing-bytes', value.end)
  return value
}

/** The length of the value at the start of `bytes`, for files that pad what they hold (the /Contents of a PDF). */
export function firstDerLength(bytes: Uint8Array): number {
  const header: DerHeader = { contentStart: 0, end: 0 }
  readHeader(bytes, 0, bytes.length, header)
  return header.end
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const scratch: DerHeader = { contentStart: 0, end: 0 }

function valueAt(source: Buffer, start: number, limit: number): DerValue {
  readHeader(source, start, limit, scratch)
  return new DerValue(source, source[start]!, start, scratch.contentStart, scratch.end)
}

/** One value: a view of `source` from `start` (identifier) over `contentStart` to `end`. */
export class DerValue {
  readonly source: Buffer
  /** The identifier octet: compare with TAG, context(n), contextPrimitive(n). */
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number

  constructor(source: Buffer, tag: number, start: number, contentStart: number, end: number) {
    this.source = source
    this.tag = tag
    this.start = start
    this.contentStart = contentStart
    this.end = end
  }

  /** Identifier, length and content. After `as()` still with the identifier that the input has. */
  get bytes(): Buffer {
    return this.source.subarray(this.start, this.end)
  }

  get content(): Buffer {
    return this.source.subarray(this.contentStart, this.end)
  }

  get length(): number {
    return this.end - this.contentStart
  }

  /** Throws unless the tag is `tag`; returns itself. */
  expect(tag: number): this {
    if (this.tag !== tag) throw new DerError('unexpected-tag', this.start)
    return this
  }

  /** The same content under the tag that an implicit `[n]` replaced; constructed stays constructed. */
  as(tag: number): DerValue {
    if ((tag & 0x20) !== (this.tag & 0x20)) throw new DerError('wrong-form', this.start)
    return new DerValue(this.source, tag, this.start, this.contentStart, this.end)
  }

  /** The values inside a constructed one, of any tag. */
  children(): DerValue[] {
    const values: DerValue[] = []
    const cursor = this.inside()
    while (cursor.more()) values.push(cursor.next())
    return values
  }

  /** Reads the values inside one after the other. Throws for a primitive value. */
  inside(): DerCursor {
    if ((this.tag & 0x20) === 0) throw new DerError('wrong-form', this.start)
    return new DerCursor(this.source, this.contentStart, this.end)
  }

  /** The values inside a SEQUENCE (or SET, where `tag` says so). */
  sequence(tag: number = TAG.sequence): DerCursor {
    return this.expect(tag).inside()
  }

  /** The values of a SEQUENCE OF or SET OF. */
  items(tag: number = TAG.sequence): DerValue[] {
    return this.expect(tag).children()
  }

  /** The one value inside an explicit tag. */
  explicit(): DerValue {
    const cursor = this.inside()
    const value = cursor.next()
    cursor.done()
    return value
  }

  boolean(): boolean {
    this.expect(TAG.boolean)
    checkBoolean(this.source, this.contentStart, this.end)
    return this.source[this.contentStart] === 0xff
  }

  /** The two's complement bytes of an INTEGER (or ENUMERATED). */
  integer(): Buffer {
    if (this.tag !== TAG.integer && this.tag !== TAG.enumerated) throw new DerError('unexpected-tag', this.start)
    checkInteger(this.source, this.contentStart, this.end)
    return this.content
  }

  /** An INTEGER of at most 1024 bytes. */
  bigint(): bigint {
    const bytes = this.integer()
    if (bytes.length > 1024) throw new DerError('bad-integer', this.start)
    const value = BigInt(`0x${bytes.toString('hex')}`)
    return bytes[0]! >= 0x80 ? value - (1n << BigInt(bytes.length * 8)) : value
  }

  /** An INTEGER of at most four bytes: what versions, lengths and counts are. */
  smallInteger(): number {
    const bytes = this.integer()
    if (bytes.length > 4) throw new DerError('bad-integer', this.start)
    return bytes.readIntBE(0, bytes.length)
  }

  oid(): string {
    this.expect(TAG.oid)
    checkOid(this.source, this.contentStart, this.end)
    return readOid(this.source, this.contentStart, this.end)
  }

  bits(): BitString {
    this.expect(TAG.bitString)
    checkBitString(this.source, this.contentStart, this.end)
    return { bytes: this.source.subarray(this.contentStart + 1, this.end), unusedBits: this.source[this.contentStart]! }
  }

  /** A BIT STRING that holds whole bytes: keys and signatures. */
  wholeBits(): Buffer {
    const { bytes, unusedBits } = this.bits()
    if (unusedBits !== 0) throw new DerError('bad-bit-string', this.start)
    return bytes
  }

  octets(): Buffer {
    return this.expect(TAG.octetString).content
  }

  null(): null {
    if (this.expect(TAG.null).length !== 0) throw new DerError('bad-null', this.start)
    return null
  }

  get isText(): boolean {
    return isTextTag(this.tag)
  }

  /** Any string type; where `tag` is given, that one. */
  text(tag: number = this.tag): string {
    return readText(this.expect(tag).tag, this.content, this.start)
  }

  /** UTCTime or GeneralizedTime. */
  time(rules?: TimeRules): Date {
    return readTime(this.tag, this.content, this.start, rules)
  }
}

/** Walks the values inside a constructed one, in order. */
export class DerCursor {
  private readonly source: Buffer
  private at: number
  private readonly limit: number

  constructor(source: Buffer, start: number, limit: number) {
    this.source = source
    this.at = start
    this.limit = limit
  }

  more(): boolean {
    return this.at < this.limit
  }

  /** The tag that comes next, undefined at the end. */
  peek(): number | undefined {
    return this.at < this.limit ? this.source[this.at] : undefined
  }

  /** The next value; throws at the end, and where its tag is not `tag`. */
  next(tag?: number): DerValue {
    const value = valueAt(this.source, this.at, this.limit)
    this.at = value.end
    return tag === undefined ? value : value.expect(tag)
  }

  /** The next value where its tag is `tag`, else undefined. */
  optional(tag: number): DerValue | undefined {
    return this.peek() === tag ? this.next() : undefined
  }

  /** Throws where something is left. */
  done(): void {
    if (this.at < this.limit) throw new DerError('trailing-bytes', this.at)
  }
}

/** Throws unless the items of a SET OF stand in DER's order (X.690, 11.6); equal items stand too. */
export function checkSetOrder(set: DerValue): void {
  const items = set.children()
  for (let i = 1; i < items.length; i++) {
    if (Buffer.compare(items[i - 1]!.bytes, items[i]!.bytes) > 0) throw new DerError('bad-set-order', items[i]!.start)
  }
}

function readOid(source: Buffer, start: number, end: number): string {
  const parts: Array<number | bigint> = []
  let part = 0
  let large: bigint | undefined
  for (let at = start; at < end; at++) {
    const digit = source[at]! & 0x7f
    if (large === undefined && part > 0x3fffffff) large = BigInt(part)
    if (large === undefined) part = part * 128 + digit
    else large = (large << 7n) | BigInt(digit)
    if (source[at]! >= 0x80) continue
    if (parts.length === 0) parts.push(...firstTwo(large ?? part))
    else parts.push(large ?? part)
    part = 0
    large = undefined
  }
  return parts.join('.')
}

function firstTwo(value: number | bigint): [number, number | bigint] {
  if (value < 40) return [0, value]
  if (value < 80) return [1, Number(value) - 40]
  return [2, typeof value === 'bigint' ? value - 80n : value - 80]
}
