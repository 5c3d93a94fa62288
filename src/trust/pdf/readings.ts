import { PdfError } from './errors.ts'
import { PdfReader, type PdfValue } from './values.ts'
import { type Indirect, readIndirect, readSection, type Section } from './xref.ts'

/** The objects of an object stream, in its order, and where each begins in its data. */
export type Pack = ReadonlyArray<{ num: number; offset: number; data: Buffer }>

interface Bounded<T> {
  value: T
  /** First byte after it: a revision that ends before holds something else. */
  end: number
}

const SLACK = 1024 * 1024
/** Unpacked, of all object streams together. */
const LARGEST_UNPACKED = 64 * 1024 * 1024
/** Of all objects together, by their weight in memory. */
const MOST_VALUES = 4_000_000

/**
 * What was read of one file's bytes, for all its revisions together: at one offset there is always the same object. So a file of many
 * revisions costs no more than its size, and what did not change between two of them is the same value.
 */
export class Readings {
  readonly bytes: Buffer
  private readonly objects = new Map<number, Bounded<Indirect>>()
  private readonly sections = new Map<number, Bounded<Section>>()
  private readonly packs = new Map<number, Map<number, Pack>>()
  private readonly packed = new Map<Buffer, Map<number, PdfValue>>()
  private parsed = 0
  private unpacked = 0
  private values = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** @param limit where the revision ends that asks. @throws PdfError */
  objectAt(offset: number, limit: number): Indirect {
    const known = this.objects.get(offset)
    if (known) return within(known, limit)
    const reader = new PdfReader(this.bytes, offset)
    const value = readIndirect(reader)
    this.count(reader, offset)
    const read = { value, end: reader.at }
    this.objects.set(offset, read)
    return within(read, limit)
  }

  /** @throws PdfError */
  sectionAt(offset: number, limit: number): Section {
    const known = this.sections.get(offset)
    if (known) return within(known, limit)
    const read = readSection(this.bytes, offset)
    this.sections.set(offset, read)
    return within(read, limit)
  }

  /**
   * An object stream is unpacked once, however many of its objects are asked for.
   * @param start of its data in the file, and `length`, which may be another object's to say
   */
  pack(start: number, length: number, read: () => { data: Buffer; pack: Pack }): Pack {
    const byLength = this.packs.get(start) ?? new Map<number, Pack>()
    this.packs.set(start, byLength)
    const known = byLength.get(length)
    if (known) return known
    const { data, pack } = read()
    this.unpacked += data.length
    if (this.unpacked > LARGEST_UNPACKED) throw new PdfError('too-large', 'the object streams are too large')
    byLength.set(length, pack)
    return pack
  }

  packedAt(data: Buffer, offset: number): PdfValue {
    const known = this.packed.get(data) ?? new Map<number, PdfValue>()
    this.packed.set(data, known)
    const before = known.get(offset)
    if (before !== undefined) return before
    const reader = new PdfReader(data, offset)
    const value = reader.readValue()
    this.count(reader, offset)
    known.set(offset, value)
    return value
  }

  /** Objects that lie inside each other would be read over and over. */
  private count(reader: PdfReader, offset: number): void {
    this.parsed += reader.at - offset
    this.values += reader.weight
    if (this.parsed > 2 * (this.bytes.length + this.unpacked) + SLACK)
      throw new PdfError('too-large', 'objects lie inside each other')
    if (this.values > MOST_VALUES) throw new PdfError('too-large', 'the objects have too many parts')
  }
}

function within<T>({ value, end }: Bounded<T>, limit: number): T {
  if (end > limit) throw new PdfError('broken', 'something goes on after the end of its revision', end)
  return value
}
