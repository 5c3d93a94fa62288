import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import type { ComparisonBudget } from './modified-budget.ts'
import type { ReferenceIndex } from './reference-index.ts'
import {
  isDict,
  isName,
  isRef,
  isStream,
  isString,
  type PdfDict,
  type PdfRef,
  type PdfStream,
  type PdfValue,
} from './values.ts'

/** Compares an object whose number stands for something that may change in known ways. */
export type KnownComparison = (before: PdfValue, after: PdfValue) => void

/**
 * Two states of one file, compared from the trailer down along every reference of the earlier one. What is not compared under a
 * rule of its own must be the same, whatever way leads to it: so an object that may change for one of its uses may not
 * where anything else uses it too.
 */
export class RevisionComparison {
  readonly before: PdfFile
  readonly after: PdfFile
  readonly faults = new Set<string>()
  /** By object number. */
  readonly known = new Map<number, KnownComparison>()
  private readonly seen = new Set<number>()
  /** What can differ; before that is known, everything. */
  private relevant: ReadonlySet<number> | undefined
  private readonly waiting: Array<{ num: number; where: string }> = []
  private readonly budget: ComparisonBudget

  constructor(before: PdfFile, after: PdfFile, budget: ComparisonBudget) {
    this.before = before
    this.after = after
    this.budget = budget
  }

  spend(count: number): void {
    this.budget.spend(count)
  }

  fault(where: string): void {
    if (this.faults.size < 20) this.faults.add(where)
  }

  /** Called when the rules are known, and before anything is compared. @param ends see `ReferenceIndex` */
  prepare(index: ReferenceIndex, ends: { has(num: number): boolean }): void {
    const relevant = index.relevant(this.before, this.after, ends)
    this.budget.spend(relevant.size)
    for (const num of relevant) if (this.known.has(num)) this.put(num, '')
    this.relevant = relevant
  }

  private put(num: number, where: string): void {
    if (this.seen.has(num)) return
    this.seen.add(num)
    this.waiting.push({ num, where })
  }

  /** Compares all that was put off. */
  run(): void {
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) {
      const [before, after] = [this.before.object(next.num), this.after.object(next.num)]
      const known = this.known.get(next.num)
      if (known) known(before, after)
      else if (before === after) this.follow(before, next.where)
      else this.same(before, after, next.where)
    }
  }

  /** The very same object: only what it refers to can differ. */
  private follow(value: PdfValue, where: string): void {
    const refs = this.budget.refsOf(value)
    this.budget.spend(1 + (refs.length >> 2))
    for (const each of refs) this.sameRef(each, each, where)
    // A length that stands elsewhere decides which bytes the data are.
    if (isStream(value) && isRef(value.dict.get('Length'))) this.sameData(value, value, where)
  }

  /** Nothing may differ, nor in what is referred to. */
  same(before: PdfValue | undefined, after: PdfValue | undefined, where: string): void {
    this.budget.spend()
    if (before === undefined || after === undefined) {
      if (before !== after) this.fault(where)
    } else if (isRef(before) !== isRef(after)) this.sameInlined(before, after, where)
    else if (isRef(before)) this.sameRef(before, after, where)
    else if (Array.isArray(before)) this.sameArray(before, after, where)
    else if (isStream(before)) this.sameStream(before, after, where)
    else if (isDict(before)) this.sameDict(before, after, where)
    else if (!samePlain(before, after)) this.fault(where)
  }

  /** Some programs write in place what was an object of its own, or the other way round: the same value all the same. */
  private sameInlined(before: PdfValue, after: PdfValue, where: string): void {
    const num = isRef(before) ? before.num : isRef(after) ? after.num : -1
    const isNew = isRef(before) || this.isNew(after)
    if (this.known.has(num) || !isNew) this.fault(where)
    else this.same(this.before.resolve(before), this.after.resolve(after), where)
  }

  private sameRef(before: PdfRef, after: PdfValue, where: string): void {
    if (!isRef(after) || after.num !== before.num || after.gen !== before.gen) this.fault(where)
    else if (this.relevant?.has(before.num) !== false) this.put(before.num, where)
  }

  private sameArray(before: PdfValue[], after: PdfValue, where: string): void {
    if (!Array.isArray(after) || after.length !== before.length) this.fault(where)
    else for (const [i, each] of before.entries()) this.same(each, after[i], where)
  }

  private sameDict(before: PdfDict, after: PdfValue, where: string): void {
    if (!isDict(after)) this.fault(where)
    else this.sameKeys(before, after, where, [])
  }

  /** Two dictionaries, but for the keys that are compared elsewhere. */
  sameKeys(before: PdfDict, after: PdfDict, where: string, except: readonly string[]): void {
    for (const [key, value] of before) if (!except.includes(key)) this.same(value, after.get(key), where)
    for (const key of after.keys()) if (!except.includes(key) && !before.has(key)) this.fault(where)
  }

  private sameStream(before: PdfStream, after: PdfValue, where: string): void {
    if (!isStream(after)) {
      this.fault(where)
      return
    }
    this.sameDict(before.dict, after.dict, where)
    if (before.dataStart !== after.dataStart) this.sameData(before, after, where)
  }

  private sameData(before: PdfStream, after: PdfStream, where: string): void {
    const [old, now] = [this.rawData(this.before, before), this.rawData(this.after, after)]
    this.budget.spend(old.length >> 6)
    if (!old.equals(now)) this.fault(where)
  }

  private rawData(file: PdfFile, stream: PdfStream): Buffer {
    const length = file.resolve(stream.dict.get('Length'))
    if (typeof length !== 'number' || length < 0 || stream.dataStart + length > file.bytes.length)
      throw new PdfError('broken', 'a stream is longer than the file', stream.dataStart)
    return file.bytes.subarray(stream.dataStart, stream.dataStart + length)
  }

  /** Whether a reference leads to an object that was not there before. */
  isNew(value: PdfValue | undefined): value is PdfRef {
    return isRef(value) && this.before.object(value.num) === null && this.after.object(value.num) !== null
  }
}

/** Numbers, names, strings (whatever way they are written), booleans, null. */
export function samePlain(before: PdfValue | undefined, after: PdfValue | undefined): boolean {
  if (isString(before)) return isString(after) && before.bytes.equals(after.bytes)
  if (isName(before)) return isName(after, before.name)
  return before === after
}

export const sameReference = (before: PdfValue | undefined, after: PdfValue | undefined): boolean =>
  isRef(before) && isRef(after) && before.num === after.num && before.gen === after.gen
