import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { tellChange } from './change-texts.ts'

const trust = new URL('../../trust/', import.meta.url)
/** Where sentences about later changes are said. */
const SAYING = /^(modif.*|revision.*|verify-pdf)\.ts$/

test('each sentence about later changes has its Spanish', () => {
  const pdf = readdirSync(new URL('pdf/', trust)).filter((name) => SAYING.test(name) && !name.includes('.test.'))
  const files = [...pdf.map((name) => `pdf/${name}`), 'cms/unprotected.ts', '../modules/verification/find-loose.ts']
  const sentences = files.flatMap((name) =>
    [...readFileSync(new URL(name, trust), 'utf8').matchAll(/'([A-Z][^'\n]{15,}\.)'/g)].map(
      ([, sentence]) => sentence!,
    ),
  )
  assert.ok(sentences.length > 25)
  for (const sentence of sentences) {
    assert.notEqual(tellChange(sentence, 'es'), sentence, sentence)
    assert.equal(tellChange(sentence, 'en'), sentence)
  }
})
