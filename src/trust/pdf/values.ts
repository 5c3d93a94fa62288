import { PdfError } from './errors.ts'

/** ISO 32000-1, 7.3: the kinds of objects. Strings stay bytes; names are text without the slash. */
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfValue[] | PdfDict | PdfStream

export interface PdfName {
  name: string
}
export interface PdfString {
  bytes: Buffer
  /** Where it stands in the file, delimiters included: a signature's gap is found by it. */
  start: number
  end: number
  hex: boolean
}
export interface PdfRef {
  num: number
  gen: number
}
export type PdfDict = Map<string, PdfValue>
export interface PdfStream {
  dict: PdfDict
  /** Offset of the first byte of its data. */
  dataStart: number
}

export const isName = (value: PdfValue | undefined, name?: string): value is PdfName =>
  typeof value === 'object' && value !== null && 'name' in value && (name === undefined || value.name === name)
export const isRef = (value: PdfValue | undefined): value is PdfRef =>
  typeof value === 'object' && value !== null && 'num' in value
export const isString = (value: PdfValue | undefined): value is PdfString =>
  typeof value === 'object' && value !== null && 'hex' in value
export const isDict = (value: PdfValue | undefined): value is PdfDict => value instanceof Map
export const isStream = (value: PdfValue | undefined): value is PdfStream =>
  typeof value === 'object' && value !== null && 'dataStart' in value

const DEEPEST = 64
const MOST_ITEMS = 200_000
/** Bytes. Long ones, as signatures are, stand in hexadecimal. */
const LONGEST_LITERAL = 1024 * 1024
/** Digits. */
const LONGEST_HEX = 16 * 1024 * 1024
const LONGEST_NAME = 64 * 1024
/** Of dictionaries and arrays in memory, beside a number's. */
const HEAVY = 3

const WHITE = new Set([0, 9, 10, 12, 13, 32])
const DELIMITERS = new Set([...'()<>[]{}/%'].map((each) => each.charCodeAt(0)))
const isRegular = (byte: number | undefined) => byte !== undefined && !WHITE.has(byte) && !DELIMITERS.has(byte)

/** Reads objects out of bytes, forwards only, within bounds. */
export class PdfReader {
  readonly bytes: Buffer
  at: number
  private items = 0
  private heavy = 0

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  /** Of all that was read so far, about in words of memory. */
  get weight(): number {
    return this.items + HEAVY * this.heavy
  }

  /** Between things that do not belong to one object: each may be as large as one. */
  rest(): void {
    this.items = 0
  }

