import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isRef, isStream, PdfReader } from './values.ts'
import { type Indirect, readEntries, readIndirect, type Section } from './xref.ts'

/** By the offset at which it begins: each object of the added part, null where it is a table of references. */
export type Tiles = ReadonlyMap<number, Pick<Indirect, 'num' | 'gen'> | null>

/** One thing after another, each with the blank before it. */
type Step = { start: number; next: number; hidden: boolean } & (
  | { kind: 'end' }
  | { kind: 'startxref'; offset: number }
  | { kind: 'tile'; tile: Pick<Indirect, 'num' | 'gen'> | null }
)

const MOST_OBJECTS = 200_000
const HIDDEN = 'A later part of the file holds something that nothing refers to.'

/** Reads what saves added, byte after byte; once, whichever signature asks. */
export class TileReader {
  private readonly file: PdfFile
  private readonly steps = new Map<number, Step>()

  constructor(file: PdfFile) {
    this.file = file
  }

  /** What the part after `signedEnd` consists of; or what is wrong with its bytes. @param added its cross-references */
  read(added: readonly Section[], signedEnd: number): Tiles | string {
    try {
      return this.walk(added, signedEnd)
    } catch (error) {
      if (error instanceof PdfError) return 'A later part of the file cannot be read.'
      throw error
    }
  }

  private walk(added: readonly Section[], signedEnd: number): Tiles | string {
    const sections = new Set(added.map(({ offset }) => offset))
    const named = new Set(sections)
    for (const { entries } of added)
      for (const place of entries.values()) if (place !== 'free' && 'offset' in place) named.add(place.offset)
    const tiles = new Map<number, Pick<Indirect, 'num' | 'gen'> | null>()
    let ended = false
    for (let at = signedEnd; ; ) {
      const step = this.step(at, named)
      if (step === undefined || step.hidden) return HIDDEN
      if (step.kind === 'end') break
      if (tiles.size > MOST_OBJECTS) return 'The file was changed too much to be judged.'
      ended = step.kind === 'startxref'
      if (step.kind === 'tile') {
        if (!named.has(step.start)) return HIDDEN
        tiles.set(step.start, step.tile)
      } else if (!sections.has(step.offset)) return 'A later part names cross-references that are not in use.'
      at = step.next
    }
    const { bytes } = this.file
    return ended && endsAsPdf(bytes, bytes.length) ? tiles : 'The file does not end where a PDF ends.'
  }

  /** @returns undefined for what nothing names */
  private step(at: number, named: ReadonlySet<number>): Step | undefined {
    const known = this.steps.get(at)
    if (known) return known
    const step = this.readStep(at, named)
    if (step) this.steps.set(at, step)
    return step
  }

  private readStep(at: number, named: ReadonlySet<number>): Step | undefined {
    const { bytes } = this.file
    const reader = new PdfReader(bytes, at)
    reader.skipWhite()
    const start = reader.at
    // What only a comment hides is found by readers that mend a file.
    const hidden = /obj|xref|trailer/.test(bytes.toString('latin1', at, start))
    if (start >= bytes.length) return { kind: 'end', start, next: start, hidden }
    if (reader.takeWord('startxref')) {
      const offset = reader.readInteger()
      return { kind: 'startxref', offset, start, next: reader.at, hidden }
    }
    if (!named.has(start)) return undefined
    const tile = reader.takeWord('xref') ? skipTable(reader) : skipObject(this.file, reader)
    return { kind: 'tile', tile, start, next: reader.at, hidden }
  }
}

export function endsAsPdf(bytes: Buffer, end: number): boolean {
  return /startxref[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+%%EOF[\r\n]{0,2}$/.test(
    bytes.toString('latin1', Math.max(0, end - 80), end),
  )
}

function skipTable(reader: PdfReader): null {
  readEntries(reader, () => {})
  reader.readValue()
  return null
}

function skipObject(file: PdfFile, reader: PdfReader): Pick<Indirect, 'num' | 'gen'> {
  const { num, gen, value } = readIndirect(reader)
  if (isStream(value)) {
    const length = value.dict.get('Length')
    const size = isRef(length) ? file.resolve(length) : length
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
      throw new PdfError('broken', 'a stream has no length')
    reader.at = value.dataStart + size
    if (!reader.takeWord('endstream')) throw new PdfError('broken', 'a stream is longer or shorter than it says')
  }
  if (!reader.takeWord('endobj')) throw new PdfError('broken', 'an object does not end')
  return { num, gen }
}
