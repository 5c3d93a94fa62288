import type { PdfFile } from './file.ts'
import type { ComparisonBudget } from './modified-budget.ts'
import { endsAsPdf, TileReader, type Tiles } from './revision-tiles.ts'
import type { Place, Section } from './xref.ts'

export interface LaterRevisions {
  /** The file as it stood when it was signed. */
  signed: PdfFile
  /** The file after each later save, oldest first. */
  later: PdfFile[]
  /** Why the saves cannot be told apart, or hide something. */
  faults: string[]
}

/** Two a renewal, and a document is renewed every few years. */
const MOST_REVISIONS = 128

/**
 * What was signed, and every save after it. Later saves must be incremental updates in the narrowest sense: they go on from
 * the cross-references that were signed, nothing of theirs leads back into bytes that were signed, and every byte of theirs is
 * an object that they name. So no reader, strict or forgiving, can be led to see a different file than the one judged here.
 */
export class RevisionReader {
  private readonly file: PdfFile
  private readonly budget: ComparisonBudget
  private readonly files = new Map<number, PdfFile>()
  private readonly tiles: TileReader

  constructor(file: PdfFile, budget: ComparisonBudget) {
    this.file = file
    this.budget = budget
    this.files.set(file.startxref, file)
    this.tiles = new TileReader(file)
  }

  /** @throws PdfError where the signed part cannot be read, or all of it is too much */
  after(signedEnd: number): LaterRevisions {
    const { file } = this
    const signed = file.revision({ end: signedEnd })
    this.budget.spendBytes(file.bytes.length)
    for (const { entries } of signed.sections) this.budget.spend(entries.size >> 2)
    const none = (fault: string): LaterRevisions => ({ signed, later: [], faults: [fault] })
    if (!endsAsPdf(file.bytes, signedEnd)) return none('What is signed does not end where a PDF ends.')
    if (signedEnd === file.bytes.length) return { signed, later: [], faults: [] }
    const added = addedSections(file, signed, signedEnd)
    if (!added) return none('A later part of the file does not go on from what was signed.')
    // In a hybrid file (7.5.8.4) readers old and new see different objects.
    if (added.some(({ trailer }) => trailer.has('XRefStm'))) return none('A later part has two kinds of references.')
    const tiles = this.tiles.read(added, signedEnd)
    if (typeof tiles === 'string') return none(tiles)
    if (added.length > MOST_REVISIONS) return none('The file was changed too often to be judged.')
    const later = added.map(({ offset }) => this.open(offset)).reverse()
    for (const { entries } of added) this.budget.spend(entries.size * later.length)
    const fault = later.map((revision) => leadsBack(revision, signed, added, tiles)).find((each) => each !== undefined)
    return { signed, later, faults: fault === undefined ? [] : [fault] }
  }

  /** The file as the save left it whose cross-references begin at `start`. */
  private open(start: number): PdfFile {
    const known = this.files.get(start)
    if (known) return known
    this.budget.spendBytes(this.file.bytes.length)
    const opened = this.file.revision({ startxref: start })
    for (const { entries } of opened.sections) this.budget.spend(entries.size >> 2)
    this.files.set(start, opened)
    return opened
  }
}

/** The sections after those that were signed, newest first; undefined where they do not lead to the signed ones. */
function addedSections(file: PdfFile, signed: PdfFile, signedEnd: number): Section[] | undefined {
  const count = file.sections.length - signed.sections.length
  if (count < 1) return undefined
  const kept = file.sections.slice(count)
  if (!kept.every(({ offset }, i) => offset === signed.sections[i]!.offset)) return undefined
  const added = file.sections.slice(0, count)
  return added.every(({ offset }) => offset >= signedEnd) ? added : undefined
}

/**
 * A reference of a later revision to bytes that were signed but meant nothing: how hidden content is swapped in. Or one under
 * another generation, which some readers follow and some do not.
 */
function leadsBack(revision: PdfFile, signed: PdfFile, added: Section[], tiles: Tiles): string | undefined {
  const fault = 'A later part of the file refers to hidden content of the signed one.'
  const offsets = new Set(revision.sections.map(({ offset }) => offset))
  for (const { offset, entries } of added) {
    if (!offsets.has(offset)) continue
    for (const [num, place] of entries) {
      const before = signed.placeOf(num)
      if (place === 'free' || samePlace(place, before)) continue
      const holder = 'stream' in place ? { num: place.stream, place: revision.placeOf(place.stream) } : { num, place }
      if (!isTile(tiles, holder.num, holder.place) || generationOf(place) !== generationOf(before)) return fault
    }
  }
  return undefined
}

function isTile(tiles: Tiles, num: number, place: Place | undefined): boolean {
  if (place === undefined || place === 'free' || 'stream' in place) return false
  const tile = tiles.get(place.offset)
  return tile?.num === num && tile.gen === place.gen
}

/** Of an object that is new: none but the first. */
const generationOf = (place: Place | undefined): number =>
  place !== undefined && place !== 'free' && 'gen' in place ? place.gen : 0

function samePlace(a: Place, b: Place | undefined): boolean {
  if (b === undefined || a === 'free' || b === 'free') return a === b
  if ('offset' in a) return 'offset' in b && a.offset === b.offset && a.gen === b.gen
  return 'stream' in b && a.stream === b.stream && a.index === b.index
}
