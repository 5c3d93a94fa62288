import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { isDict, isName, isStream, type PdfDict, type PdfValue } from './values.ts'

export interface PdfInspection {
  /** Why it cannot be read, if it cannot. */
  broken: PdfError | undefined
  encrypted: boolean
  /** Something in it acts by itself: scripts, launching, files that run, movies, forms of the XFA kind. */
  active: boolean
  embeddedFiles: number
}

const ACTIVE_ACTIONS = new Set([
  'JavaScript',
  'Launch',
  'ImportData',
  'Rendition',
  'Movie',
  'Sound',
  'RichMediaExecute',
  'SubmitForm',
  'GoToE',
])
const ACTIVE_ANNOTATIONS = new Set(['Movie', 'Sound', 'Screen', 'RichMedia', '3D'])
const ACTIVE_KEYS = ['JS', 'JavaScript', 'XFA', 'RichMediaContent']
const MOST_OBJECTS = 200_000

/**
 * Looks at every object of the file, also at those nothing refers to: what a reader might be tricked into finding counts.
 * Never throws for what the bytes are.
 */
export function inspectPdf(bytes: Buffer): PdfInspection {
  const result: PdfInspection = { broken: undefined, encrypted: false, active: false, embeddedFiles: 0 }
  try {
    const file = new PdfFile(bytes)
    if (file.encrypted) return { ...result, encrypted: true }
    const numbers = new Set(file.sections.flatMap(({ entries }) => [...entries.keys()]))
    if (numbers.size > MOST_OBJECTS) throw new PdfError('too-large', 'the file has too many objects')
    for (const number of numbers) look(file.object(number), result, 0)
    if (!isDict(file.catalog.get('Pages')) && !file.dict(file.catalog.get('Pages')))
      throw new PdfError('broken', 'the file has no pages')
    return result
  } catch (error) {
    if (error instanceof PdfError || error instanceof RangeError)
      return {
        ...result,
        broken: error instanceof PdfError ? error : new PdfError('too-deep', 'the file is nested too deeply'),
      }
    throw error
  }
}

function look(value: PdfValue, result: PdfInspection, depth: number): void {
  if (depth > 64) throw new PdfError('too-deep', 'objects are nested too deeply')
  if (Array.isArray(value)) for (const each of value) look(each, result, depth + 1)
  else if (isStream(value)) lookAt(value.dict, result, depth)
  else if (isDict(value)) lookAt(value, result, depth)
}

function lookAt(dict: PdfDict, result: PdfInspection, depth: number): void {
  const action = dict.get('S')
  const subtype = dict.get('Subtype')
  if (isName(action) && ACTIVE_ACTIONS.has(action.name)) result.active = true
  if (isName(subtype) && ACTIVE_ANNOTATIONS.has(subtype.name)) result.active = true

  if (ACTIVE_KEYS.some((key) => dict.has(key))) result.active = true
  if (dict.has('EF')) {
    result.embeddedFiles += 1
    if (runs(dict)) result.active = true
  }
  for (const each of dict.values()) look(each, result, depth + 1)
}

/** Names that an operating system would run. */
function runs(specification: PdfDict): boolean {
  const name = specification.get('UF') ?? specification.get('F')
  const text =
    typeof name === 'object' && name !== null && 'bytes' in name
      ? name.bytes.toString('latin1').replaceAll('\0', '')
      : ''
  return /\.(exe|com|bat|cmd|ps1|vbs|js|jar|msi|scr|sh|app|dmg|hta|lnk|docm|xlsm|pptm)$/i.test(text)
}
