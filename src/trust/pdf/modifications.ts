import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { coversWords, isFreePlace } from './free-place.ts'
import { ComparisonBudget } from './modified-budget.ts'
import { compareInformation, compareSecurityStore, isMetadata, isPlainData } from './modified-evidence.ts'
import { type FormComparison, prepareForm } from './modified-form.ts'
import { RevisionComparison, sameReference } from './modified-objects.ts'
import { ReferenceIndex } from './reference-index.ts'
import { RevisionReader } from './revisions.ts'
import { isDict, isName, isRef, type PdfDict, type PdfValue } from './values.ts'
import type { Modifications } from './verify-report.ts'

export interface ModificationReport {
  modifications: Modifications
  reasons: string[]
  /** The file as it stood when it was signed; undefined where that cannot be read. */
  signed: PdfFile | undefined
  /** The file after each later save, oldest first. */
  later: readonly PdfFile[]
}

/** Judges what was done to a file after each of its signatures. */
export class ModificationJudge {
  private readonly budget = new ComparisonBudget()
  private readonly reader: RevisionReader
  private readonly index: ReferenceIndex
  private readonly known = new Map<number, ModificationReport>()

  constructor(file: PdfFile) {
    this.reader = new RevisionReader(file, this.budget)
    this.index = new ReferenceIndex(file, (value) => this.budget.refsOf(value))
  }

  /** @param signedEnd the first byte that is not signed */
  after(signedEnd: number): ModificationReport {
    const known = this.known.get(signedEnd)
    if (known) return known
    const report = this.judgeSafely(signedEnd)
    this.known.set(signedEnd, report)
    return report
  }

  /**
   * Whether what follows is validation data and nothing else: not an entry of the form, not a date, as after a signature of level B-LT.
   * @param signedEnd as above
   */
  addsOnlyEvidence(signedEnd: number): boolean {
    const { modifications, signed, later } = this.after(signedEnd)
    if (modifications !== 'allowed' || !signed) return false
    try {
      return later.every((revision) => growsByEvidence(signed, revision, this.budget))
    } catch (error) {
      if (!(error instanceof PdfError || error instanceof RangeError)) throw error
      return false
    }
  }

  private judgeSafely(signedEnd: number): ModificationReport {
    try {
      return this.judge(signedEnd)
    } catch (error) {
      if (!(error instanceof PdfError || error instanceof RangeError)) throw error
      const reasons = ['The file’s revisions cannot be read.']
      return { modifications: 'suspicious', reasons, signed: undefined, later: [] }
    }
  }

  private judge(signedEnd: number): ModificationReport {
    const { signed, later, faults } = this.reader.after(signedEnd)
    const reasons = new Set(faults)
    for (const revision of later)
      for (const fault of compareRevisions(signed, revision, this.budget, this.index)) reasons.add(fault)
    if (reasons.size > 0) return { modifications: 'suspicious', reasons: [...reasons], signed, later }
    if (later.length === 0) return { modifications: 'none', reasons: [], signed, later }
    const reason = 'Later revisions add only signatures, permitted entries of the form, time-stamps or validation data.'
    return { modifications: 'allowed', reasons: [reason], signed, later }
  }
}

const TRAILER = 'The file’s trailer leads elsewhere than when it was signed.'
const CATALOG = 'The document’s catalog was changed.'
const PAGE = 'A page or something on it was changed.'
const ANNOTATIONS = 'Something was put on a page, or taken from it.'
const OVER_CONTENT = 'A signature’s look was put over or beside what was signed.'

/** @returns what is suspicious, one sentence each */
function compareRevisions(
  before: PdfFile,
  after: PdfFile,
  budget: ComparisonBudget,
  index: ReferenceIndex,
): Set<string> {
  const comparison = new RevisionComparison(before, after, budget)
  const form = prepareForm(comparison)
  const root = before.trailer.get('Root')
  if (!isRef(root) || !sameReference(root, after.trailer.get('Root'))) return new Set([TRAILER])
  // Compared below, once, whatever else refers to it.
  comparison.known.set(root.num, () => {})
  const pages = readPages(before)
  const onPage = (old: PdfValue, now: PdfValue) => comparePage(comparison, form, old, now)
  for (const page of pages) comparison.known.set(page, onPage)
  comparison.prepare(index, { has: (num) => num === root.num || pages.has(num) })
  compareTrailer(comparison)
  compareCatalog(comparison, form, before.object(root.num), after.object(root.num))
  comparison.run()
  return comparison.faults
}

