import { textOf } from './embedded-files.ts'
import type { PdfFile } from './file.ts'
import { isDict, isName, isString, type PdfDict, type PdfValue } from './values.ts'
import type { FormField } from './verify-fields.ts'

/** What the signatures of a revision let be done after them (ISO 32000-1, 12.8.2.2 and 12.8.2.4; ISO 32000-2, 12.7.5.5). */
export interface Permissions {
  /** Of a certification: 1 nothing, 2 filling and signing, 3 comments too (which are never taken as harmless here). */
  certified: number | undefined
  isLocked(fieldName: string): boolean
}

type Lock = (fieldName: string) => boolean

const MOST_NAMES = 10_000

export function readPermissions(file: PdfFile, fields: Iterable<FormField>): Permissions {
  const levels: number[] = []
  const locks: Lock[] = []
  const read = (signature: PdfDict | undefined) => {
    for (const each of file.array(signature?.get('Reference'))?.slice(0, 20) ?? []) {
      const reference = file.dict(each)
      const method = file.resolve(reference?.get('TransformMethod'))
      const params = file.dict(reference?.get('TransformParams'))
      if (isName(method, 'DocMDP')) levels.push(levelOf(file.resolve(params?.get('P')) ?? 2))
      if (!isName(method, 'FieldMDP')) continue
      locks.push(readLock(file, params))
      if (params?.has('P')) levels.push(levelOf(file.resolve(params.get('P'))))
    }
  }
  read(file.dict(file.dict(file.catalog.get('Perms'))?.get('DocMDP')))
  for (const { type, dict } of fields) {
    const signature = file.resolve(dict.get('V'))
    if (type !== 'Sig' || !isDict(signature)) continue
    read(signature)
    const lock = file.dict(dict.get('Lock'))
    if (!lock) continue
    locks.push(readLock(file, lock))
    if (lock.has('P')) levels.push(levelOf(file.resolve(lock.get('P'))))
  }
  return {
    certified: levels.length > 0 ? Math.min(...levels) : undefined,
    isLocked: (name) => locks.some((lock) => lock(name)),
  }
}

/** A level that is none forbids everything. */
const levelOf = (value: PdfValue): number => (value === 2 || value === 3 ? value : 1)

function readLock(file: PdfFile, params: PdfDict | undefined): Lock {
  const action = file.resolve(params?.get('Action'))
  const names = (file.array(params?.get('Fields')) ?? []).slice(0, MOST_NAMES).map((each) => file.resolve(each))
  const listed = new Set(names.filter(isString).map(textOf))
  // A field that is named stands for all those below it.
  const isListed = (name: string) => name.split('.').some((_, i, parts) => listed.has(parts.slice(0, i + 1).join('.')))
  if (isName(action, 'Include')) return isListed
  if (isName(action, 'Exclude')) return (name) => !isListed(name)
  return () => true
}

/** After a certification that permits nothing, only a time-stamp of the whole document may follow (ISO 32000-2, 12.8.2.2). */
export function maySign(file: PdfFile, value: PdfValue | undefined, { certified }: Permissions): boolean {
  const signature = file.resolve(value)
  if (!isDict(signature) || !signature.has('ByteRange') || !signature.has('Contents')) return false
  const type = file.resolve(signature.get('Type'))
  if (isName(type, 'DocTimeStamp')) return true
  return certified !== 1 && (type === null || isName(type, 'Sig'))
}
