/** Registro Federal de Contribuyentes: the tax key of a person (13 characters) or a company (12). */
export interface RfcReading {
  rfc: string
  kind: 'person' | 'company'
  /** A handful of real ones carry a wrong digit by assignment: it is a question, never a dead end. */
  digit: 'right' | 'questioned'
  /** Stands for the public or for foreigners; never an account. */
  generic: boolean
}

const SHAPE = /^([A-ZÑ&]{3,4})(\d\d)(\d\d)(\d\d)([A-Z\d]{2})([\dA])$/
const VALUES = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ'
const GENERIC = new Set(['XAXX010101000', 'XEXX010101000'])

/** @returns undefined where it cannot be an RFC: wrong shape, or a day that no calendar has */
export function readRfc(typed: string): RfcReading | undefined {
  const rfc = typed.normalize('NFC').toUpperCase().replace(/[\s-]/g, '')
  const match = SHAPE.exec(rfc)
  if (!match) return undefined
  const [, letters, year, month, day] = match
  if (!isDateOfSomeCentury(Number(year), Number(month), Number(day))) return undefined
  return {
    rfc,
    kind: letters!.length === 4 ? 'person' : 'company',
    digit: checkDigit(rfc) === rfc.at(-1) ? 'right' : 'questioned',
    generic: GENERIC.has(rfc),
  }
}

function checkDigit(rfc: string): string {
  const padded = rfc.padStart(13, ' ')
  let sum = 0
  for (let i = 0; i < 12; i += 1) sum += VALUES.indexOf(padded[i]!) * (13 - i)
  const digit = 11 - (sum % 11)
  return digit === 11 ? '0' : digit === 10 ? 'A' : String(digit)
}

/** The key says two digits of the year: 29 February passes where either century had it. */
function isDateOfSomeCentury(year: number, month: number, day: number): boolean {
  return [1900 + year, 2000 + year].some((each) => isDate(each, month, day))
}

export function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
