import { DerError } from './errors.ts'
import { TAG } from './tags.ts'

export interface TimeRules {
  /** Fractions of a second in GeneralizedTime, as time-stamp tokens have them (RFC 3161); never in certificates. */
  fractions?: boolean
}

/**
 * UTCTime and GeneralizedTime as RFC 5280 (4.1.2.5) has them: seconds always, Z always, no fractions. Two-digit years
 * from 50 are of the twentieth century. An instant that does not exist (31 February, 24:00) is refused.
 */
export function readTime(tag: number, content: Buffer, offset: number, rules: TimeRules = {}): Date {
  const yearDigits = tag === TAG.utcTime ? 2 : tag === TAG.generalizedTime ? 4 : 0
  const length = yearDigits + 11
  if (yearDigits === 0 || content.length < length) throw new DerError('bad-time', offset)
  const fraction = rules.fractions && tag === TAG.generalizedTime ? readFraction(content, length - 1, offset) : 0
  if (content.length !== length && fraction === 0) throw new DerError('bad-time', offset)
  if (content[content.length - 1] !== 0x5a) throw new DerError('bad-time', offset)
  const read = (start: number, count: number): number => digits(content, start, count, offset)
  const written = read(0, yearDigits)
  const year = yearDigits === 4 ? written : written + (written >= 50 ? 1900 : 2000)
  const [month, day] = [read(yearDigits, 2), read(yearDigits + 2, 2)]
  const [hour, minute, second] = [read(yearDigits + 4, 2), read(yearDigits + 6, 2), read(yearDigits + 8, 2)]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
    throw new DerError('bad-time', offset)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCDate() !== day) throw new DerError('bad-time', offset)
  date.setUTCHours(hour, minute, second, Math.trunc(fraction * 1000))
  return date
}

function digits(content: Buffer, start: number, count: number, offset: number): number {
  let value = 0
  for (let i = start; i < start + count; i++) {
    const digit = content[i]! - 0x30
    if (!(digit >= 0 && digit <= 9)) throw new DerError('bad-time', offset)
    value = value * 10 + digit
  }
  return value
}

/** DER (X.690, 11.7.3): a point, at least one digit, no zero at the end. */
function readFraction(content: Buffer, start: number, offset: number): number {
  const count = content.length - 1 - (start + 1)
  if (content[start] !== 0x2e) return 0
  if (count < 1 || count > 9 || content[content.length - 2] === 0x30) throw new DerError('bad-time', offset)
  return digits(content, start + 1, count, offset) / 10 ** count
}
