import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { isDict, isName, isStream, isString, type PdfDict, type PdfValue } from './values.ts'

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
/** Links that run something of the reader's own instead of leading somewhere. */
const ACTIVE_ADDRESS = /^\s*(javascript|vbscript|data|file):/i
/** Names that an operating system, or an office program, would run. */
const RUN_BY_NAME =
  /\.(exe|com|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|jar|msi|msp|scr|cpl|pif|reg|dll|sh|bash|py|pl|app|dmg|pkg|apk|iso|img|hta|lnk|url|docm|dotm|xlsm|xltm|xlam|xll|pptm|ppam)$/i
/** How programs begin: Windows, Linux, scripts, macOS, Java. */
const RUN_BY_START = [
  'MZ',
  '\x7fELF',
  '#!',
  '\xfe\xed\xfa\xce',
  '\xfe\xed\xfa\xcf',
  '\xce\xfa\xed\xfe',
  '\xcf\xfa\xed\xfe',
  '\xca\xfe\xba\xbe',
]
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
    for (const number of numbers) look(file, file.object(number), result, 0)
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

function look(file: PdfFile, value: PdfValue, result: PdfInspection, depth: number): void {
  if (depth > 64) throw new PdfError('too-deep', 'objects are nested too deeply')
  if (Array.isArray(value)) for (const each of value) look(file, each, result, depth + 1)
  else if (isStream(value)) lookAt(file, value.dict, result, depth)
  else if (isDict(value)) lookAt(file, value, result, depth)
}

function lookAt(file: PdfFile, dict: PdfDict, result: PdfInspection, depth: number): void {
  // A reader follows references everywhere: what an action is may stand in an object of its own.
  const action = file.resolve(dict.get('S'))
  const subtype = file.resolve(dict.get('Subtype'))
  if (isName(action) && ACTIVE_ACTIONS.has(action.name)) result.active = true
  if (isName(action, 'URI') && ACTIVE_ADDRESS.test(textOf(file, dict.get('URI')))) result.active = true
  if (isName(subtype) && ACTIVE_ANNOTATIONS.has(subtype.name)) result.active = true
  if (ACTIVE_KEYS.some((key) => dict.has(key))) result.active = true
  if (dict.has('EF')) {
    result.embeddedFiles += 1
    if (runs(file, dict)) result.active = true
  }
  for (const each of dict.values()) look(file, each, result, depth + 1)
}

/** By any of the names it is given, and by what is inside whatever its names say. */
function runs(file: PdfFile, specification: PdfDict): boolean {
  const names = ['UF', 'F', 'DOS', 'Mac', 'Unix'].map((key) => textOf(file, specification.get(key)))
  // A system that runs by the name looks past these ends.
  if (names.some((name) => RUN_BY_NAME.test(name.replace(/[\s.]+$/, '')))) return true
  const embedded = file.dict(specification.get('EF')) ?? new Map()
  return [...embedded.values()].some((value) => runsInside(file, value))
}

function runsInside(file: PdfFile, value: PdfValue): boolean {
  const stream = file.resolve(value)
  if (!isStream(stream)) return false
  try {
    const start = file.data(stream).subarray(0, 4).toString('latin1')
    return RUN_BY_START.some((each) => start.startsWith(each))
  } catch (error) {
    // Packed in a way that is not looked into.
    if (error instanceof PdfError) return true
    throw error
  }
}

function textOf(file: PdfFile, value: PdfValue | undefined): string {
  const resolved = file.resolve(value)
  return isString(resolved) ? resolved.bytes.toString('latin1').replaceAll('\0', '') : ''
}
