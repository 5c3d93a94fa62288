import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { languages } from '#kernel/texts.ts'
import { authority, day, issue } from '#test/support/pki.ts'
import { basePdf, signPdf } from '#test/support/signed-pdf.ts'
import { explainDocument } from './explain-document.ts'
import { reasonTexts } from './reason-texts.ts'
import { tell } from './tell.ts'
import { verdictTexts } from './texts.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
/** Every term in capitals of the unions that sub-indications are made of. */
const termsIn = (path: string, type: string): string[] => {
  const union = new RegExp(`type ${type} =([\\s\\S]*?)\\n\\n`).exec(read(path))![1]!
  return [...union.matchAll(/'([A-Z_]+)'/g)].map(([, term]) => term!)
}

describe('every sub-indication (EN 319 102-1, 5.1.3) is said to people', () => {
  const terms = [
    ...termsIn('../../trust/path/report.ts', 'SubIndication'),
    ...termsIn('../../trust/validation/facts.ts', 'FormatFailure'),
    ...termsIn('../../trust/validation/report.ts', 'ValidationSubIndication'),
  ]

  test('none is missing, none is left over, each is a sentence of its own in both languages', () => {
    assert.deepEqual([...new Set(terms)].sort(), Object.keys(reasonTexts).sort())
    for (const language of languages) {
      const sentences = Object.values(reasonTexts).map((text) => text[language])
      assert.equal(new Set(sentences).size, sentences.length)
      for (const each of sentences) assert.match(each, /^\p{Lu}[^\n]{20,}\.$/u)
    }
  })

  test('without jargon', () => {
    const jargon = /\b(hash|digest|DER|ASN|CRL|OCSP|CMS|X\.509|PKI|POE|ETSI|RSA|SHA|revoc|token|byte)/i
    for (const text of Object.values(reasonTexts))
      for (const language of languages) assert.doesNotMatch(text[language], jargon)
  })

  test('what can be settled says what would settle it', () => {
    for (const [term, text] of Object.entries(reasonTexts))
      if (term.endsWith('_NO_POE')) assert.match(text.en, /would settle it/, term)
  })
})

test('no text of a verdict is empty, and each has both its languages', () => {
  for (const [key, text] of Object.entries(verdictTexts))
    for (const language of languages) assert.ok(text[language].length > 2, `${key} ${language}`)
})

test('each signature is one line: whose, whether it counts, when, by whom it is backed, or why not', () => {
  const root = authority({ subject: 'AUTORIDAD', notAfter: day('2040-01-01') })
  const person = issue({ subject: 'PERSONA', issuer: root, notAfter: day('2026-01-01') })
  const authorities = [
    {
      certificate: root.certificate,
      sha256: root.certificate.sha256,
      name: 'AUTORIDAD',
      anchor: true,
      source: 'demo' as const,
    },
  ]
  const file = signPdf(basePdf(), person)
  const here = { authorities, seals: [], log: undefined }
  const told = tell(explainDocument(file, here, day('2025-06-02')), 'es', () => 'hoy')
  assert.deepEqual(told.signatures, [
    {
      mark: 'good',
      who: 'Sello de PERSONA',
      line: 'vale; dice ser del hoy; con respaldo de AUTORIDAD (demostración).',
    },
  ])
  const stranger = tell(explainDocument(file, { ...here, authorities: [] }, day('2025-06-02')), 'en', () => 'today')
  const reason = reasonTexts.NO_CERTIFICATE_CHAIN_FOUND.en
  assert.equal(stranger.signatures[0]!.line, `cannot be told; says to be of today. ${reason}`)
})
