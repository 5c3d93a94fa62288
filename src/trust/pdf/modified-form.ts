import type { Box } from './box.ts'
import type { PdfFile } from './file.ts'
import { isAppearance } from './modified-appearance.ts'
import { isUnseen, newSignatureField, sidesOf } from './modified-new-field.ts'
import { type RevisionComparison, samePlain } from './modified-objects.ts'
import { maySign, type Permissions, readPermissions } from './modified-permissions.ts'
import { isDict, isName, isRef, isString, type PdfDict, type PdfValue } from './values.ts'
import { type FormField, readFields } from './verify-fields.ts'

export interface FormComparison {
  /** Signature fields that were not there before, by the numbers of their widgets: where they are seen, undefined where they are not. */
  added: ReadonlyMap<number, Box | undefined>
  /** Where a signature field that was there before is seen, if it looks another way now. */
  relooked(widget: PdfValue): Box | undefined
  /** Called for the catalog's /AcroForm. */
  compare(before: PdfValue | undefined, after: PdfValue | undefined): void
}

const FORM = 'The form was changed in ways other than signing.'
const FIELD = 'A field of the form was changed in a way that the signature does not permit.'
const NEW_FIELD = 'A field was added that is not a signature field, or that may not be seen.'

/** Flags of an annotation (12.5.3) that signing may set: printed, locked. */
const PRINT_AND_LOCKED = 4 | 128
const MOST_ADDED = 200
/** Of the budget: a field takes that much longer than a value. */
const FIELD_COST = 8

/** Fields may be signed and signature fields be added; others be filled where a certification permits it. */
export function prepareForm(comparison: RevisionComparison): FormComparison {
  const fields = readFields(comparison.before)
  comparison.spend(FIELD_COST * fields.size)
  const permissions = readPermissions(comparison.before, fields.values())
  const names = new Set([...fields.values()].map(({ name }) => name))
  const added = new Map<number, Box | undefined>()
  for (const field of fields.values())
    comparison.known.set(field.num, (before, after) =>
      compareField({ comparison, fields, permissions }, field, before, after),
    )
  return {
    added,
    relooked: (widget) => relookedAt(comparison, fields, widget),
    compare(beforeForm, afterForm) {
      const before = comparison.before.dict(beforeForm) ?? new Map<string, PdfValue>()
      const after = comparison.after.resolve(afterForm)
      if (!isDict(after)) {
        comparison.fault(FORM)
        return
      }
      compareFormKeys(comparison, before, after)
      const old = comparison.before.array(before.get('Fields')) ?? []
      const now = comparison.after.array(after.get('Fields')) ?? []
      for (const [i, each] of old.entries()) comparison.same(each, now[i], FORM)
      if (now.length - old.length > MOST_ADDED) {
        comparison.fault(NEW_FIELD)
        return
      }
      const later = now.length > old.length ? readFields(comparison.after) : fields
      for (const each of now.slice(old.length)) {
        const field = newSignatureField(comparison, { fields: later, permissions }, each)
        if (field === undefined || names.has(field.name)) comparison.fault(NEW_FIELD)
        else added.set(field.widget, field.seen)
        if (field !== undefined) names.add(field.name)
      }
    },
  }
}

function relookedAt(
  { before, after }: RevisionComparison,
  fields: ReadonlyMap<number, FormField>,
  widget: PdfValue,
): Box | undefined {
  if (!isRef(widget) || fields.get(widget.num)?.type !== 'Sig') return undefined
  const look = (file: PdfFile): PdfValue => file.resolve(file.dict(file.dict(widget)?.get('AP'))?.get('N'))
  if (look(before) === look(after)) return undefined
  const dict = after.dict(widget)
  return dict && isUnseen(after, dict) ? undefined : dict && sidesOf(after, dict)
}

function compareFormKeys(comparison: RevisionComparison, before: PdfDict, after: PdfDict): void {
  comparison.sameKeys(before, after, FORM, ['Fields', 'SigFlags', 'DR', 'DA', 'NeedAppearances'])
  const needs = (file: PdfFile, form: PdfDict) => file.resolve(form.get('NeedAppearances')) ?? false
  if (needs(comparison.before, before) !== needs(comparison.after, after)) comparison.fault(FORM)
  const flagsOf = (file: PdfFile, form: PdfDict) => file.resolve(form.get('SigFlags')) ?? 0
  const [old, now] = [flagsOf(comparison.before, before), flagsOf(comparison.after, after)]
  if (typeof old !== 'number' || typeof now !== 'number' || (old & ~now) !== 0 || (now & ~3) !== 0)
    comparison.fault(FORM)
  if (before.has('DA')) comparison.same(before.get('DA'), after.get('DA'), FORM)
  if (before.has('DR')) compareResources(comparison, before.get('DR'), after.get('DR'), 0)
}

