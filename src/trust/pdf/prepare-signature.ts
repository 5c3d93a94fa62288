import { chooseField, type EmptyField } from './choose-field.ts'
import { type Appearance, checkRectangle, drawAppearance } from './draw-appearance.ts'
import { type EmptySignature, fillByteRange, type PreparedPdf, writeEmptySignature } from './empty-signature.ts'
import { PdfError, SigningError } from './errors.ts'
import { PdfFile } from './file.ts'
import { isOnPage } from './free-place.ts'
import { addToForm, addToPage, findPage, flagSignatures, setInCatalog } from './place-field.ts'
import { honourSeedValue } from './seed-value.ts'
import { type CertificationLevel, type FieldLock, lockDict, signatureReferences } from './signature-references.ts'
import { Update } from './update.ts'
import { isRef, type PdfDict, type PdfRef, type PdfValue } from './values.ts'
import { pdfDate, writeText, writeValue } from './write.ts'

export type { PreparedPdf } from './empty-signature.ts'

export interface SignatureField {
  fieldName: string
  /** The signer, as shown by viewers (/Name). */
  name?: string
  reason?: string
  location?: string
  /** The claimed time (/M): PAdES keeps it here, not in a signed attribute (EN 319 142-1, 5.3). */
  signingTime: Date
  /** Room for the CMS, bytes. */
  contentsSize?: number
  /** That it will be signed with; SHA-256 unless said. Only what an existing field asks for depends on it. */
  digestAlgorithm?: 'sha256' | 'sha384' | 'sha512'
  /** Makes it a certification of the document, which then is its first signature. */
  certification?: CertificationLevel
  /** Beside the lock that a field has which is there already. */
  lock?: FieldLock
  /** Absent: not seen, but where a field that is there has a size of its own. */
  appearance?: Appearance
}

/**
 * Adds an empty signature as an incremental update: the bytes before it stay as they are, so an earlier signature stays valid. An empty
 * field of that name is signed in as it asks for (lock, seed values); where there is none it is made, invisible unless an appearance
 * is asked for. PDF/A: an invisible one has no size and so needs no appearance, and no default resources are added.
 * @throws PdfError where the file cannot be signed
 * @throws SigningError where it cannot be signed so
 */
export function prepareSignature(pdf: Buffer, field: SignatureField): PreparedPdf {
  const update = openUpdate(pdf)
  const chosen = chooseField(update.file, field)
  const locks = [chosen?.lock, field.lock].filter((each) => each !== undefined)
  honourSeedValue(update.file, chosen?.seed, seedQuestion(field, locks.length > 0))
  const references = signatureReferences(update.file.trailer.get('Root') as PdfRef, { ...field, locks })
  const more = references.length > 0 ? `/Reference ${writeValue(references)} ` : ''
  const empty = emptySignature(field, more)
  const signature = update.reserve()
  const placed = update.write(signature, empty.text)
  if (chosen) fillField(update, field, chosen, signature)
  else addField(update, field, signature)
  if (field.certification !== undefined) setInCatalog(update, 'Perms', new Map([['DocMDP', signature as PdfValue]]))
  return fillByteRange(update.finish(), placed, empty)
}

function seedQuestion({ digestAlgorithm = 'sha256', reason, certification }: SignatureField, lock: boolean) {
  return {
    filter: 'Adobe.PPKLite',
    subFilter: 'ETSI.CAdES.detached',
    digestMethod: digestAlgorithm.toUpperCase(),
    reason,
    certification,
    lock,
  }
}

/** Signs in a field that is there: nothing of it changes but its value and, where it has a size, its look. */
function fillField(update: Update, field: SignatureField, { field: own, widget }: EmptyField, signature: PdfRef): void {
  const changes = new Map<number, Array<[string, PdfValue]>>([[own.num, [['V', signature]]]])
  const size = widget && sizeOf(update, widget.dict)
  if (widget && size) {
    const look = drawAppearance(update, ...size, linesOf(field))
    changes.set(widget.num, [...(changes.get(widget.num) ?? []), ['AP', new Map([['N', look as PdfValue]])]])
  }
  for (const [num, entries] of changes) {
    const place = update.file.placeOf(num)
    const gen = place !== undefined && place !== 'free' && 'gen' in place ? place.gen : 0
    update.change({ num, gen }, new Map([...(update.file.object(num) as PdfDict), ...entries]))
  }
  flagSignatures(update)
}