  skipWhite(): void {
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === undefined) return
      if (byte === 0x25) this.skipComment()
      else if (WHITE.has(byte)) this.at += 1
      else return
    }
  }

  private skipComment(): void {
    while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at += 1
  }

  /** Whether this keyword comes next; it is read if it does. */
  takeWord(word: string): boolean {
    this.skipWhite()
    const end = this.at + word.length
    if (this.bytes.toString('latin1', this.at, end) !== word || isRegular(this.bytes[end])) return false
    this.at = end
    return true
  }

  readInteger(): number {
    const value = this.readValue()
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw new PdfError('broken', 'a whole number is missing', this.at)
    return value
  }

  readValue(depth = 0): PdfValue {
    if (depth > DEEPEST) throw new PdfError('too-deep', 'objects are nested too deeply', this.at)
    this.items += 1
    if (this.items > MOST_ITEMS) throw new PdfError('too-large', 'one object has too many parts', this.at)
    this.skipWhite()
    const byte = this.bytes[this.at]
    if (byte === 0x2f) return { name: this.readName() }
    if (byte === 0x28) return this.readLiteral()
    if (byte === 0x5b) return this.readArray(depth)
    if (byte === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.readDict(depth) : this.readHex()
    return this.readWordOrNumber()
  }

  private readWordOrNumber(): PdfValue {
    const start = this.at
    while (isRegular(this.bytes[this.at])) this.at += 1
    const word = this.bytes.toString('latin1', start, Math.min(this.at, start + 40))
    if (word === 'true') return true
    if (word === 'false') return false
    if (word === 'null') return null
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw new PdfError('broken', 'an object is malformed', start)
    const value = Number(word)
    return /^\d+$/.test(word) ? (this.readReference(value) ?? value) : value
  }

  /** What follows a whole number: a generation and `R`, or else it was a number. */
  private readReference(num: number): PdfRef | undefined {
    let at = this.skipBlank(this.at)
    const start = at
    let gen = 0
    for (let byte = this.bytes[at]; byte !== undefined && byte >= 0x30 && byte <= 0x39; byte = this.bytes[at]) {
      gen = gen * 10 + byte - 0x30
      at += 1
    }
    if (at === start || at - start > 5 || start === this.at) return undefined
    const after = this.skipBlank(at)
    if (after === at || this.bytes[after] !== 0x52 || isRegular(this.bytes[after + 1])) return undefined
    this.at = after + 1
    return { num, gen }
  }

  /** White space only: no reference goes on behind a comment. */
  private skipBlank(from: number): number {
    let at = from
    while (WHITE.has(this.bytes[at] ?? -1)) at += 1
    return at
  }

  private readName(): string {
    this.at += 1
    const start = this.at
    while (isRegular(this.bytes[this.at])) this.at += 1
    if (this.at - start > LONGEST_NAME) throw new PdfError('too-large', 'a name is too long', start)
    const text = this.bytes.toString('latin1', start, this.at)
    return text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }

  private readArray(depth: number): PdfValue[] {
    this.at += 1
    this.heavy += 1
    const values: PdfValue[] = []
    for (;;) {
      this.skipWhite()
      if (this.bytes[this.at] === 0x5d) {
        this.at += 1
        return values
      }
      if (this.at >= this.bytes.length) throw new PdfError('broken', 'an array does not end', this.at)
      values.push(this.readValue(depth + 1))
    }
  }

  private readDict(depth: number): PdfDict {
    this.at += 2
    this.heavy += 2
    const dict: PdfDict = new Map()
    for (;;) {
      this.skipWhite()
      if (this.bytes[this.at] === 0x3e && this.bytes[this.at + 1] === 0x3e) {
        this.at += 2
        return dict
      }
      if (this.bytes[this.at] !== 0x2f) throw new PdfError('broken', 'a dictionary is malformed', this.at)
      const key = this.readName()
      const value = this.readValue(depth + 1)
      // Readers differ on which of two equal keys counts: a file that plays on it is refused.
      if (dict.has(key)) throw new PdfError('broken', 'a dictionary names a key twice', this.at)
      dict.set(key, value)
    }
  }

  private readHex(): PdfString {
    const start = this.at
    const end = this.bytes.indexOf(0x3e, start)
    if (end < 0) throw new PdfError('broken', 'a string does not end', start)
    if (end - start > LONGEST_HEX) throw new PdfError('too-large', 'a string is too long', start)
    const digits = this.bytes.toString('latin1', start + 1, end).replace(/[\0\t\n\f\r ]/g, '')
    if (!/^[0-9A-Fa-f]*$/.test(digits)) throw new PdfError('broken', 'a string is malformed', start)
    this.at = end + 1
    const bytes = Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex')
    return { bytes, start, end: end + 1, hex: true }
  }

  private readLiteral(): PdfString {
    const start = this.at
    const out: number[] = []
    let open = 0
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new PdfError('broken', 'a string does not end', start)
      this.at += 1
      if (byte === 0x5c) this.readEscape(out)
      else {
        if (byte === 0x28) open += 1
        if (byte === 0x29) open -= 1
        if (open === 0) return { bytes: Buffer.from(out.slice(1)), start, end: this.at, hex: false }
        if (out.length > LONGEST_LITERAL) throw new PdfError('too-large', 'a string is too long', start)
        out.push(byte)
      }
    }
  }

  private readEscape(out: number[]): void {
    const byte = this.bytes[this.at] ?? 0
    this.at += 1
    const simple: Record<number, number> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 }
    if (byte >= 0x30 && byte <= 0x37) {
      let value = byte - 0x30
      for (let i = 0; i < 2; i += 1) {
        const digit = this.bytes[this.at]
        if (digit === undefined || digit < 0x30 || digit > 0x37) break
        value = value * 8 + digit - 0x30
        this.at += 1
      }
      out.push(value & 0xff)
    } else if (byte === 13) {
      if (this.bytes[this.at] === 10) this.at += 1
    } else if (byte !== 10) out.push(simple[byte] ?? byte)
  }
}
