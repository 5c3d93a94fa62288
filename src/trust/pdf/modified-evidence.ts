import { createHash } from 'node:crypto'
import type { PdfFile } from './file.ts'
import type { RevisionComparison } from './modified-objects.ts'
import { isDict, isName, isRef, isStream, isString, type PdfDict, type PdfValue } from './values.ts'

const SECURITY_STORE = 'The store of validation data was changed in ways other than additions.'
const MOST_ITEMS = 5000
const LISTS = ['Certs', 'OCSPs', 'CRLs']
const OF_ONE_SIGNATURE = ['Cert', 'OCSP', 'CRL', 'TS', 'TU', 'Type']

/** The document security store (EN 319 142-1, 5.4.2) may appear and grow: it shows nothing to anyone who reads the document. */
export function compareSecurityStore(
  comparison: RevisionComparison,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): void {
  const old = comparison.before.dict(before) ?? new Map()
  const now = comparison.after.resolve(after)
  if (!isDict(now) || !isStore(comparison, now)) {
    comparison.fault(SECURITY_STORE)
    return
  }
  for (const list of LISTS) {
    const kept = new Set((comparison.after.array(now.get(list)) ?? []).map(numberOf))
    const renewed = once(() => digestsOf(comparison, now.get(list)))
    for (const each of comparison.before.array(old.get(list)) ?? []) {
      if (kept.has(numberOf(each))) comparison.same(each, each, SECURITY_STORE)
      else if (!renewed().has(digestOf(comparison.before, each) ?? '')) comparison.fault(SECURITY_STORE)
    }
  }
  const kept = comparison.after.dict(now.get('VRI'))
  for (const key of comparison.before.dict(old.get('VRI'))?.keys() ?? [])
    if (!kept?.has(key)) comparison.fault(SECURITY_STORE)
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Some programs write the whole store anew: the same data under other numbers. */
function digestsOf(comparison: RevisionComparison, value: PdfValue | undefined): Set<string> {
  const list = (comparison.after.array(value) ?? []).slice(0, MOST_ITEMS)
  return new Set(list.flatMap((each) => digestOf(comparison.after, each) ?? []))
}

const LARGEST_ITEM = 1024 * 1024

function digestOf(file: PdfFile, value: PdfValue): string | undefined {
  const stream = file.resolve(value)
  return isStream(stream) ? createHash('sha256').update(file.data(stream, LARGEST_ITEM)).digest('base64') : undefined
}

const numberOf = (value: PdfValue): number | undefined => (isRef(value) ? value.num : undefined)

function isStore(comparison: RevisionComparison, store: PdfDict): boolean {
  const file = comparison.after
  if ([...store.keys()].some((key) => ![...LISTS, 'VRI', 'Type'].includes(key))) return false
  if (!LISTS.every((key) => isListOfStreams(comparison, store.get(key)))) return false
  const all = store.get('VRI')
  if (all === undefined) return true
  const related = file.resolve(all)
  return (
    isDict(related) && related.size <= MOST_ITEMS && [...related.values()].every((each) => isRelated(comparison, each))
  )
}

function isRelated(comparison: RevisionComparison, value: PdfValue): boolean {
  const file = comparison.after
  const one = file.resolve(value)
  if (!isDict(one) || [...one.keys()].some((key) => !OF_ONE_SIGNATURE.includes(key))) return false
  const stamp = file.resolve(one.get('TS'))
  const update = file.resolve(one.get('TU'))
  return (
    ['Cert', 'OCSP', 'CRL'].every((key) => isListOfStreams(comparison, one.get(key))) &&
    (stamp === null || isStream(stamp)) &&
    (update === null || isString(update))
  )
}

/** One list may be named by every signature there is: each look at it is paid for. */
function isListOfStreams(comparison: RevisionComparison, value: PdfValue | undefined): boolean {
  if (value === undefined) return true
  const file = comparison.after
  const list = file.array(value)
  comparison.spend(list?.length ?? 1)
  return (
    list !== undefined && list.length <= MOST_ITEMS && list.every((each) => isRef(each) && isStream(file.resolve(each)))
  )
}

/** The XMP packet (14.3.2) is rewritten with each save; nothing of it is drawn. */
export function isMetadata(file: PdfFile, value: PdfValue | undefined): boolean {
  const stream = file.resolve(value)
  return isStream(stream) && isName(stream.dict.get('Type'), 'Metadata') && isName(stream.dict.get('Subtype'), 'XML')
}

const DATES_AND_TOOLS = ['ModDate', 'CreationDate', 'Producer', 'Creator', 'Trapped']

/** Of the information dictionary (14.3.3) only dates and tools may change: title and author are shown. */
export function compareInformation(
  comparison: RevisionComparison,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): void {
  const where = 'The title or another description of the document was changed.'
  const old = comparison.before.dict(before) ?? new Map()
  const now = after === undefined ? new Map() : comparison.after.resolve(after)
  if (!isDict(now)) {
    comparison.fault(where)
    return
  }
  comparison.sameKeys(old, now, where, DATES_AND_TOOLS)
  for (const key of DATES_AND_TOOLS) {
    const value = now.get(key)
    if (value !== undefined && !isString(value) && !isName(value)) comparison.fault(where)
  }
}

const DEEPEST = 3
const WIDEST = 20

/** Extensions (7.12) name the rules a file follows; nothing of them is drawn. */
export function isPlainData(file: PdfFile, value: PdfValue | undefined, depth = 0): boolean {
  const resolved = file.resolve(value)
  if (depth > DEEPEST || isStream(resolved)) return false
  if (Array.isArray(resolved))
    return resolved.length <= WIDEST && resolved.every((each) => isPlainData(file, each, depth + 1))
  if (isDict(resolved))
    return resolved.size <= WIDEST && [...resolved.values()].every((each) => isPlainData(file, each, depth + 1))
  return true
}