function growsByEvidence(before: PdfFile, after: PdfFile, budget: ComparisonBudget): boolean {
  const comparison = new RevisionComparison(before, after, budget)
  const root = before.trailer.get('Root')
  if (!isRef(root)) return false
  comparison.known.set(root.num, () => {})
  comparison.same(before.trailer.get('Info'), after.trailer.get('Info'), TRAILER)
  const [old, now] = [before.catalog, after.catalog]
  comparison.sameKeys(old, now, CATALOG, ['DSS', 'Extensions'])
  compareEvidence(comparison, old, now)
  comparison.run()
  return now.has('DSS') && comparison.faults.size === 0
}

/** What belongs to the cross-references rather than to the document (7.5.5, 7.5.8). */
const OF_THE_REFERENCES = [
  ...['Size', 'Prev', 'XRefStm', 'ID', 'Type', 'W', 'Index', 'Filter', 'DecodeParms', 'Length', 'Info', 'Root'],
]

function compareTrailer(comparison: RevisionComparison): void {
  const [before, after] = [comparison.before.trailer, comparison.after.trailer]
  // A key of the application's own may be dropped, never changed or added.
  for (const key of after.keys())
    if (!OF_THE_REFERENCES.includes(key)) comparison.same(before.get(key), after.get(key), TRAILER)
  compareInformation(comparison, before.get('Info'), after.get('Info'))
}

const CATALOG_EXCEPTIONS = ['AcroForm', 'DSS', 'Extensions', 'Metadata', 'Version']

function compareCatalog(comparison: RevisionComparison, form: FormComparison, before: PdfValue, after: PdfValue): void {
  if (!isDict(before) || !isDict(after)) {
    comparison.fault(CATALOG)
    return
  }
  comparison.sameKeys(before, after, CATALOG, CATALOG_EXCEPTIONS)
  compareEvidence(comparison, before, after)
  const changed = (key: string) => before.has(key) || after.has(key)
  if (changed('Metadata') && !isMetadata(comparison.after, after.get('Metadata'))) comparison.fault(CATALOG)
  const version = after.get('Version')
  if (changed('Version') && !(isName(version) && /^[12]\.\d$/.test(version.name))) comparison.fault(CATALOG)
  const [oldForm, nowForm] = [before.get('AcroForm'), after.get('AcroForm')]
  // Written in place by some programs; never another object that was there.
  const moved = isRef(nowForm) && !comparison.isNew(nowForm) && !sameReference(oldForm, nowForm)
  if (moved) comparison.fault(CATALOG)
  if (changed('AcroForm')) form.compare(oldForm, nowForm)
}

function compareEvidence(comparison: RevisionComparison, before: PdfDict, after: PdfDict): void {
  const changed = (key: string) => before.has(key) || after.has(key)
  if (changed('DSS')) compareSecurityStore(comparison, before.get('DSS'), after.get('DSS'))
  if (changed('Extensions') && !isPlainData(comparison.after, after.get('Extensions'))) comparison.fault(CATALOG)
}

function comparePage(comparison: RevisionComparison, form: FormComparison, before: PdfValue, after: PdfValue): void {
  if (!isDict(before) || !isDict(after)) {
    comparison.fault(PAGE)
    return
  }
  comparison.sameKeys(before, after, PAGE, ['Annots'])
  const old = comparison.before.array(before.get('Annots')) ?? []
  const now = comparison.after.array(after.get('Annots')) ?? []
  for (const [i, each] of old.entries()) {
    comparison.same(each, now[i], ANNOTATIONS)
    const seen = form.relooked(each)
    if (seen && coversWords(comparison.before, before, seen)) comparison.fault(OVER_CONTENT)
  }
  for (const each of now.slice(old.length)) {
    const seen = isRef(each) ? form.added.get(each.num) : undefined
    if (!isRef(each) || !form.added.has(each.num)) comparison.fault(ANNOTATIONS)
    else if (seen && !isFreePlace(comparison.before, before, seen)) comparison.fault(OVER_CONTENT)
  }
}

const MOST_PAGES = 100_000

const knownPages = new WeakMap<PdfFile, ReadonlySet<number>>()

/** Numbers of the pages, wherever they hang in the tree. */
function readPages(file: PdfFile): ReadonlySet<number> {
  const pages = knownPages.get(file) ?? walkPages(file)
  knownPages.set(file, pages)
  return pages
}

function walkPages(file: PdfFile): ReadonlySet<number> {
  const pages = new Set<number>()
  const seen = new Set<number>()
  const waiting: PdfValue[] = [file.catalog.get('Pages') ?? null]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!isRef(next) || seen.has(next.num)) continue
    seen.add(next.num)
    if (seen.size > MOST_PAGES) throw new PdfError('too-large', 'the file has too many pages')
    const node: PdfDict | undefined = file.dict(next)
    const kids = file.array(node?.get('Kids'))
    if (kids) for (const kid of kids) waiting.push(kid)
    else pages.add(next.num)
  }
  return pages
}
