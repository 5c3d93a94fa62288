import { isDict, isName, isRef, isStream, isString, type PdfString, type PdfValue } from './values.ts'

/** An object as PDF text, for an incremental update; strings are written in hexadecimal, so that no byte needs escaping. */
export function writeValue(value: PdfValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '')
  if (isName(value))
    return `/${value.name.replace(/[^!-~]|[#()<>[\]{}/%]/g, (each) => `#${each.charCodeAt(0).toString(16).padStart(2, '0')}`)}`
  if (isRef(value)) return `${value.num} ${value.gen} R`
  if (isString(value)) return `<${value.bytes.toString('hex')}>`
  if (Array.isArray(value)) return `[${value.map(writeValue).join(' ')}]`
  if (isStream(value)) throw new TypeError('a stream is not written inside another object')
  if (isDict(value))
    return `<< ${[...value].map(([key, each]) => `${writeValue({ name: key })} ${writeValue(each)}`).join(' ')} >>`
  throw new TypeError('not a PDF object')
}

/** A text string (ISO 32000-1, 7.9.2): as it is where ASCII will do, else UTF-16. */
export function writeText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`
  return writeValue(textString(text))
}

/** The same as a value. */
export function textString(text: string): PdfString {
  const isAscii = /^[\x20-\x7e]*$/.test(text)
  const bytes = isAscii ? Buffer.from(text, 'latin1') : Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  return { bytes, start: 0, end: 0, hex: true }
}

/** A date (ISO 32000-1, 7.9.4), before it is written as text: `D:20261124150405Z`. */
export function pdfDate(at: Date): string {
  return `D:${at.toISOString().slice(0, 19).replace(/\D/g, '')}Z`
}
