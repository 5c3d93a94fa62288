import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { loadCalendars } from '#modules/calendars/index.ts'
import type { Ficha } from '../ficha.ts'
import { loadPack } from '../load-pack.ts'
import type { Question, SimpleQuestion } from '../question.ts'
import { answerTexts } from '../texts.ts'
import { validateData } from '../validate-data.ts'
import { askedQuestions, toData } from './flow.ts'
import { type Posted, parseAnswer } from './parse-answer.ts'

const text = { es: 'x', en: 'x' }
const ask = (question: object): SimpleQuestion => ({ id: 'q', label: text, ...question }) as SimpleQuestion
const TODAY = '2026-11-24'
const codeOf = (question: object, posted: Posted) => {
  const parsed = parseAnswer(ask(question), posted, 'q', TODAY)
  return parsed.ok ? parsed.value : parsed.errors[0]!.code
}

test('people’s way of writing is understood', () => {
  assert.equal(codeOf({ type: 'money', currency: 'MXN' }, { q: '$ 1,234.50' }), 123_450)
  assert.equal(codeOf({ type: 'number' }, { q: ' 1,200 ' }), 1200)
  assert.equal(codeOf({ type: 'phone' }, { q: '+52 (312) 555-0123' }), '3125550123')
  assert.equal(codeOf({ type: 'date' }, { 'q-day': '7', 'q-month': '3', 'q-year': '2021' }), '2021-03-07')
  assert.equal(codeOf({ type: 'curp' }, { q: ' cacx760510mgtshc04 ' }), 'CACX760510MGTSHC04')
  assert.equal(codeOf({ type: 'text' }, { q: 'A\u0301vila' }), 'Ávila')
})

test('what cannot be is said, by the field and the reason', () => {
  assert.equal(codeOf({ type: 'date' }, { 'q-day': '31', 'q-month': '2', 'q-year': '2021' }), 'date-impossible')
  assert.equal(
    codeOf({ type: 'date', notAfter: 'today' }, { 'q-day': '25', 'q-month': '11', 'q-year': '2026' }),
    'date-future',
  )
  assert.equal(codeOf({ type: 'money', currency: 'MXN' }, { q: '1,23.4' }), 'money')
  assert.equal(codeOf({ type: 'choice', choices: [{ value: 'a', label: text }] }, { q: 'b' }), 'choose')
  assert.equal(codeOf({ type: 'text' }, {}), 'missing')
  assert.equal(codeOf({ type: 'date' }, {}), 'date-parts')
  assert.equal(codeOf({ type: 'text', optional: true }, {}), null)
})

test('of a key that cannot be it is said why: too short, an impossible date or state, nobody’s', () => {
  const tries: Array<[type: 'curp' | 'rfc', typed: string, code: string]> = [
    ['curp', 'CACX760510', 'curp-shape'],
    ['curp', 'CACX760230MGTSHC04', 'curp-impossible'],
    ['curp', 'CACX760510MXXSHC04', 'curp-impossible'],
    ['rfc', 'GODE5612', 'rfc-shape'],
    ['rfc', 'GODE-561331-GR8', 'rfc-impossible'],
    ['rfc', 'xexx010101000', 'rfc-generic'],
  ]
  for (const [type, typed, code] of tries) assert.equal(codeOf({ type }, { q: typed }), code, typed)
})

test('a key whose digit does not match is questioned once, and kept where the person says so', () => {
  assert.equal(codeOf({ type: 'curp' }, { q: 'CACX760510MGTSHC05' }), 'curp-digit')
  assert.equal(codeOf({ type: 'curp' }, { q: 'CACX760510MGTSHC05', 'q-confirm': 'yes' }), 'CACX760510MGTSHC05')
})

const everyType: SimpleQuestion[] = [
  ask({ id: 'line', type: 'text', maxLength: 12, minLength: 2 }),
  ask({ id: 'lines', type: 'textarea', maxLength: 12 }),
  ask({ id: 'count', type: 'number', decimals: 2 }),
  ask({ id: 'price', type: 'money', currency: 'MXN' }),
  ask({ id: 'day', type: 'date', notAfter: 'today' }),
  ask({ id: 'someday', type: 'date' }),
  ask({ id: 'home', type: 'address' }),
  ask({ id: 'curp', type: 'curp' }),
  ask({ id: 'rfc', type: 'rfc' }),
  ask({ id: 'mail', type: 'email' }),
  ask({ id: 'phone', type: 'phone' }),
]
const fichaAsking = (...questions: SimpleQuestion[]): Ficha =>
  ({ id: questions.map(({ id }) => id).join(), version: '1', name: text, online: { questions } }) as unknown as Ficha

