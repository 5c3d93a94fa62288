import { inflate } from './decode.ts'
import { PdfError } from './errors.ts'
import { isDict, isName, isStream, type PdfDict, PdfReader, type PdfStream } from './values.ts'

/** Where an object is: at an offset, or inside an object stream. */
export type Place = { offset: number; gen: number } | { stream: number; index: number } | 'free'

/** One cross-reference section with its trailer: what one save of the file wrote. */
export interface Section {
  offset: number
  entries: Map<number, Place>
  trailer: PdfDict
  kind: 'table' | 'stream'
}

const MOST_SECTIONS = 500
/** Of one table. */
const MOST_PARTS = 200_000
const MOST_OBJECTS = 500_000

/**
 * The sections from the last save back to the first (ISO 32000-1, 7.5).
 * @param sectionAt reads the one at an offset
 */
export function readSections(start: number, sectionAt: (offset: number) => Section): Section[] {
  const sections: Section[] = []
  const seen = new Set<number>()
  const waiting: number[] = [start]
  let entries = 0
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next) || sections.length >= MOST_SECTIONS)
      throw new PdfError('broken', 'the cross-references run in a circle', next)
    seen.add(next)
    const section = sectionAt(next)
    entries += section.entries.size
    if (entries > MOST_OBJECTS) throw new PdfError('too-large', 'too many objects', next)
    sections.push(section)
    const hybrid = section.trailer.get('XRefStm')
    const previous = section.trailer.get('Prev')
    if (typeof hybrid === 'number' && section.kind === 'table') waiting.push(hybrid)
    if (typeof previous === 'number' && !waiting.includes(previous)) waiting.push(previous)
  }
  return sections
}

/** The offset that the last `startxref` of these bytes names. */
export function findStart(bytes: Buffer): number {
  const at = bytes.lastIndexOf('startxref')
  if (at < 0 || at < bytes.length - 4096) throw new PdfError('not-a-pdf', 'the file has no end of a PDF')
  const reader = new PdfReader(bytes, at + 9)
  const offset = reader.readInteger()
  if (offset < 0 || offset >= bytes.length)
    throw new PdfError('broken', 'the cross-references are not where the file says', at)
  return offset
}

/** One section, and the first byte after it. @throws PdfError */
export function readSection(bytes: Buffer, offset: number): { value: Section; end: number } {
  if (offset < 0 || offset >= bytes.length)
    throw new PdfError('broken', 'the cross-references are not where the file says', offset)
  const reader = new PdfReader(bytes, offset)
  return reader.takeWord('xref') ? readTable(reader, offset) : readStream(reader, offset)
}

function readTable(reader: PdfReader, offset: number): { value: Section; end: number } {
  const entries = new Map<number, Place>()
  readEntries(reader, (num, place) => addEntry(entries, num, place, reader.at))
  const trailer = reader.readValue()
  if (!isDict(trailer)) throw new PdfError('broken', 'the trailer is missing', reader.at)
  return { value: { offset, entries, trailer, kind: 'table' }, end: reader.at }
}

/** The lines of a table (7.5.4), `trailer` included. @throws PdfError */
export function readEntries(reader: PdfReader, note: (num: number, place: Place) => void): void {
  for (let parts = 0; !reader.takeWord('trailer'); parts += 1) {
    if (parts > MOST_PARTS) throw new PdfError('too-large', 'a table of references has too many parts', reader.at)
    reader.rest()
    const first = reader.readInteger()
    const count = reader.readInteger()
    if (first < 0 || count < 0 || first + count > MOST_OBJECTS)
      throw new PdfError('too-large', 'too many objects', reader.at)
    reader.skipWhite()
    for (let i = 0; i < count; i += 1) note(first + i, readEntry(reader))
  }
}

/** Twenty bytes each, as a rule. */
const LINE = /^(\d{10}) (\d{5}) ([nf])[ \r][\r\n]/

function readEntry(reader: PdfReader): Place {
  const line = LINE.exec(reader.bytes.toString('latin1', reader.at, reader.at + 20))
  if (line) {
    reader.at += 20
    return line[3] === 'n' ? { offset: Number(line[1]), gen: Number(line[2]) } : 'free'
  }
  const offset = reader.readInteger()
  const gen = reader.readInteger()
  const used = reader.takeWord('n')
  if (!used && !reader.takeWord('f')) throw new PdfError('broken', 'a cross-reference is malformed', reader.at)
  reader.skipWhite()
  return used ? { offset, gen } : 'free'
}

function readStream(reader: PdfReader, offset: number): { value: Section; end: number } {
  const { value } = readIndirect(reader)
  if (!isStream(value) || !isName(value.dict.get('Type'), 'XRef'))
    throw new PdfError('broken', 'the cross-references are missing', offset)
  const widths = value.dict.get('W')
  const size = value.dict.get('Size')
  if (!Array.isArray(widths) || widths.length !== 3 || typeof size !== 'number' || size > MOST_OBJECTS)
    throw new PdfError('broken', 'the cross-references are malformed', offset)
  const [a, b, c] = widths.map((width) => (typeof width === 'number' && width >= 0 && width <= 6 ? width : 99)) as [
    number,
    number,
    number,
  ]
  if (a + b + c > 18 || a + b + c === 0) throw new PdfError('broken', 'the cross-references are malformed', offset)
  const length = value.dict.get('Length')
  const data = inflate(reader.bytes, value, length)
  const end = value.dataStart + (length as number)
  const index = value.dict.get('Index')
  const ranges = Array.isArray(index) ? index : [0, size]
  if (!ranges.every(isCount)) throw new PdfError('broken', 'the cross-references are malformed', offset)
  const entries = new Map<number, Place>()
  let at = 0
  for (let r = 0; r + 1 < ranges.length; r += 2) {
    for (let i = 0; i < ranges[r + 1]!; i += 1) {
      if (at + a + b + c > data.length || entries.size > MOST_OBJECTS)
        return { value: { offset, entries, trailer: value.dict, kind: 'stream' }, end }
      const type = a === 0 ? 1 : data.readUIntBE(at, a)
      const second = b === 0 ? 0 : data.readUIntBE(at + a, b)
      const third = c === 0 ? 0 : data.readUIntBE(at + a + b, c)
      at += a + b + c
      const place: Place =
        type === 1 ? { offset: second, gen: third } : type === 2 ? { stream: second, index: third } : 'free'
      addEntry(entries, ranges[r]! + i, place, offset)
    }
  }
  return { value: { offset, entries, trailer: value.dict, kind: 'stream' }, end }
}

/** Readers differ on which of two entries for one object counts: a file that plays on it is refused. */
function addEntry(entries: Map<number, Place>, num: number, place: Place, at: number): void {
  if (entries.has(num)) throw new PdfError('broken', 'an object has two cross-references', at)
  entries.set(num, place)
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_OBJECTS

export interface Indirect {
  num: number
  gen: number
  value: ReturnType<PdfReader['readValue']>
}

/** `12 0 obj … endobj` at the reader's place. */
export function readIndirect(reader: PdfReader): Indirect {
  const num = reader.readInteger()
  const gen = reader.readInteger()
  if (!reader.takeWord('obj')) throw new PdfError('broken', 'an object does not begin where it should', reader.at)
  const value = reader.readValue()
  if (isDict(value) && reader.takeWord('stream')) {
    if (reader.bytes[reader.at] === 13) reader.at += 1
    if (reader.bytes[reader.at] === 10) reader.at += 1
    const stream: PdfStream = { dict: value, dataStart: reader.at }
    return { num, gen, value: stream }
  }
  return { num, gen, value }
}
