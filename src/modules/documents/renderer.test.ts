import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { OfficialDocument } from './official-document.ts'
import { openDrawing } from './render-document.ts'
import { openRenderer } from './renderer.ts'

const settings = { publicUrl: 'https://shop.example', platform: 'Ventanilla', accent: '#9D2449' }
const at = new Date('2026-11-24T15:00:00Z')
const field = { fieldName: 'signature', name: 'Ñandú', signingTime: at, contentsSize: 3000 }
const CODE = 'FVZV-BWTN-PA3F-VJTZ'
const documentOf = (data: unknown): OfficialDocument => ({
  kind: 'receipt',
  language: 'es',
  title: 'Acuse',
  institution: 'Institución',
  data,
  blocks: [],
})
const renderer = openRenderer(settings)
after(() => renderer.close())

test('what the thread draws is what is drawn here, to the last byte, however many ask at once', async () => {
  const draw = await openDrawing(settings)
  const asked = Array.from({ length: 12 }, (_, turn) => renderer.draw(documentOf({ turn }), CODE, at, field))
  for (const [turn, prepared] of (await Promise.all(asked)).entries())
    assert.deepEqual(prepared, draw(documentOf({ turn }), CODE, at, field))
})

test('a document that cannot be drawn is its own fault and nobody else’s', async () => {
  const [broken, whole] = await Promise.allSettled([
    renderer.draw(documentOf(Number.NaN), CODE, at, field),
    renderer.draw(documentOf(1), CODE, at, field),
  ])
  assert.equal(broken.status, 'rejected')
  assert.equal(whole.status, 'fulfilled')
  await assert.rejects(
    renderer.draw(
      documentOf(() => 1),
      CODE,
      at,
      field,
    ),
  )
  assert.ok((await renderer.draw(documentOf(2), CODE, at, field)).pdf.length > 0)
})
