import { randomInt } from 'node:crypto'

/** Crockford's base 32: no I, L, O or U, so that nothing read aloud or copied by hand looks like something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Prime and above 32: the weighted sum then catches every single error and every swap of neighbours. */
const MODULUS = 37
const CHECKS = `${ALPHABET}*~$=U`
const RANDOM = 9

/**
 * A folio: the year, nine random characters and a check character, in groups: `26-7KX4-M2QP-8T`. Random, so that it tells
 * nothing about how many cases there are; 32⁹ a year, unique by the table's key.
 */
export function newFolio(year: number): string {
  for (;;) {
    let body = String(year % 100).padStart(2, '0')
    for (let i = 0; i < RANDOM; i += 1) body += ALPHABET[randomInt(32)]
    const check = checkOf(body)
    // The five extra check characters of the modulus are not for the phone: such a number is not given out.
    if (ALPHABET.includes(check)) return formatFolio(body + check)
  }
}

/** `26-7KX4-M2QP-8T` */
export function formatFolio(plain: string): string {
  return `${plain.slice(0, 2)}-${plain.slice(2, 6)}-${plain.slice(6, 10)}-${plain.slice(10)}`
}

/**
 * With or without dashes and spaces, in either case, O for 0, I and L for 1.
 * @returns the folio as it is written, or undefined where a character is wrong
 */
export function parseFolio(text: string): string | undefined {
  if (text.length > 40) return undefined
  const plain = text
    .toUpperCase()
    .replace(/[\s–—-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  if (plain.length !== RANDOM + 3 || ![...plain].every((each) => ALPHABET.includes(each))) return undefined
  if (!/^\d\d/.test(plain)) return undefined
  return checkOf(plain.slice(0, -1)) === plain.at(-1) ? formatFolio(plain) : undefined
}

/** Weights are powers of 2 modulo 37 (a primitive root): all different and non-zero over these lengths. */
function checkOf(body: string): string {
  let sum = 0
  for (const each of body) sum = (sum * 2 + ALPHABET.indexOf(each)) % MODULUS
  return CHECKS[(MODULUS - ((sum * 2) % MODULUS)) % MODULUS]!
}
