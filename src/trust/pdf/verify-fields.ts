import type { ByteRange } from './byte-range.ts'
import { textOf } from './embedded-files.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isDict, isName, isRef, isStream, isString, type PdfDict, type PdfString, type PdfValue } from './values.ts'

/** A dictionary that signs, wherever it stands. */
export interface SignatureDict {
  /** The object it is, or is part of. */
  object: number
  dict: PdfDict
  fieldName: string | undefined
  /** It lies in an object stream: its offsets are not the file's. */
  packed: boolean
}

export interface FormField {
  num: number
  dict: PdfDict
  name: string
  /** /FT, its own or inherited. */
  type: string | undefined
  parent: number | undefined
}

const MOST_FIELDS = 20_000
const DEEPEST_FIELD = 32
const LONGEST_NAME = 4000
const MOST_OBJECTS = 200_000
const MOST_SIGNATURES = 50

const known = new WeakMap<PdfFile, ReadonlyMap<number, FormField>>()

/** The fields and widgets of the form (ISO 32000-1, 12.7.3), each once, parents first. @throws PdfError */
export function readFields(file: PdfFile): ReadonlyMap<number, FormField> {
  const fields = known.get(file) ?? walkFields(file)
  known.set(file, fields)
  return fields
}

function walkFields(file: PdfFile): ReadonlyMap<number, FormField> {
  const fields = new Map<number, FormField>()
  const visit = (value: PdfValue, parent: FormField | undefined, depth: number): void => {
    if (!isRef(value) || fields.has(value.num)) return
    if (depth > DEEPEST_FIELD || fields.size >= MOST_FIELDS) throw new PdfError('too-large', 'the form is too large')
    const dict = file.resolve(value)
    if (!isDict(dict)) return
    const name = nameOf(file, dict, parent)
    const type = file.resolve(dict.get('FT'))
    const field: FormField = {
      num: value.num,
      dict,
      name,
      type: isName(type) ? type.name : parent?.type,
      parent: parent?.num,
    }
    fields.set(value.num, field)
    for (const kid of file.array(dict.get('Kids')) ?? []) visit(kid, field, depth + 1)
  }
  const form = file.dict(file.catalog.get('AcroForm'))
  for (const field of file.array(form?.get('Fields')) ?? []) visit(field, undefined, 0)
  return fields
}

/** Of parts and points (12.7.3.2); a widget has no part of its own. */
function nameOf(file: PdfFile, dict: PdfDict, parent: FormField | undefined): string {
  const partial = file.resolve(dict.get('T'))
  const parts = [parent?.name ?? '', isString(partial) ? textOf(partial) : ''].filter((each) => each !== '')
  const name = parts.join('.')
  if (name.length > LONGEST_NAME) throw new PdfError('too-large', 'a field has too long a name')
  return name
}

/** Every dictionary of the file that signs or says so, those that no field refers to among them. @throws PdfError */
export function findSignatures(file: PdfFile): SignatureDict[] {
  const names = new Map<number, string>()
  const found: SignatureDict[] = []
  for (const { dict, name } of readFields(file).values()) {
    const value = dict.get('V')
    if (isRef(value)) names.set(value.num, name)
  }
  const rights = usageRights(file)
  const numbers = new Set(file.sections.flatMap(({ entries }) => [...entries.keys()]))
  if (numbers.size > MOST_OBJECTS) throw new PdfError('too-large', 'the file has too many objects')
  for (const num of numbers) {
    const place = file.placeOf(num)
    if (place === undefined || place === 'free') continue
    const packed = 'stream' in place
    const look = (value: PdfValue, top: boolean): void => {
      if (Array.isArray(value)) for (const each of value) look(each, false)
      const dict = isStream(value) ? value.dict : value
      if (!isDict(dict)) return
      const isRight = top && rights.has(num) && !names.has(num)
      if (signs(dict) && !isRight)
        found.push({ object: num, dict, fieldName: top ? names.get(num) : undefined, packed })
      for (const each of dict.values()) if (typeof each === 'object') look(each, false)
    }
    look(file.object(num), true)
    if (found.length > MOST_SIGNATURES) throw new PdfError('too-large', 'the file has too many signatures')
  }
  return found
}

/** Signatures that let a viewer do more with a form (12.8.2.3): no one's word on what the document says. */
function usageRights(file: PdfFile): Set<number> {
  const permissions = file.dict(file.catalog.get('Perms'))
  return new Set(['UR', 'UR3'].flatMap((key) => numberOf(permissions?.get(key))))
}

const numberOf = (value: PdfValue | undefined): number[] => (isRef(value) ? [value.num] : [])

/** Full names that two fields have of which one is for signatures: a reader cannot tell which is meant. */
export function sharedNames(file: PdfFile): Set<string> {
  const seen = new Map<string, boolean>()
  const shared = new Set<string>()
  for (const { name, type, dict, parent } of readFields(file).values()) {
    if (name === '' || (!dict.has('T') && parent !== undefined)) continue
    if (seen.has(name) && (type === 'Sig' || seen.get(name))) shared.add(name)
    seen.set(name, type === 'Sig' || seen.get(name) === true)
  }
  return shared
}

function signs(dict: PdfDict): boolean {
  const type = dict.get('Type')
  const says = isName(type, 'Sig') || isName(type, 'DocTimeStamp')
  return says ? dict.has('Contents') || dict.has('ByteRange') : dict.has('Contents') && dict.has('ByteRange')
}

export type GapReading = { ok: true; byteRange: ByteRange; contents: Buffer } | { ok: false; detail: string }

/**
 * What a signature covers: all from the first byte on, but for its own /Contents, hexadecimal digits in angle brackets and
 * nothing else. Anything looser lets what is not covered be read as part of the document.
 */
export function readGap(file: PdfFile, { dict, packed }: SignatureDict): GapReading {
  const refuse = (detail: string): GapReading => ({ ok: false, detail })
  const range = file.array(dict.get('ByteRange'))
  const contents = dict.get('Contents')
  if (packed || !isString(contents) || !contents.hex) return refuse('/Contents is not a hexadecimal string of its own')
  if (range?.length !== 4 || !range.every(isOffset)) return refuse('the byte range is not four numbers')
  const [a, b, c, d] = range as [number, number, number, number]
  if (a !== 0) return refuse('the byte range does not begin with the file')
  if (b !== contents.start || c !== contents.end) return refuse('the gap of the byte range is not /Contents')
  if (c + d > file.bytes.length) return refuse('the byte range ends after the file')
  if (!isPlainHex(file.bytes, contents)) return refuse('/Contents holds more than digits')
  return { ok: true, byteRange: [a, b, c, d], contents: contents.bytes }
}

const isOffset = (value: PdfValue): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Of one case, so that not even a letter can be exchanged for its other form. */
const isPlainHex = (bytes: Buffer, { start, end }: PdfString): boolean =>
  /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(bytes.toString('latin1', start + 1, end - 1))
