import type { Box } from './box.ts'
import type { PdfFile } from './file.ts'
import { isAppearance } from './modified-appearance.ts'
import type { RevisionComparison } from './modified-objects.ts'
import { maySign, type Permissions } from './modified-permissions.ts'
import { isDict, isName, isRef, type PdfDict, type PdfRef, type PdfValue } from './values.ts'
import type { FormField } from './verify-fields.ts'

/** A signature field that was not there before. */
export interface NewField {
  name: string
  /** Number of the object that a page shows: the field's own, or of its one widget. */
  widget: number
  /** Undefined where it is not seen. */
  seen: Box | undefined
}

/** Flag of an annotation (12.5.3). */
const HIDDEN = 2
/** Of a field, or of field and widget in one (12.7.3, 12.5.2). */
const KEYS = [
  ...[
    'FT',
    'T',
    'TU',
    'TM',
    'V',
    'DV',
    'Ff',
    'Lock',
    'SV',
    'DA',
    'Type',
    'Subtype',
    'F',
    'Rect',
    'P',
    'AP',
    'MK',
    'NM',
    'M',
  ],
  ...['Border', 'BS', 'Kids'],
]
const KEYS_OF_A_WIDGET = ['Parent', 'Type', 'Subtype', 'F', 'Rect', 'P', 'AP', 'MK', 'NM', 'M', 'Border', 'BS', 'DA']

/**
 * @returns an added field, undefined where it may not be added. One that is seen shows what nobody has signed before, so it has to be
 * signed, and no certification may be there; whether its place was empty is for its page to say.
 */
export function newSignatureField(
  comparison: RevisionComparison,
  { fields, permissions }: { fields: ReadonlyMap<number, FormField>; permissions: Permissions },
  value: PdfValue,
): NewField | undefined {
  if (!comparison.isNew(value)) return undefined
  const file = comparison.after
  const field = fields.get(value.num)
  if (field?.type !== 'Sig' || !field.dict.has('FT') || field.parent !== undefined || field.name === '')
    return undefined
  if (!hasOnly(field.dict, KEYS) || !isOneValue(field.dict)) return undefined
  const widget = widgetOf(comparison, value)
  const signature = field.dict.get('V')
  const fine = signature === undefined ? permissions.certified !== 1 : isFresh(comparison, signature, permissions)
  if (!fine || !widget) return undefined
  const found = { name: field.name, widget: widget.ref.num }
  if (isUnseen(file, widget.dict)) return { ...found, seen: undefined }
  const mayBeSeen = signature !== undefined && permissions.certified === undefined && !isStamp(file, signature)
  const seen = sidesOf(file, widget.dict)
  return mayBeSeen && seen && isAppearance(file, widget.dict.get('AP')) ? { ...found, seen } : undefined
}

const hasOnly = (dict: PdfDict, keys: readonly string[]): boolean => [...dict.keys()].every((key) => keys.includes(key))

/** Some programs name the signature as the field's default value too. */
function isOneValue(dict: PdfDict): boolean {
  const [value, byDefault] = [dict.get('V'), dict.get('DV')]
  return byDefault === undefined || (isRef(byDefault) && isRef(value) && byDefault.num === value.num)
}

/** The field itself, or its one kid. */
function widgetOf(comparison: RevisionComparison, field: PdfRef): { ref: PdfRef; dict: PdfDict } | undefined {
  const file = comparison.after
  const own = file.resolve(field)
  if (!isDict(own)) return undefined
  if (!own.has('Kids')) return { ref: field, dict: own }
  const [kid, ...others] = file.array(own.get('Kids')) ?? []
  const dict = file.resolve(kid)
  const fine = comparison.isNew(kid) && isDict(dict) && others.length === 0 && hasOnly(dict, KEYS_OF_A_WIDGET)
  return fine && !own.has('Rect') && !own.has('AP') ? { ref: kid, dict } : undefined
}

const isStamp = (file: PdfFile, signature: PdfValue): boolean =>
  isName(file.resolve(file.dict(signature)?.get('Type')), 'DocTimeStamp')

const isFresh = (comparison: RevisionComparison, signature: PdfValue, permissions: Permissions): boolean =>
  comparison.isNew(signature) && maySign(comparison.after, signature, permissions)

export function isUnseen(file: PdfFile, widget: PdfDict): boolean {
  const flags = file.resolve(widget.get('F')) ?? 0
  if (typeof flags !== 'number') return false
  if ((flags & HIDDEN) !== 0 || !widget.has('Rect')) return true
  const sides = sidesOf(file, widget)
  return sides !== undefined && (sides[0] === sides[2] || sides[1] === sides[3])
}

export function sidesOf(file: PdfFile, widget: PdfDict): Box | undefined {
  const sides = (file.array(widget.get('Rect')) ?? []).map((each) => file.resolve(each))
  return sides.length === 4 && sides.every((each) => typeof each === 'number') ? (sides as unknown as Box) : undefined
}
