import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { readEmbeddedFiles } from '#trust/pdf/embedded-files.ts'
import { inspectPdf } from '#trust/pdf/inspect.ts'
import { heading, type OfficialDocument, paragraph, rows } from './official-document.ts'
import { openDrawing } from './render-document.ts'

const drawing = await openDrawing({ publicUrl: 'https://shop.example', platform: 'Ventanilla', accent: '#9D2449' })
const at = new Date('2026-11-24T15:00:00Z')
const field = { fieldName: 'signature', signingTime: at, contentsSize: 3000 }
const draw = (document: OfficialDocument, code: string, createdAt: Date): Buffer =>
  drawing(document, code, createdAt, field).pdf
const CODE = 'FVZV-BWTN-PA3F-VJTZ'
const documentOf = (words: string, language: 'es' | 'en' = 'es'): OfficialDocument => ({
  kind: 'application',
  language,
  title: 'Solicitud',
  institution: 'Institución',
  data: { words },
  blocks: [heading('Datos'), rows([['Lo que dijo', words]]), paragraph(words)],
  attachments: [
    {
      name: '1-croquis.txt',
      type: 'text/plain',
      bytes: Buffer.from('x'),
      relationship: 'supplement',
      description: 'x',
    },
  ],
})
const folder = mkdtempSync(join(tmpdir(), 'render-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const textOf = (pdf: Buffer, ...options: string[]): string => {
  writeFileSync(join(folder, 'a.pdf'), pdf)
  return execFileSync('pdftotext', [...options, join(folder, 'a.pdf'), '-'], { encoding: 'utf8' })
}
let poppler = true
try {
  execFileSync('pdftotext', ['-v'], { stdio: 'ignore' })
} catch {
  poppler = false
}
const skip = poppler ? false : 'poppler is not here'

test('the same document, code and instant give the same bytes, with the data and the files inside', () => {
  const pdf = draw(documentOf('Fonda La Ñora'), CODE, at)
  assert.ok(pdf.equals(draw(documentOf('Fonda La Ñora'), CODE, at)))
  const files = new Map(readEmbeddedFiles(pdf).map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]))
  assert.equal(files.get('data.json'), '{"words":"Fonda La Ñora"}')
  assert.equal(files.get('1-croquis.txt'), 'x')
})

test('what a person typed is text on the paper, never markup', { skip }, () => {
  const words = '#panic("x") *no* _no_ $x$ <b> @a \\ [x] `y` = z // w'
  assert.ok(
    textOf(draw(documentOf(words), CODE, at))
      .replace(/\s+/g, ' ')
      .includes(words),
  )
})

test('a word longer than a line breaks: nothing that is signed runs off the paper', { skip }, () => {
  const word = 'A'.repeat(300)
  const pdf = draw(documentOf(word), CODE, at)
  writeFileSync(join(folder, 'b.pdf'), pdf)
  const boxes = execFileSync('pdftotext', ['-bbox', join(folder, 'b.pdf'), '-'], { encoding: 'utf8' })
  const width = Number(/page width="([\d.]+)"/.exec(boxes)![1])
  for (const [, right] of boxes.matchAll(/xMax="([\d.]+)"/g))
    assert.ok(Number(right) <= width - 50, `${right} of ${width}`)
})

test('anything at all can be drawn: what the font lacks is shown by its number, what hides is left out', {
  skip,
}, () => {
  const strange = draw(documentOf('漢 \u202eabc\u0000\u200b 😀 ﷽'), CODE, at)
  const shown = textOf(strange)
  assert.match(shown, /\[U\+6F22\]/)
  assert.doesNotMatch(shown, /\u202e/)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (words) => {
      assert.equal(inspectPdf(draw(documentOf(words), CODE, at)).broken, undefined)
    }),
    { numRuns: 60 },
  )
})

test('what only looks like a line or a letter is one or none on paper', { skip }, () => {
  const shown = textOf(draw(documentOf('uno\rdos\u2028tres\r\ncuatro co\u00adsa'), CODE, at))
  assert.match(shown, /uno\s+dos\s+tres\s+cuatro cosa/)
})

test('where to check it never runs into the number of the sheet, however long the address', { skip }, async () => {
  const publicUrl = 'https://ventanilla.tramites.gobierno.de-un-estado-con-nombre-largo.example'
  const long = await openDrawing({ publicUrl, platform: 'Ventanilla', accent: '#9D2449' })
  const boxes = textOf(long(documentOf('x'), CODE, at, field).pdf, '-bbox')
  const word = (text: string) =>
    new RegExp(`xMin="([\\d.]+)" yMin="([\\d.]+)" xMax="([\\d.]+)"[^>]*>${text}<`).exec(boxes)!
  const sheet = Number(word('Hoja')[1])
  for (const [, , top, right] of boxes.matchAll(
    /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"[^>]*>(?!Hoja|de|1)[^<]+</g,
  ))
    if (Number(top) > 728) assert.ok(Number(right) < sheet, `${right} of ${sheet}`)
})

test('the validation code is the file’s keyword, in both places where a PDF/A says it (ISO 19005-3, 6.6.3)', () => {
  const pdf = draw(documentOf('x'), CODE, at)
  const text = pdf.toString('latin1')
  assert.ok(text.includes(`/Keywords (${CODE})`))
  assert.ok(text.includes(`<pdf:Keywords>${CODE}</pdf:Keywords>`))
})
