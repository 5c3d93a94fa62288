import { type EmptySignature, fillByteRange, type PreparedPdf, writeEmptySignature } from './empty-signature.ts'
import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { addToForm, addToPage, findPage } from './place-field.ts'
import { Update } from './update.ts'
import { isRef, type PdfRef } from './values.ts'
import { pdfDate, writeText } from './write.ts'

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
}

/**
 * Adds an empty, invisible signature field as an incremental update: the bytes before it stay as they are, so an earlier
 * signature stays valid. PDF/A: the widget has no size and so needs no appearance, and no default resources are added.
 * @throws PdfError
 */
export function prepareSignature(pdf: Buffer, field: SignatureField): PreparedPdf {
  const update = openUpdate(pdf)
  const empty = emptySignature(field)
  const signature = update.reserve()
  const placed = update.write(signature, empty.text)
  addInvisibleField(update, field.fieldName, signature)
  return fillByteRange(update.finish(), placed, empty)
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
export function addInvisibleField(update: Update, fieldName: string, signature: PdfRef): void {
  const page = findPage(update, 1)
  const widget = update.reserve()
  update.write(widget, signatureWidget(fieldName, signature.num, page))
  addToForm(update, widget)
  addToPage(update, page, widget)
}

export function signatureWidget(name: string, signature: number, page: PdfRef): string {
  // F 132: printed and locked.
  return `<< /Type /Annot /Subtype /Widget /FT /Sig /T ${writeText(name)} /V ${signature} 0 R /P ${page.num} ${page.gen} R /Rect [0 0 0 0] /F 132 >>`
}
