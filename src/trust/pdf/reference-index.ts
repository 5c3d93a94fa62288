import type { PdfFile } from './file.ts'
import { isName, isStream, type PdfRef, type PdfValue } from './values.ts'

/** Numbers of the objects that saves between two states of a file wrote or freed, whatever they say now. */
function writtenBetween(before: PdfFile, after: PdfFile): Set<number> {
  const kept = new Set(before.sections.map(({ offset }) => offset))
  const written = new Set<number>()
  for (const { offset, entries } of after.sections)
    if (!kept.has(offset)) for (const num of entries.keys()) written.add(num)
  for (const num of [...written]) if (isPack(before.object(num))) addPacked(before, num, written)
  return written
}

const isPack = (value: PdfValue): boolean => isStream(value) && isName(value.dict.get('Type'), 'ObjStm')

/** Whoever writes an object stream anew writes all that is in it. */
function addPacked(file: PdfFile, holder: number, into: Set<number>): void {
  for (const { entries } of file.sections)
    for (const [num, place] of entries)
      if (place !== 'free' && 'stream' in place && place.stream === holder) into.add(num)
}

/**
 * Who refers to whom in a file: so that two states of it are compared where they can differ, and not all over. What both have
 * from the same bytes, and what leads to nothing else, needs no look.
 */
export class ReferenceIndex {
  private readonly latest: PdfFile
  private readonly refsOf: (value: PdfValue) => readonly PdfRef[]
  private holders: ReadonlyMap<number, readonly number[]> | undefined

  constructor(latest: PdfFile, refsOf: (value: PdfValue) => readonly PdfRef[]) {
    this.latest = latest
    this.refsOf = refsOf
  }

  /**
   * What differs, and each object that leads to it in the earlier state.
   * @param ends objects that are compared for themselves, whoever refers to them: pages, the catalog
   * @throws PdfError
   */
  relevant(before: PdfFile, after: PdfFile, ends: { has(num: number): boolean }): Set<number> {
    const written = writtenBetween(before, after)
    const relevant = new Set([...written].filter((num) => before.object(num) !== after.object(num)))
    const since = writtenBetween(before, this.latest)
    const own = this.index(before, since)
    const waiting = [...relevant].filter((num) => !ends.has(num))
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const later = (this.latestHolders().get(next) ?? []).filter((num) => !since.has(num))
      for (const holder of [...later, ...(own.get(next) ?? [])]) {
        // How long an object stream is may stand elsewhere: then all that is in it is another.
        const inside = new Set<number>()
        if (!relevant.has(holder) && isPack(before.object(holder))) addPacked(before, holder, inside)
        for (const num of [holder, ...inside]) {
          if (relevant.has(num)) continue
          relevant.add(num)
          if (!ends.has(num)) waiting.push(num)
        }
      }
    }
    return relevant
  }

  private latestHolders(): ReadonlyMap<number, readonly number[]> {
    const numbers = () => new Set(this.latest.sections.flatMap(({ entries }) => [...entries.keys()]))
    this.holders ??= this.index(this.latest, numbers())
    return this.holders
  }

  private index(file: PdfFile, numbers: Iterable<number>): ReadonlyMap<number, readonly number[]> {
    const holders = new Map<number, number[]>()
    for (const num of numbers)
      for (const { num: target } of this.refsOf(file.object(num))) {
        const known = holders.get(target)
        if (known) known.push(num)
        else holders.set(target, [num])
      }
    return holders
  }
}