/** @returns width and height; undefined where it is not seen */
function sizeOf(update: Update, widget: PdfDict): [number, number] | undefined {
  const sides = (update.file.array(widget.get('Rect')) ?? []).map((each) => update.file.resolve(each))
  if (sides.length !== 4 || !sides.every((each) => typeof each === 'number')) return undefined
  const [width, height] = [Math.abs(sides[2]! - sides[0]!), Math.abs(sides[3]! - sides[1]!)]
  return width >= 1 && height >= 1 ? [width, height] : undefined
}

/** What is seen of a signature: who, why, where and when, without labels and so in every language. */
function linesOf({ appearance, name, reason, location, signingTime }: SignatureField): string[] {
  if (appearance?.lines) return [...appearance.lines]
  const time = signingTime.toISOString().slice(0, 16).replace('T', ' ')
  return [name, reason, location, `${time} UTC`].filter((each) => each !== undefined && each !== '') as string[]
}

function addField(update: Update, field: SignatureField, signature: PdfRef): void {
  const { appearance, fieldName } = field
  const lock: Array<[string, PdfValue]> = field.lock ? [['Lock', update.add(lockDict(field.lock))]] : []
  if (!appearance) {
    addInvisibleField(update, fieldName, signature, new Map(lock))
    return
  }
  checkRectangle(appearance.rectangle)
  const [left, bottom, right, top] = appearance.rectangle
  const page = findPage(update, appearance.page ?? 1)
  const dict = update.read(page)
  if (dict instanceof Map && !isOnPage(update.file, dict, appearance.rectangle))
    throw new SigningError('rectangle', 'the signature’s place is not on the page')
  const look = drawAppearance(update, right - left, top - bottom, linesOf(field))
  const more = new Map([...lock, ['AP', new Map([['N', look as PdfValue]])] as [string, PdfValue]])
  placeField(update, page, signatureWidget(fieldName, signature.num, page, { rectangle: appearance.rectangle, more }))
}

/** @throws PdfError where nothing can be added to the file */
export function openUpdate(pdf: Buffer): Update {
  const file = new PdfFile(pdf)
  if (file.encrypted) throw new PdfError('encrypted', 'the file cannot be signed')
  if (!isRef(file.trailer.get('Root'))) throw new PdfError('broken', 'the file cannot be signed')
  return new Update(file)
}

export function emptySignature(field: SignatureField, more = ''): EmptySignature {
  const optional = [
    ['Name', field.name],
    ['Reason', field.reason],
    ['Location', field.location],
  ].map(([key, text]) => (text ? `/${key} ${writeText(text)} ` : ''))
  const entries = `/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ${optional.join('')}${more}/M ${writeText(pdfDate(field.signingTime))}`
  return writeEmptySignature(entries, field.contentsSize)
}

/** A field without size on the first page, that shows nothing. */
export function addInvisibleField(update: Update, fieldName: string, signature: PdfRef, more?: PdfDict): void {
  const page = findPage(update, 1)
  placeField(update, page, signatureWidget(fieldName, signature.num, page, { more }))
}

function placeField(update: Update, page: PdfRef, text: string): void {
  const widget = update.reserve()
  update.write(widget, text)
  addToForm(update, widget)
  addToPage(update, page, widget)
}

export function signatureWidget(
  name: string,
  signature: number,
  page: PdfRef,
  { rectangle = [0, 0, 0, 0], more = new Map() }: { rectangle?: readonly number[]; more?: PdfDict } = {},
): string {
  const entries = [...more].map(([key, value]) => ` /${key} ${writeValue(value)}`).join('')
  // F 132: printed and locked.
  return `<< /Type /Annot /Subtype /Widget /FT /Sig /T ${writeText(name)} /V ${signature} 0 R /P ${page.num} ${page.gen} R /Rect ${writeValue([...rectangle])} /F 132${entries} >>`
}
