import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkEntryName } from '#trust/asic/entry-name.ts'
import type { CaseContents } from './gather-case.ts'
import { plain } from './list-files.ts'
import { writeIndex } from './write-index.ts'

test('whatever a person calls a file, its name in the container is one of every system', () => {
  const names: [given: string, plain: string][] = [
    ['Croquis del Ñandú (1).PDF', 'croquis-del-nandu-1.pdf'],
    ['../../etc/passwd', 'archivo.etc-p'],
    ['con.pdf', 'con.pdf'],
    ['.pdf', 'pdf'],
    ['…', 'archivo'],
    ['', 'archivo'],
    ['文書.jpg', 'archivo.jpg'],
    ['a\u202efdp.exe', 'a-fdp.exe'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(60)}.pdf`],
    ['a.', 'a'],
  ]
  for (const [given, expected] of names) {
    assert.equal(plain(given), expected, given)
    checkEntryName(`anexos/01-${plain(given)}`)
  }
})

test('people’s words are text in the index, and nothing is fetched for it', () => {
  const hostile = `"><script src="//evil.example/x.js"></script><img src=x onerror='alert(1)'>&amp;`
  const at = new Date('2026-01-01T00:00:00Z')
  const text = { es: hostile, en: hostile }
  const contents = {
    record: {
      folio: hostile,
      language: 'es',
      status: 'submitted',
      receivedAt: at,
      applicant: { name: hostile },
      term: { due: '2026-02-01' },
    },
    ficha: { name: text },
    steps: [{ at, act: 'assigned', by_name: hostile, facts: { to: hostile } }],
    notices: [
      { notice: { subject: text, postedAt: at, servedAt: at, openedAt: null, actDocumentId: 'x' }, events: [] },
    ],
    documents: [],
  } as unknown as CaseContents
  const file = { name: hostile, mimeType: '', section: 'documents', title: text, code: hostile, at } as const
  const files = [{ ...file, read: async () => ({ bytes: Buffer.alloc(0) }) }]
  for (const language of ['es', 'en'] as const) {
    const html = writeIndex({ contents, institution: text, files, zone: 'UTC' }, language).toString()
    assert.doesNotMatch(html, /<script|<img|<iframe|<link|url\(|@import/)
    assert.ok(!html.includes(`="${hostile}`))
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1]!))
    const known = 'html head meta title style body main h1 h2 dl dt dd ul li a p small code br'.split(' ')
    assert.deepEqual(
      [...tags].filter((tag) => !known.includes(tag)),
      [],
    )
  }
})
