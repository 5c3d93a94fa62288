import type { Checked, FieldError } from '#kernel/refusal.ts'
import { readAddress, readCurp, readRfc } from '#modules/identity/index.ts'
import { addressFields, type SimpleQuestion } from '../question.ts'
import type { AnswerCode } from '../texts.ts'
import { faultOf, faultOfCurp, faultOfRfc, LARGEST_NUMBER } from './check-value.ts'
import { lengthOf, readLine, readLines } from './written-text.ts'

/** A posted form: one or several texts a name. */
export type Posted = Record<string, string | string[] | undefined>

const one = (posted: Posted, name: string): string => {
  const value = posted[name]
  return readLines(Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))
}

/**
 * One question's answer out of what was posted. Optional and empty is null.
 * @param name the field's name in the form: the question's id, or `group-field`
 * @param today `YYYY-MM-DD` in the shop's zone
 */
export function parseAnswer(question: SimpleQuestion, posted: Posted, name: string, today: string): Checked<unknown> {
  if (isEmpty(question, posted, name)) {
    if (question.optional) return { ok: true, value: null }
    return fail(name, whenEmpty[question.type] ?? 'missing')
  }
  return parsers[question.type](question as never, posted, name, today)
}

const whenEmpty: Partial<Record<SimpleQuestion['type'], AnswerCode>> = {
  choice: 'choose',
  yesno: 'choose',
  choices: 'choose',
  date: 'date-parts',
  email: 'email',
  phone: 'phone',
}

function isEmpty(question: SimpleQuestion, posted: Posted, name: string): boolean {
  if (question.type === 'date') return ['day', 'month', 'year'].every((part) => one(posted, `${name}-${part}`) === '')
  if (question.type === 'address') return addressFields.every((field) => one(posted, `${name}-${field}`) === '')
  return one(posted, name) === ''
}

const fail = (field: string, code: string, facts?: FieldError['facts']): Checked<never> => ({
  ok: false,
  errors: [{ field, code, facts }],
})
const done = <T>(value: T): Checked<T> => ({ ok: true, value })

type Parser<T extends SimpleQuestion['type']> = (
  question: Extract<SimpleQuestion, { type: T }>,
  posted: Posted,
  name: string,
  today: string,
) => Checked<unknown>

const parseText: Parser<'text'> = ({ maxLength = 200, minLength = 1, pattern }, posted, name) => {
  const value = readLine(one(posted, name))
  if (lengthOf(value) > maxLength) return fail(name, 'too-long', { most: maxLength })
  if (lengthOf(value) < minLength) return fail(name, 'too-short', { least: minLength })
  if (pattern && !new RegExp(pattern, 'u').test(value)) return fail(name, 'not-valid')
  return done(value)
}

const parseDate: Parser<'date'> = (question, posted, name, today) => {
  const [day, month, year] = ['day', 'month', 'year'].map((part) => one(posted, `${name}-${part}`)) as [
    string,
    string,
    string,
  ]
  if (![day, month, year].every((part) => /^\d{1,4}$/.test(part)) || year.length !== 4) return fail(name, 'date-parts')
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const fault = faultOf(question, value, today)
  return fault ? fail(name, fault) : done(value)
}

/** A wrong check digit is a question, once: a few real keys carry one. */
function parseKey(kind: 'curp' | 'rfc') {
  return (_: unknown, posted: Posted, name: string): Checked<string> => {
    const typed = one(posted, name)
    const reading = kind === 'curp' ? readCurp(typed) : readRfc(typed)
    const fault = kind === 'curp' ? faultOfCurp(typed) : faultOfRfc(typed)
    if (!reading || fault) return fail(name, fault ?? `${kind}-shape`)
    if (reading.digit === 'questioned' && one(posted, `${name}-confirm`) !== 'yes') return fail(name, `${kind}-digit`)
    return done('curp' in reading ? reading.curp : reading.rfc)
  }
}

const parseAddress: Parser<'address'> = (_, posted, name) => {
  const values: Record<string, string> = {}
  const errors: FieldError[] = []
  for (const field of addressFields) {
    const value = readLine(one(posted, `${name}-${field}`))
    const most = field === 'street' ? 150 : 100
    if (value === '' && field !== 'interior') errors.push({ field: `${name}-${field}`, code: `address-${field}` })
    else if (lengthOf(value) > most) errors.push({ field: `${name}-${field}`, code: 'too-long', facts: { most } })
    else if (field === 'postalCode' && !/^\d{5}$/.test(value))
      errors.push({ field: `${name}-${field}`, code: 'postal-code' })
    else if (value !== '') values[field] = value
  }
  return errors.length > 0 ? { ok: false, errors } : done(values)
}

const parsers: { [T in SimpleQuestion['type']]: Parser<T> } = {
  text: parseText,
  textarea: ({ maxLength = 4000, minLength = 1 }, posted, name) => {
    const value = one(posted, name)
    if (lengthOf(value) > maxLength) return fail(name, 'too-long', { most: maxLength })
    return lengthOf(value) < minLength ? fail(name, 'too-short', { least: minLength }) : done(value)
  },
  number: ({ min, max, decimals = 0 }, posted, name) => {
    const value = readNumber(one(posted, name), decimals)
    if (value === undefined) return fail(name, decimals > 0 ? 'number' : 'whole-number')
    return checkBounds(value, value, min, max, name)
  },
  money: ({ min = 0, max }, posted, name) => {
    const value = readNumber(one(posted, name).replace(/^\$\s*/, ''), 2)
    if (value === undefined) return fail(name, 'money')
    return checkBounds(value, Math.round(value * 100), min, max, name)
  },
  date: parseDate,
  yesno: (_, posted, name) => {
    const value = one(posted, name)
    return value === 'yes' || value === 'no' ? done(value === 'yes') : fail(name, 'choose')
  },
  choice: ({ choices }, posted, name) => {
    const value = one(posted, name)
    return choices.some((each) => each.value === value) ? done(value) : fail(name, 'choose')
  },
  choices: ({ choices }, posted, name) => {
    const given = posted[name]
    const values = [...new Set(Array.isArray(given) ? given : [given ?? ''])]
    return values.every((value) => choices.some((each) => each.value === value)) ? done(values) : fail(name, 'choose')
  },
  address: parseAddress,
  curp: parseKey('curp'),
  rfc: parseKey('rfc'),
  email: (_, posted, name) => {
    const value = readAddress(one(posted, name))
    return value ? done(value) : fail(name, 'email')
  },
  phone: (_, posted, name) => {
    const value = one(posted, name)
      .replace(/^\+?52(?=\D*(\d\D*){10}$)/, '')
      .replace(/[\s().-]/g, '')
    return /^\d{10}$/.test(value) ? done(value) : fail(name, 'phone')
  },
}

/** As people write it: «1,234.50». */
function readNumber(typed: string, decimals: number): number | undefined {
  const plain = typed.replace(/\s/g, '')
  if (!/^-?(\d{1,3}(,\d{3})+|\d{1,12})(\.\d+)?$/.test(plain)) return undefined
  if ((plain.split('.')[1] ?? '').length > decimals) return undefined
  return Number(plain.replaceAll(',', ''))
}

function checkBounds(
  shown: number,
  value: number,
  min = -LARGEST_NUMBER,
  max = LARGEST_NUMBER,
  name: string,
): Checked<number> {
  if (shown < min) return fail(name, 'too-small', { least: min })
  if (shown > max) return fail(name, 'too-large', { most: max })
  return done(value)
}