/** Resources of the form may be added; those there are stay what they are. */
function compareResources(
  comparison: RevisionComparison,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
  depth: number,
): void {
  const [old, now] = [comparison.before.resolve(before), comparison.after.resolve(after)]
  if (depth > 1 || !isDict(old) || !isDict(now)) {
    comparison.same(before, after, FORM)
    return
  }
  for (const [key, value] of old) compareResources(comparison, value, now.get(key), depth + 1)
}

interface FieldRules {
  comparison: RevisionComparison
  fields: ReadonlyMap<number, FormField>
  permissions: Permissions
}

function compareField(rules: FieldRules, field: FormField, before: PdfValue, after: PdfValue): void {
  const { comparison } = rules
  if (!isDict(before) || !isDict(after)) {
    comparison.fault(FIELD)
    return
  }
  const allowed = field.type === 'Sig' ? signedNow(rules, field) : filledNow(rules, field)
  if (!allowed) {
    comparison.same(before, after, FIELD)
    return
  }
  const isSignature = field.type === 'Sig'
  comparison.sameKeys(before, after, FIELD, isSignature ? ['V', 'AP', 'F'] : ['V', 'AP', 'AS', 'I', 'M'])
  if (after.has('AP') && !isAppearance(comparison.after, after.get('AP'))) comparison.fault(FIELD)
  if (!isSignature && !isDate(comparison.after.resolve(after.get('M')))) comparison.fault(FIELD)
  if (isSignature && !sameVisibility(before.get('F'), after.get('F'))) comparison.fault(FIELD)
}

/** The field, or the one that the widget belongs to, had no signature and has one now. */
function signedNow({ comparison, fields, permissions }: FieldRules, field: FormField): boolean {
  const owner = ownerOf(fields, field, comparison.after)
  const value = owner && comparison.after.dict(ref(owner))?.get('V')
  if (!owner || comparison.before.resolve(owner.dict.get('V')) !== null || !comparison.isNew(value)) return false
  return !permissions.isLocked(owner.name) && maySign(comparison.after, value, permissions)
}

function filledNow({ comparison, fields, permissions }: FieldRules, field: FormField): boolean {
  const owner = ownerOf(fields, field, comparison.after)
  if (!owner || (permissions.certified ?? 1) < 2 || permissions.isLocked(owner.name)) return false
  const old = comparison.before.resolve(owner.dict.get('V'))
  const now = comparison.after.resolve(comparison.after.dict(ref(owner))?.get('V'))
  return isEntry(now) && !(samePlain(old, now) || (Array.isArray(old) && Array.isArray(now) && sameList(old, now)))
}

const ref = ({ num }: FormField): PdfValue => ({ num, gen: 0 })

const sameList = (old: PdfValue[], now: PdfValue[]): boolean =>
  old.length === now.length && old.every((each, i) => samePlain(each, now[i]))

const isEntry = (value: PdfValue): boolean =>
  isString(value) || isName(value) || (Array.isArray(value) && value.every((each) => isString(each)))

/** A widget takes its value from the first field above it that has one. */
function ownerOf(fields: ReadonlyMap<number, FormField>, field: FormField, file: PdfFile): FormField | undefined {
  for (
    let each: FormField | undefined = field;
    each;
    each = each.parent === undefined ? undefined : fields.get(each.parent)
  )
    if (file.dict(ref(each))?.has('V')) return each
  return undefined
}

/** When it was filled, which some programs note. */
const isDate = (value: PdfValue): boolean => value === null || isString(value)

function sameVisibility(before: PdfValue | undefined, after: PdfValue | undefined): boolean {
  const [old, now] = [before ?? 0, after ?? 0]
  return typeof old === 'number' && typeof now === 'number' && (old | PRINT_AND_LOCKED) === (now | PRINT_AND_LOCKED)
}
