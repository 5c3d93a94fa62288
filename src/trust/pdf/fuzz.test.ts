import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '#test/support/mutate-der.ts'
import { addPacked } from '#test/support/packed-pdf.ts'
import { authority, issue, revocationList } from '#test/support/pki.ts'
import { basePdf, signPdf, stream } from '#test/support/signed-pdf.ts'
import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { addSecurityStore } from './security-store.ts'
import { isDict, isRef, isStream, isString, type PdfValue } from './values.ts'
import { type PdfReport, verifyPdf } from './verify-pdf.ts'

const long = process.env.LONG_TESTS === '1'
const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root })
const signed = signPdf(basePdf({ 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R >>' }), citizen)
const data = { certificates: [root.certificate.der], crls: [revocationList({ issuer: root })], ocspResponses: [] }
/** The same additions as a table and as streams of references. */
const samples: Record<string, Buffer> = {
  'a table': addSecurityStore(signed, data),
  streams: addPacked(
    signed,
    { 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /DSS 70 0 R >>', 70: '<< /Certs [71 0 R] >>' },
    { 71: stream('', 'x') },
  ),
}

const isClean = ({ signatures }: PdfReport): boolean =>
  signatures.length > 0 && signatures.every(({ sound, modifications }) => sound && modifications !== 'suspicious')

/** Keys whose values nobody sees who reads the document. */
const UNSEEN = ['DSS', 'Extensions', 'Metadata', 'Version']

/** All that is reached from the catalog, as text: the second opinion on whether anything that is seen was changed. */
function shown(pdf: Buffer): string {
  const file = new PdfFile(pdf)
  const seen = new Map<number, number>()
  const say = (value: PdfValue): string => {
    if (isRef(value)) {
      const known = seen.get(value.num)
      if (known !== undefined) return `<${known}>`
      seen.set(value.num, seen.size)
      return say(file.object(value.num))
    }
    if (isString(value)) return `(${value.bytes.toString('hex')})`
    if (Array.isArray(value)) return `[${value.map(say).join(' ')}]`
    if (isStream(value)) return `${say(value.dict)}{${file.data(value).toString('hex')}}`
    if (isDict(value))
      return `<<${[...value]
        .filter(([key]) => !UNSEEN.includes(key))
        .map(([key, each]) => `${key} ${say(each)}`)
        .sort()
        .join(' ')}>>`
    return JSON.stringify(value)
  }
  return say(file.trailer.get('Root') ?? null)
}

/** Ends in a report; and where that finds nothing wrong, nothing that is seen is another than when it was signed. */
function requireHarmless(pdf: Buffer, what: string): void {
  const report = verifyPdf(pdf)
  if (!isClean(report)) return
  try {
    assert.equal(shown(pdf), shown(signed), what)
  } catch (error) {
    if (error instanceof PdfError) assert.fail(`${what}: ${error.message}`)
    throw error
  }
}

const WORDS = [
  ...[
    '0',
    '1',
    '-1',
    '65535',
    '99999999999',
    '4',
    '2 0 R',
    '4 0 R',
    '30 0 R',
    '<<',
    '>>',
    '[',
    ']',
    '/Type',
    '/Contents',
    '/Kids',
  ],
  ...[
    'endobj',
    'stream',
    'endstream',
    'xref',
    'trailer',
    'startxref',
    '%%EOF',
    'obj',
    'null',
    '()',
    '<00>',
    '% ',
    'n',
    'f',
    '/Prev',
    '/Root',
  ],
]

/** One to three words dropped, doubled, exchanged, moved or replaced. */
function mutate(text: string, pick: (limit: number) => number): string {
  const words = text.split(/(?<=[\s\]>])|(?=[<[/])/)
  for (let i = 0; i <= pick(3); i += 1) {
    const [at, other] = [pick(words.length), pick(words.length)]
    const word = words[at]!
    const blank = /\s$/.exec(word)?.[0] ?? ''
    const change: Record<number, () => void> = {
      0: () => words.splice(at, 1),
      1: () => words.splice(at, 0, word),
      2: () => words.splice(other, 0, word),
      3: () => words.splice(at, 1, words[other]!),
      4: () => words.splice(at, 1, WORDS[pick(WORDS.length)]! + blank),
      5: () => words.splice(at, 0, `${WORDS[pick(WORDS.length)]!} `),
      6: () =>
        words.splice(
          at,
          1,
          String(Number.parseInt(word, 10) + pick(40) - 20).padStart(word.trim().length, '0') + blank,
        ),
      7: () => words.splice(at, 1 + pick(12)),
    }
    change[pick(8)]!()
  }
  return words.join('')
}

for (const [name, whole] of Object.entries(samples))
  describe(`what was added with ${name}, changed at random`, () => {
    const tail = whole.toString('latin1', signed.length)
    assert.ok(isClean(verifyPdf(whole)))
    assert.equal(shown(whole), shown(signed))

    test('each byte', () => {
      const random = seededRandom(4)
      for (let at = signed.length; at < whole.length; at += long ? 1 : 3) {
        const changed = Buffer.from(whole)
        changed[at] = changed[at]! ^ (1 << Math.floor(random() * 8))
        requireHarmless(changed, `byte ${at}`)
      }
    })

    test('its words', () => {
      const random = seededRandom(40)
      const pick = (limit: number) => Math.floor(random() * limit)
      for (let round = 0; round < (long ? 10_000 : 1200); round += 1)
        requireHarmless(Buffer.concat([signed, Buffer.from(mutate(tail, pick), 'latin1')]), `round ${round}`)
    })
  })

test('the words of the whole file, signed part and all', () => {
  const random = seededRandom(41)
  const pick = (limit: number) => Math.floor(random() * limit)
  const text = samples['a table']!.toString('latin1')
  for (let round = 0; round < (long ? 10_000 : 600); round += 1) {
    const changed = Buffer.from(mutate(text, pick), 'latin1')
    if (!changed.subarray(0, signed.length).equals(signed))
      assert.equal(isClean(verifyPdf(changed)), false, `round ${round}`)
    else requireHarmless(changed, `round ${round}`)
  }
})
