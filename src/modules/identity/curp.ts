import { isDate } from './rfc.ts'

/** Clave Única de Registro de Población: the key of a person. */
export interface CurpReading {
  curp: string
  /** `YYYY-MM-DD`; the century comes from the homonym mark. */
  bornOn: string
  sex: 'H' | 'M' | 'X'
  /** Two letters of the state; `NE` is abroad. */
  state: string
  digit: 'right' | 'questioned'
}

const SHAPE = /^[A-ZÑ]{4}(\d\d)(\d\d)(\d\d)([HMX])([A-Z]{2})[A-ZÑ]{3}([A-Z\d])(\d)$/
const VALUES = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'
const STATES = new Set(
  'AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE'.split(' '),
)

/** @returns undefined where it cannot be a CURP: wrong shape, unknown state, or a day that never was */
export function readCurp(typed: string): CurpReading | undefined {
  const curp = typed.normalize('NFC').toUpperCase().replace(/[\s-]/g, '')
  const match = SHAPE.exec(curp)
  if (!match) return undefined
  const [, yy, mm, dd, sex, state, mark] = match as unknown as string[]
  const year = (/\d/.test(mark!) ? 1900 : 2000) + Number(yy)
  if (!STATES.has(state!) || !isDate(year, Number(mm), Number(dd))) return undefined
  return {
    curp,
    bornOn: `${year}-${mm}-${dd}`,
    sex: sex as CurpReading['sex'],
    state: state!,
    digit: checkDigit(curp) === curp.at(-1) ? 'right' : 'questioned',
  }
}

function checkDigit(curp: string): string {
  let sum = 0
  for (let i = 0; i < 17; i += 1) sum += VALUES.indexOf(curp[i]!) * (18 - i)
  return String((10 - (sum % 10)) % 10)
}
