import { PdfError } from './errors.ts'
import { isDict, isRef, isStream, type PdfRef, type PdfValue } from './values.ts'

const MOST = 10_000_000

/** What of a value are references, at whatever depth. */
function collectRefs(value: PdfValue, into: PdfRef[]): PdfRef[] {
  if (isRef(value)) into.push(value)
  else if (Array.isArray(value)) for (const each of value) collectRefs(each, into)
  else if (isStream(value)) collectRefs(value.dict, into)
  else if (isDict(value)) for (const each of value.values()) collectRefs(each, into)
  return into
}

/** What one file may cost to judge, all its signatures and revisions together; one that needs more is not judged. */
export class ComparisonBudget {
  private left = MOST
  private readonly refs = new WeakMap<object, readonly PdfRef[]>()

  /** @throws PdfError */
  spend(count = 1): void {
    this.left -= count
    if (this.left < 0) throw new PdfError('too-large', 'there is too much to compare')
  }

  /** Bytes are read far faster than objects are compared. */
  spendBytes(count: number): void {
    this.spend(count >> 8)
  }

  /** Looked for once, however many revisions have the very same object. */
  refsOf(value: PdfValue): readonly PdfRef[] {
    if (typeof value !== 'object' || value === null) return []
    const known = this.refs.get(value)
    if (known) return known
    const found = collectRefs(value, [])
    this.spend(1 + found.length)
    this.refs.set(value, found)
    return found
  }
}
