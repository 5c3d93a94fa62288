import { inflate, rawStream } from './decode.ts'
import { PdfError } from './errors.ts'
import { type Pack, Readings } from './readings.ts'
import { isDict, isRef, isStream, type PdfDict, PdfReader, type PdfStream, type PdfValue } from './values.ts'
import { findStart, type Place, readSections, type Section } from './xref.ts'

const LARGEST = 100 * 1024 * 1024
const LONGEST_CHAIN = 32
const MOST_PACKED = 100_000

/** A PDF as one of its saves left it, objects read when they are asked for. */
export class PdfFile {
  readonly bytes: Buffer
  readonly sections: Section[]
  readonly startxref: number
  /** Of the whole file, whichever part of it this is. */
  readonly readings: Readings
  private readonly cache = new Map<number, PdfValue>()
  private readonly reading = new Set<number>()

  /** @throws PdfError */
  constructor(bytes: Buffer, startxref?: number, readings = new Readings(bytes)) {
    if (bytes.length > LARGEST) throw new PdfError('too-large', 'the file is larger than 100 MB')
    if (bytes.subarray(0, 1024).indexOf('%PDF-') < 0)
      throw new PdfError('not-a-pdf', 'the file does not begin like a PDF')
    this.bytes = bytes
    this.startxref = startxref ?? findStart(bytes)
    this.readings = readings
    this.sections = readSections(this.startxref, (offset) => readings.sectionAt(offset, bytes.length))
  }

  /** The file as it was when it ended here, or began its references there. @throws PdfError */
  revision({ end = this.bytes.length, startxref }: { end?: number; startxref?: number }): PdfFile {
    const bytes = this.bytes.subarray(0, end)
    return new PdfFile(bytes, startxref ?? findStart(bytes), this.readings)
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
    for (const [i, { entries, trailer }] of this.sections.entries()) {
      const place = entries.get(num)
      // In a hybrid file what the table calls free may stand in the stream beside it (7.5.8.4).
      const beside = place === 'free' && trailer.has('XRefStm') ? this.sections[i + 1]?.entries.get(num) : undefined
      if (place !== undefined) return beside ?? place
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
    const indirect = this.readings.objectAt(place.offset, this.bytes.length)
    if (indirect.num !== num)
      throw new PdfError('broken', 'an object has another number than its reference', place.offset)
    return indirect.value
  }

  private readPacked(place: { stream: number; index: number }, num: number): PdfValue {
    const packed = this.readPack(place.stream)[place.index]
    // Some readers go by the index, some by the number: they must say the same.
    if (packed?.num !== num) throw new PdfError('broken', 'an object is not where its object stream is said to have it')
    return this.readings.packedAt(packed.data, packed.offset)
  }

  /** @throws PdfError where it is no object stream (7.5.7) */
  private readPack(holderNum: number): Pack {
    const holder = this.placeOf(holderNum)
    if (holder === undefined || holder === 'free' || 'stream' in holder)
      throw new PdfError('broken', 'an object stream is missing')
    const stream = this.object(holderNum)
    if (!isStream(stream)) throw new PdfError('broken', 'an object stream is missing')
    const length = rawStream(this.bytes, stream, this.resolve(stream.dict.get('Length'))).length
    return this.readings.pack(stream.dataStart, length, () => this.unpack(stream))
  }

  private unpack(stream: PdfStream): { data: Buffer; pack: Pack } {
    const data = this.data(stream)
    const reader = new PdfReader(data)
    // Where these stood elsewhere, a later save could move what is inside without touching it.
    const count = stream.dict.get('N')
    const first = stream.dict.get('First')
    if (typeof count !== 'number' || typeof first !== 'number' || count > MOST_PACKED)
      throw new PdfError('broken', 'an object stream is malformed')
    const pack: Array<Pack[number]> = []
    for (let i = 0; i < count; i += 1)
      pack.push({ num: reader.readInteger(), offset: first + reader.readInteger(), data })
    return { data, pack }
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

  /** The unpacked data of a stream. @param largest bytes that it may unpack to. @throws PdfError */
  data(stream: PdfStream, largest?: number): Buffer {
    return inflate(this.bytes, stream, this.resolve(stream.dict.get('Length')), largest)
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
