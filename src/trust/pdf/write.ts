import { isDict, isName, isRef, isStream, isString, type PdfValue } from './values.ts'

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