test('what a page takes is what the schema takes: nobody is sent back to an answer that the page finds right', () => {
  const strange = fc.constantFrom(
    'a..b@x.mx',
    '-@-x-.mx',
    'a@b.mx',
    '0000',
    '0999',
    '2026',
    '1',
    '\u202Egpj',
    '😀',
    'a\tb\nc',
    ' ',
    '٣',
  )
  const big = fc.constantFrom(
    '999,999,999,999,999,999,999',
    '-999999999999',
    '1e9',
    '12.345',
    'XAXX010101000',
    'ZZZZ019901AAA',
  )
  const typed = fc.oneof(fc.string({ maxLength: 14 }), fc.string({ unit: 'binary', maxLength: 14 }), strange, big)
  const fields = [
    'day',
    'month',
    'year',
    'street',
    'exterior',
    'postalCode',
    'settlement',
    'municipality',
    'state',
    'confirm',
  ]
  const parts = fc.dictionary(fc.constantFrom(...fields), fc.oneof(typed, fc.constant('06000')))
  const property = fc.property(fc.constantFrom(...everyType), parts, typed, (question, more, value) => {
    const posted: Posted = { [question.id]: value }
    for (const [name, part] of Object.entries(more)) posted[`${question.id}-${name}`] = part
    const parsed = parseAnswer(question, posted, question.id, TODAY)
    if (parsed.ok)
      assert.deepEqual(validateData(fichaAsking(question), { [question.id]: parsed.value }, TODAY).ok, true)
  })
  fc.assert(property, { numRuns: 4000 })
})

test('a program’s answer is refused where the page’s would be', () => {
  const refused: Array<[id: string, value: unknown, code: string]> = [
    ['line', '   ', 'not-valid'],
    ['line', 'two\nlines', 'not-valid'],
    ['line', 'gpj.\u202Eexe', 'not-valid'],
    ['lines', 'a\u0000b', 'not-valid'],
    ['count', 1.234, 'number'],
    ['price', 1e15, 'not-valid'],
    ['day', '2026-11-25', 'date-future'],
    ['someday', '0000-01-01', 'date-impossible'],
    ['curp', 'CACX761310MGTSHC04', 'curp-impossible'],
    ['rfc', 'XAXX010101000', 'rfc-generic'],
    ['rfc', 'GODE569931GR8', 'rfc-impossible'],
    ['mail', 'a..b@example.mx', 'not-valid'],
  ]
  for (const [id, value, code] of refused) {
    const checked = validateData(fichaAsking(everyType.find((each) => each.id === id)!), { [id]: value }, TODAY)
    assert.deepEqual(checked.ok ? [] : checked.errors, [{ field: id, code }], `${id} ${value}`)
  }
  const withWrongDigit = validateData(
    fichaAsking(everyType.find(({ id }) => id === 'rfc')!),
    { rfc: 'AAA010101AAA' },
    TODAY,
  )
  assert.equal(withWrongDigit.ok, true, 'a wrong digit is a question, never a dead end')
})

test('what nobody sees is not kept: what is signed reads as it is', () => {
  assert.equal(codeOf({ type: 'text' }, { q: ' foto\u202Egpj\u0007.exe ' }), 'fotogpj.exe')
  assert.equal(codeOf({ type: 'textarea' }, { q: 'a\r\nb\rc' }), 'a\nb\nc')
  assert.equal(codeOf({ type: 'text' }, { q: '\u202E\u0000' }), 'missing')
})

describe('forms of the pack', () => {
  let fichas: Ficha[]
  before(async () => {
    const packDir = fileURLToPath(new URL('../../../../packs/mx', import.meta.url))
    const calendars = await loadCalendars(packDir)
    const rules = new Map([
      ['mx-lfea-11', { matters: ['administrative'] }],
      ['mx-cff-134', { matters: ['fiscal'] }],
    ])
    const pack = await loadPack({ packDir, calendars: new Set(calendars.keys()), noticeRules: rules as never })
    fichas = [...pack.fichas.values()].filter(({ online }) => online)
  })

  test('whatever is posted to a question ends in an answer or in sentences that exist', () => {
    const questions = fichas.flatMap(({ online }) => online!.questions).filter(isSimple)
    const typed = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('yes', 'no', '1', '-0', '1e9', '٣', '<b>'),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...questions),
        fc.dictionary(fc.constantFrom('day', 'month', 'year', 'street', 'postalCode', 'state', 'confirm'), typed),
        typed,
        (question, parts, value) => {
          const posted: Posted = { [question.id]: value }
          for (const [name, part] of Object.entries(parts)) posted[`${question.id}-${name}`] = part
          const parsed = parseAnswer(question, posted, question.id, TODAY)
          if (!parsed.ok) for (const { code } of parsed.errors) assert.ok(code in answerTexts, code)
        },
      ),
      { numRuns: 800 },
    )
  })

  test('the published example is what the pages would have collected: the same schema for a page and a program', () => {
    for (const ficha of fichas) {
      const { example } = ficha.online!
      assert.deepEqual(toData(ficha.online!, example), example, ficha.id)
      assert.equal(validateData(ficha, example, TODAY).ok, true, ficha.id)
      for (const question of askedQuestions(ficha.online!, example))
        if (!question.optional && question.type !== 'file' && question.type !== 'group') {
          const { [question.id]: _, ...without } = example
          assert.equal(validateData(ficha, without, TODAY).ok, false, `${ficha.id} without ${question.id}`)
        }
      assert.equal(validateData(ficha, { ...example, extra: 1 }, TODAY).ok, false)
    }
  })
})

const isSimple = (question: Question): question is SimpleQuestion =>
  question.type !== 'file' && question.type !== 'group'
