import { randomInt } from 'node:crypto'

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 16

/** A validation code: 16 random characters that are not mistaken for one another, in groups; 78 bits, not to be guessed. */
export function newCode(): string {
  let text = ''
  for (let i = 0; i < LENGTH; i += 1) text += ALPHABET[randomInt(ALPHABET.length)]
  return text.replace(/(.{4})(?=.)/g, '$1-')
}

/** @returns the code as it is written, or undefined where it cannot be one */
export function parseCode(typed: string): string | undefined {
  const plain = typed.toUpperCase().replace(/[\s–—-]/g, '')
  if (plain.length !== LENGTH || ![...plain].every((each) => ALPHABET.includes(each))) return undefined
  return plain.replace(/(.{4})(?=.)/g, '$1-')
}
