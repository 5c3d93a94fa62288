import type { ValidationData } from '#trust/validation/facts.ts'
import { checkNewName } from './choose-field.ts'
import { fillByteRange, type PreparedPdf, writeEmptySignature } from './empty-signature.ts'
import { addInvisibleField, openUpdate } from './prepare-signature.ts'
import { declareExtension, growSecurityStore } from './security-store.ts'
import { readFields } from './verify-fields.ts'

export interface DocumentTimestampField {
  fieldName: string
  /** Room for the token, bytes. */
  contentsSize: number
  /** Stored in the same update, and so covered by the time-stamp. */
  data?: ValidationData
}

/**
 * Adds an empty time-stamp of the whole document (EN 319 142-1, 5.4.3; ISO 32000-2, 12.8.5): B-LTA, and each renewal of it. The token,
 * over `byteRangeDigest`, is put in with `insertSignature`.
 * @throws PdfError
 * @throws SigningError where the name is another field's
 */
export function prepareDocumentTimestamp(pdf: Buffer, field: DocumentTimestampField): PreparedPdf {
  const update = openUpdate(pdf)
  checkNewName(field.fieldName, [...readFields(update.file).values()])
  if (field.data && Object.values(field.data).some(({ length }) => length > 0)) growSecurityStore(update, field.data)
  else declareExtension(update)
  const empty = writeEmptySignature(
    '/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161',
    field.contentsSize,
  )
  const signature = update.reserve()
  const placed = update.write(signature, empty.text)
  addInvisibleField(update, field.fieldName, signature)
  return fillByteRange(update.finish(), placed, empty)
}
