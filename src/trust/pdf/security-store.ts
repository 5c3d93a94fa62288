import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { ValidationData } from '#trust/validation/facts.ts'
import { PdfError } from './errors.ts'
import { catalogOf, setInCatalog } from './place-field.ts'
import { openUpdate } from './prepare-signature.ts'
import type { Update } from './update.ts'
import { isDict, isName, isRef, isStream, type PdfDict, type PdfRef, type PdfValue } from './values.ts'

/** What one signature needs, named by the signature (EN 319 142-1, 5.4.2.3). */
export interface RelatedData {
  /** Of the signature's /Contents, padding and all, as the file has them. */
  contents: Uint8Array
  data: ValidationData
}

export interface SecurityStoreOptions {
  /** Optional by the standard; readers find what they need in the lists of all. */
  related?: readonly RelatedData[]
}

/**
 * Appends certificates, lists and answers to the document security store (EN 319 142-1, 5.4.2.2; ISO 32000-2, 12.8.4.3): B-LT. What is
 * there already is not written again. The file grows by an incremental update; earlier signatures stay what they were.
 * @throws PdfError
 */
export function addSecurityStore(pdf: Buffer, data: ValidationData, options: SecurityStoreOptions = {}): Buffer {
  const update = openUpdate(pdf)
  growSecurityStore(update, data, options)
  return update.finish()
}

const LISTS = [
  ['Certs', 'Cert', 'certificates'],
  ['OCSPs', 'OCSP', 'ocspResponses'],
  ['CRLs', 'CRL', 'crls'],
] as const

export function growSecurityStore(
  update: Update,
  data: ValidationData,
  { related = [] }: SecurityStoreOptions = {},
): void {
  const { dict: catalog } = catalogOf(update)
  const value = catalog.get('DSS')
  const before = update.read(value)
  const store: PdfDict = new Map(isDict(before) ? before : [['Type', { name: 'DSS' }]])
  const known = new Map<string, PdfRef>()
  for (const [all, , field] of LISTS) {
    const kept = update.read(store.get(all))
    const list = Array.isArray(kept) ? [...kept] : []
    for (const each of list) remember(update, each, known)
    const wanted = [data, ...related.map((one) => one.data)].flatMap((one) => one[field])
    for (const each of wanted) if (!known.has(digestOf(each))) list.push(keep(update, each, known))
    if (list.length > 0) store.set(all, list)
  }
  if (related.length > 0) store.set('VRI', relatedOf(update, store.get('VRI'), related, known))
  if (isRef(value)) update.change(value, store)
  else setInCatalog(update, 'DSS', update.add(store))
  declareExtension(update)
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')

function keep(update: Update, bytes: Uint8Array, known: Map<string, PdfRef>): PdfRef {
  const packed = deflateSync(bytes)
  const isSmaller = packed.length < bytes.length
  const entries: PdfDict = new Map(isSmaller ? [['Filter', { name: 'FlateDecode' }]] : [])
  const ref = update.addStream(entries, isSmaller ? packed : bytes)
  known.set(digestOf(bytes), ref)
  return ref
}

/** What cannot be read is there as it is, and does not count as there. */
function remember({ file }: Update, value: PdfValue, known: Map<string, PdfRef>): void {
  try {
    const stream = file.resolve(value)
    if (isRef(value) && isStream(stream)) known.set(digestOf(file.data(stream)), value)
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
  }
}

function relatedOf(
  update: Update,
  value: PdfValue | undefined,
  related: readonly RelatedData[],
  known: ReadonlyMap<string, PdfRef>,
): PdfDict {
  const before = update.read(value)
  const all: PdfDict = new Map(isDict(before) ? before : [])
  for (const { contents, data } of related) {
    const key = createHash('sha1').update(contents).digest('hex').toUpperCase()
    const lists = LISTS.map(([, one, field]): [string, PdfValue] => [
      one,
      data[field].map((each) => known.get(digestOf(each))!),
    ])
    all.set(key, new Map(lists.filter(([, list]) => (list as PdfValue[]).length > 0)))
  }
  return all
}

/** What a file of an earlier version has to say (EN 319 142-1, 5.5); from PDF 2.0 on it is part of the language. */
export function declareExtension(update: Update): void {
  const { dict: catalog } = catalogOf(update)
  const version = update.read(catalog.get('Version'))
  const header = update.file.bytes.toString('latin1', 0, 1024).match(/%PDF-(\d)\./)?.[1]
  if (header === '2' || (isName(version) && version.name.startsWith('2.'))) return
  const before = update.read(catalog.get('Extensions'))
  const extensions: PdfDict = new Map(isDict(before) ? before : [])
  const own = update.read(extensions.get('ESIC'))
  const level = isDict(own) ? update.read(own.get('ExtensionLevel')) : undefined
  if (typeof level === 'number' && level >= LEVEL) return
  const esic = new Map<string, PdfValue>([
    ['Type', { name: 'DeveloperExtensions' }],
    ['BaseVersion', { name: '1.7' }],
    ['ExtensionLevel', LEVEL],
  ])
  setInCatalog(update, 'Extensions', new Map<string, PdfValue>([...extensions, ['ESIC', esic]]))
}

/** Of the extension that has security stores and document time-stamps. */
const LEVEL = 5
