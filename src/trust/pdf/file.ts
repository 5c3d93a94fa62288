import { inflate } from './decode.ts'
import { PdfError } from './errors.ts'
import { isDict, isRef, isStream, type PdfDict, PdfReader, type PdfStream, type PdfValue } from './values.ts'
import { findStart, type Place, readIndirect, readSections, type Section } from './xref.ts'

const LARGEST = 100 * 1024 * 1024
const LONGEST_CHAIN = 32
const SMALL = 1024 * 1024
const LARGEST_UNPACKED = 256 * 1024 * 1024

/** The objects of an object stream, in its order, and where each begins in its data. */
type Pack = Array<{ num: number; offset: number; data: Buffer }>

/** A PDF as its last save left it, objects read when they are asked for. */
export class PdfFile {
  readonly bytes: Buffer
  readonly sections: Section[]
  readonly startxref: number
  private readonly cache = new Map<number, PdfValue>()
  private readonly reading = new Set<number>()
  private readonly packs = new Map<number, Pack>()
  private parsed = 0
  private unpacked = 0

  /** @throws PdfError */
  constructor(bytes: Buffer, startxref = findStart(bytes)) {
    if (bytes.length > LARGEST) throw new PdfError('too-large', 'the file is larger than 100 MB')
    if (bytes.subarray(0, 1024).indexOf('%PDF-') < 0)
      throw new PdfError('not-a-pdf', 'the file does not begin like a PDF')
    this.bytes = bytes
    this.startxref = startxref
    this.sections = readSections(bytes, startxref)
  }

  get trailer(): PdfDict {
    return this.sections[0]!.trailer
  }

  get size(): number {
    return Math.max(
      ...this.sections.map(({ trailer }) =>
        typeof trailer.get('Size') === 'number' ? (trailer.get('Size') as number) : 0,
      ),
    )
  }

  placeOf(num: number): Place | undefined {
    for (const section of this.sections) {
      const place = section.entries.get(num)
      if (place !== undefined) return place
    }
    return undefined
  }

  /** The object of this number; null where there is none (7.3.10). */
  object(num: number): PdfValue {
    const known = this.cache.get(num)
    if (known !== undefined) return known
    if (this.reading.has(num)) throw new PdfError('broken', 'objects refer to each other in a circle')
    this.reading.add(num)
    try {
      const value = this.readObject(num)
      this.cache.set(num, value)
      return value
    } finally {
      this.reading.delete(num)
    }
  }

  private readObject(num: number): PdfValue {
    const place = this.placeOf(num)
    if (place === undefined || place === 'free') return null
    if ('stream' in place) return this.readPacked(place, num)
    const reader = new PdfReader(this.bytes, place.offset)
    const indirect = readIndirect(reader)
    this.count(reader.at - place.offset)
    if (indirect.num !== num)
      throw new PdfError('broken', 'an object has another number than its reference', place.offset)
    return indirect.value
  }

  private readPacked(place: { stream: number; index: number }, num: number): PdfValue {
    const pack = this.packs.get(place.stream) ?? this.readPack(place.stream)
    const packed = pack[place.index]
    // Some readers go by the index, some by the number: they must say the same.
    if (packed?.num !== num) throw new PdfError('broken', 'an object is not where its object stream is said to have it')
    const { data, offset } = packed
    const reader = new PdfReader(data, offset)
    const value = reader.readValue()
    this.count(reader.at - offset)
    return value
  }

  /** Objects that lie inside each other would be read over and over. */
  private count(length: number): void {
    this.parsed += length
    if (this.parsed > 2 * (this.bytes.length + this.unpacked) + SMALL)
      throw new PdfError('too-large', 'objects lie inside each other')
  }

  /** An object stream (7.5.7) is unpacked once, however many of its objects are asked for. */
  private readPack(holderNum: number): Pack {
    const holder = this.placeOf(holderNum)
    if (holder === undefined || holder === 'free' || 'stream' in holder)
      throw new PdfError('broken', 'an object stream is missing')
    const stream = this.object(holderNum)
    if (!isStream(stream)) throw new PdfError('broken', 'an object stream is missing')
    const data = this.data(stream)
    this.unpacked += data.length
    if (this.unpacked > LARGEST_UNPACKED) throw new PdfError('too-large', 'the object streams are too large')
    const reader = new PdfReader(data)
    const count = this.resolve(stream.dict.get('N'))
    const first = this.resolve(stream.dict.get('First'))
    if (typeof count !== 'number' || typeof first !== 'number' || count > 100_000)
      throw new PdfError('broken', 'an object stream is malformed')
    const pack: Pack = []
    for (let i = 0; i < count; i += 1)
      pack.push({ num: reader.readInteger(), offset: first + reader.readInteger(), data })
    this.packs.set(holderNum, pack)
    return pack
  }

  /** Follows references to what they stand for. */
  resolve(value: PdfValue | undefined): PdfValue {
    let current = value ?? null
    for (let i = 0; isRef(current); i += 1) {
      if (i > LONGEST_CHAIN) throw new PdfError('broken', 'references lead nowhere')
      current = this.object(current.num)
    }
    return current
  }

  dict(value: PdfValue | undefined): PdfDict | undefined {
    const resolved = this.resolve(value)
    return isDict(resolved) ? resolved : isStream(resolved) ? resolved.dict : undefined
  }

  array(value: PdfValue | undefined): PdfValue[] | undefined {
    const resolved = this.resolve(value)
    return Array.isArray(resolved) ? resolved : undefined
  }

  /** The unpacked data of a stream. */
  data(stream: PdfStream): Buffer {
    return inflate(this.bytes, stream, this.resolve(stream.dict.get('Length')))
  }

  get catalog(): PdfDict {
    const root = this.dict(this.trailer.get('Root'))
    if (!root) throw new PdfError('broken', 'the file has no catalog')
    return root
  }

  get encrypted(): boolean {
    return this.sections.some(({ trailer }) => trailer.has('Encrypt'))
  }
}
