import { textOf } from './embedded-files.ts'
import { SigningError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { readPermissions } from './modified-permissions.ts'
import type { CertificationLevel, FieldLock } from './signature-references.ts'
import { isDict, isName, isString, type PdfDict } from './values.ts'
import { type FormField, readFields } from './verify-fields.ts'

/** The empty signature field that is there under a name, with the widget that shows it. */
export interface EmptyField {
  field: FormField
  widget: FormField | undefined
  lock: FieldLock | undefined
  seed: PdfDict | undefined
}

/**
 * Whether what was signed before lets this be signed too, and where: undefined stands for a field that has to be made.
 * @throws SigningError
 */
export function chooseField(
  file: PdfFile,
  { fieldName, certification }: { fieldName: string; certification?: CertificationLevel },
): EmptyField | undefined {
  const fields = readFields(file)
  const all = [...fields.values()]
  const signed = all.some(({ type, dict }) => type === 'Sig' && isDict(file.resolve(dict.get('V'))))
  if (certification !== undefined && (signed || file.catalog.has('Perms')))
    throw new SigningError('already-signed', 'a certification is the first signature of a document')
  const permissions = readPermissions(file, all)
  if (permissions.certified === 1) throw new SigningError('not-permitted', 'the document permits no further signature')
  if (permissions.isLocked(fieldName)) throw new SigningError('not-permitted', 'the field is locked by a signature')
  const named = all.filter(({ name }) => name === fieldName)
  if (named.length > 0) return emptyField(file, all, named)
  checkNewName(fieldName, all)
  return undefined
}

/** @throws SigningError */
export function checkNewName(name: string, fields: readonly FormField[]): void {
  if (name === '' || name.includes('.')) throw new SigningError('field-name', 'a new field’s name has no points')
  if (fields.some((each) => each.name === name)) throw new SigningError('name-taken', 'the name is another field’s')
}

/** Its widgets have its name too, having none of their own. */
function emptyField(file: PdfFile, all: readonly FormField[], named: readonly FormField[]): EmptyField {
  const [field, ...others] = named.filter(({ dict, parent }) => dict.has('T') || parent === undefined)
  const isOne = field && others.length === 0 && field.type === 'Sig'
  if (!isOne || file.resolve(field.dict.get('V')) !== null)
    throw new SigningError('name-taken', 'the field is signed already, or not one to sign in')
  const widgets = [field, ...all.filter(({ parent }) => parent === field.num)].filter(({ dict }) =>
    isName(file.resolve(dict.get('Subtype')), 'Widget'),
  )
  return {
    field,
    widget: widgets[0],
    lock: readLock(file, file.dict(field.dict.get('Lock'))),
    seed: file.dict(field.dict.get('SV')),
  }
}

const MOST_NAMES = 10_000

/** What is not understood locks everything. */
function readLock(file: PdfFile, lock: PdfDict | undefined): FieldLock | undefined {
  if (!lock) return undefined
  const action = file.resolve(lock.get('Action'))
  const names = (file.array(lock.get('Fields')) ?? []).slice(0, MOST_NAMES).map((each) => file.resolve(each))
  const level = file.resolve(lock.get('P'))
  const permissions = level === 1 || level === 2 || level === 3 ? level : undefined
  const known = isName(action, 'Include') || isName(action, 'Exclude')
  return known
    ? { action: action.name as 'Include' | 'Exclude', fields: names.filter(isString).map(textOf), permissions }
    : { action: 'All', permissions }
}
