import type { PdfFile } from './file.ts'
import { isDict, isName, isStream, type PdfValue } from './values.ts'

/** What an annotation may look like (12.5.5): forms, one or several by state. */
export function isAppearance(file: PdfFile, value: PdfValue | undefined): boolean {
  const appearance = file.resolve(value)
  if (!isDict(appearance) || appearance.size > 3) return false
  return [...appearance].every(([key, each]) => ['N', 'R', 'D'].includes(key) && isForm(file, each))
}

function isForm(file: PdfFile, value: PdfValue, nested = false): boolean {
  const form = file.resolve(value)
  if (isStream(form)) return isName(form.dict.get('Subtype'), 'Form')
  return !nested && isDict(form) && form.size < 100 && [...form.values()].every((each) => isForm(file, each, true))
}
