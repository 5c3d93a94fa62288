import { readAddress, readCurp, readRfc } from '#modules/identity/index.ts'
import type { SimpleQuestion } from '../question.ts'
import type { AnswerCode } from '../texts.ts'

/** Larger numbers are mistakes, and would not be kept to the cent. */
export const LARGEST_NUMBER = 999_999_999_999

/**
 * What is wrong with an answer that has its right type, as far as a JSON Schema cannot say it: the same for a page and for a
 * program. A wrong check digit is no fault: a few real keys carry one.
 * @param today `YYYY-MM-DD` in the shop's zone; without it no date is held against today
 */
export function faultOf(question: SimpleQuestion, value: unknown, today: string | undefined): AnswerCode | undefined {
  switch (question.type) {
    case 'date':
      return faultOfDate(question, String(value), today)
    case 'number':
      return isRounded(Number(value), question.decimals ?? 0) ? undefined : 'number'
    case 'curp':
      return faultOfCurp(String(value)) ?? (readCurp(String(value))?.curp === value ? undefined : 'curp-shape')
    case 'rfc':
      return faultOfRfc(String(value)) ?? (readRfc(String(value))?.rfc === value ? undefined : 'rfc-shape')
    case 'email':
      return readAddress(String(value)) === undefined ? 'email' : undefined
    default:
      return undefined
  }
}

/** Too short and impossible are mended in different ways, and are told apart. */
export function faultOfCurp(typed: string): AnswerCode | undefined {
  if (readCurp(typed)) return undefined
  return lettersOf(typed) === 18 ? 'curp-impossible' : 'curp-shape'
}

export function faultOfRfc(typed: string): AnswerCode | undefined {
  const reading = readRfc(typed)
  if (reading) return reading.generic ? 'rfc-generic' : undefined
  return [12, 13].includes(lettersOf(typed)) ? 'rfc-impossible' : 'rfc-shape'
}

const lettersOf = (typed: string): number => typed.replace(/[^\p{L}\d&]/gu, '').length

function faultOfDate(
  { notAfter, notBefore }: Extract<SimpleQuestion, { type: 'date' }>,
  value: string,
  today: string | undefined,
): AnswerCode | undefined {
  const instant = new Date(`${value}T00:00:00Z`)
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 10) === value
  // A year below 1000 is one that was not written whole.
  if (!exists || value.startsWith('0')) return 'date-impossible'
  if (today !== undefined && notAfter === 'today' && value > today) return 'date-future'
  if (today !== undefined && notBefore === 'today' && value < today) return 'date-past'
  return undefined
}

const isRounded = (value: number, decimals: number): boolean => Number(value.toFixed(decimals)) === value
