import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { PdfFile } from '#trust/pdf/file.ts'
import { isName, isRef, isStream, isString, type PdfDict, type PdfValue } from '#trust/pdf/values.ts'
import { heading, type OfficialDocument, paragraph, rows, small, strong } from '../official-document.ts'
import { openDrawing } from '../render-document.ts'
import { subsetFont } from './subset-font.ts'
import { readTrueType } from './true-type.ts'
import { Typeface } from './typeface.ts'
import { wrapText } from './wrap-text.ts'

const drawing = await openDrawing({ publicUrl: 'https://shop.example', platform: 'Ventanilla', accent: '#9D2449' })
const at = new Date('2026-11-24T15:00:00Z')
const field = { fieldName: 'signature', signingTime: at, contentsSize: 3000 }
const draw = (document: OfficialDocument, code: string, createdAt: Date): Buffer =>
  drawing(document, code, createdAt, field).pdf
const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/package.json'))
const regular = readTrueType(join(fonts, '400Regular', 'NotoSans_400Regular.ttf'), 'NotoSans-Regular')
const folder = mkdtempSync(join(tmpdir(), 'paper-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const documentOf = (more: Partial<OfficialDocument> = {}): OfficialDocument => ({
  kind: 'decision',
  language: 'es',
  title: 'Resolución «Ñandú» & Cía. <1>',
  subtitle: 'COFEPRIS-05-018',
  institution: 'Comisión Federal (para la Protección)',
  unit: 'Unidad de Trámites',
  folio: '2026-ABCD-EFGH',
  data: { a: 1 },
  blocks: [
    heading('Quién solicita'),
    rows([
      ['Nombre', 'IÑAKI ÁNGEL MUÑOZ NÚÑEZ'],
      ['Lo que dijo', 'Primera línea\nsegunda línea'],
    ]),
    strong('Se concede.'),
    { kind: 'list', items: ['Uno', 'Dos'] },
    paragraph('Porque sí.'),
    small('Letra pequeña.'),
  ],
  attachments: ['2-b.txt', '1-ñ.txt', '1-a.txt'].map((name) => ({
    name,
    type: 'text/plain',
    bytes: Buffer.from(name),
    relationship: 'supplement',
    description: name,
  })),
  ...more,
})
const CODE = 'FVZV-BWTN-PA3F-VJTZ'
const long = documentOf({
  blocks: [
    heading('Todo'),
    rows(Array.from({ length: 60 }, (_, i) => [`Pregunta ${i}`, `Respuesta${i} `.repeat(i === 30 ? 900 : 12)])),
  ],
})

function tool(command: string, args: string[], pdf: Buffer): string {
  writeFileSync(join(folder, 'a.pdf'), pdf)
  return execFileSync(command, [...args, join(folder, 'a.pdf'), ...(command === 'pdftotext' ? ['-'] : [])], {
    encoding: 'utf8',
  })
}
const has = (command: string): boolean => {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
const skip = has('qpdf') && has('pdffonts') ? false : 'qpdf and poppler are not here'

/** A page's operators, taken apart: which run each piece of text or drawing is in. */
function runsOf(content: string): { marked: number[]; loose: string[]; depth: number } {
  const marked: number[] = []
  const loose: string[] = []
  let depth = 0
  for (const line of content.split('\n')) {
    const id = /\/MCID (\d+)>> BDC$/.exec(line)
    if (id) marked.push(Number(id[1]))
    if (/ B(DC|MC)$/.test(line)) depth += 1
    else if (line === 'EMC') depth -= 1
    else if (line !== '' && depth === 0) loose.push(line)
    assert.ok(depth === 0 || depth === 1, 'a run inside another')
  }
  return { marked, loose, depth }
}

interface Element {
  role: string
  kids: Array<{ page: number; id: number }>
}

/** Every element of the structure, with the runs it says are its own. */
function elementsOf(file: PdfFile, pages: readonly number[]): Map<number, Element> {
  const elements = new Map<number, Element>()
  const walk = (value: PdfValue, parent: number): void => {
    assert.ok(isRef(value))
    const dict = file.dict(value)!
    assert.ok(isRef(dict.get('P')!) && (dict.get('P') as { num: number }).num === parent, 'the parent is the parent')
    const page = dict.get('Pg')
    const element: Element = { role: nameOf(dict.get('S')), kids: [] }
    elements.set(value.num, element)
    for (const kid of file.array(dict.get('K')) ?? []) {
      if (typeof kid === 'number') element.kids.push({ page: pages.indexOf((page as { num: number }).num), id: kid })
      else if (isRef(kid)) walk(kid, value.num)
      else {
        const { num } = (kid as PdfDict).get('Pg') as { num: number }
        element.kids.push({ page: pages.indexOf(num), id: (kid as PdfDict).get('MCID') as number })
      }
    }
  }
  const root = file.catalog.get('StructTreeRoot') as { num: number }
  walk(file.dict(root as PdfValue)!.get('K')!, root.num)
  return elements
}

const nameOf = (value: PdfValue | undefined): string => {
  assert.ok(isName(value))
  return value.name
}

function pagesOf(file: PdfFile): number[] {
  const pages = file.dict(file.catalog.get('Pages'))!
  return file.array(pages.get('Kids'))!.map((kid) => (kid as { num: number }).num)
}

function contentOf(file: PdfFile, page: number): string {
  const stream = file.resolve(file.dict({ num: page, gen: 0 })!.get('Contents'))
  assert.ok(isStream(stream))
  return file.data(stream).toString('latin1')
}

for (const [what, document] of [
  ['a page', documentOf()],
  ['many pages', long],
] as const) {
  test(`ISO 32000-1, 14.7 and 14.8: every run is in the structure or declared decoration, and the page finds its element (${what})`, () => {
    const file = new PdfFile(draw(document, CODE, at))
    const pages = pagesOf(file)
    const elements = elementsOf(file, pages)
    const parents = file.array(
      file.dict(file.dict(file.catalog.get('StructTreeRoot'))!.get('ParentTree'))!.get('Nums'),
    )!
    pages.forEach((page, i) => {
      const { marked, loose, depth } = runsOf(contentOf(file, page))
      assert.deepEqual([loose, depth], [[], 0])
      assert.deepEqual(marked, [...marked.keys()], 'numbered from zero, each once')
      assert.equal(file.dict({ num: page, gen: 0 })!.get('StructParents'), i)
      assert.equal(parents[i * 2], i)
      const owners = file.array(parents[i * 2 + 1])!
      assert.equal(owners.length, marked.length)
      for (const id of marked) {
        const owner = elements.get((owners[id] as { num: number }).num)
        assert.ok(
          owner?.kids.some((kid) => kid.page === i && kid.id === id),
          `run ${id} of page ${i}`,
        )
      }
    })
    const roles = [...elements.values()].map(({ role }) => role)
    for (const role of ['Document', 'H1', 'H2', 'Table', 'TR', 'TH', 'TD', 'Figure'])
      assert.ok(roles.includes(role), role)
  })
}

test('ISO 19005-3: it claims A-3a in its metadata, which says what the information dictionary says, and names its colours', () => {
  const file = new PdfFile(draw(documentOf(), CODE, at))
  const packet = file.resolve(file.catalog.get('Metadata'))
  assert.ok(isStream(packet) && !packet.dict.has('Filter'))
  const text = file.data(packet).toString('utf8')
  assert.match(text, /<pdfaid:part>3<\/pdfaid:part><pdfaid:conformance>A<\/pdfaid:conformance>/)
  assert.match(text, /<rdf:li xml:lang="x-default">Resolución «Ñandú» &amp; Cía. &lt;1&gt;<\/rdf:li>/)
  assert.match(text, /<xmp:CreateDate>2026-11-24T15:00:00Z<\/xmp:CreateDate>/)
  const information = file.dict(file.trailer.get('Info'))!
  const title = information.get('Title')!
  assert.ok(isString(title))
  assert.equal(title.bytes.subarray(2).swap16().toString('utf16le'), 'Resolución «Ñandú» & Cía. <1>')
  assert.equal(file.dict(file.catalog.get('MarkInfo'))!.get('Marked'), true)
  const [intent] = file.array(file.catalog.get('OutputIntents'))!
  const profile = file.resolve(file.dict(intent)!.get('DestOutputProfile'))
  assert.ok(isStream(profile))
  assert.equal(file.data(profile).toString('latin1', 12, 24), 'mntrRGB XYZ ')
  assert.equal(file.array(file.trailer.get('ID'))!.length, 2)
})

test('ISO 19005-3, 6.8: the files are associated, described and in the order of their names', () => {
  const file = new PdfFile(draw(documentOf(), CODE, at))
  const tree = file.dict(file.dict(file.catalog.get('Names'))!.get('EmbeddedFiles'))!
  const names = file
    .array(tree.get('Names'))!
    .filter(isString)
    .map(({ bytes }) => bytes)
  assert.deepEqual(names, [...names].sort(Buffer.compare))
  const associated = file.array(file.catalog.get('AF'))!
  assert.equal(associated.length, 4)
  for (const each of associated) {
    const specification = file.dict(each)!
    for (const key of ['F', 'UF', 'Desc', 'AFRelationship', 'EF']) assert.ok(specification.has(key), key)
    const stream = file.resolve(file.dict(specification.get('EF'))!.get('F'))
    assert.ok(isStream(stream) && stream.dict.has('Subtype') && file.dict(stream.dict.get('Params'))!.has('ModDate'))
  }
})

test('other programs find nothing wrong, every font inside, and each word once and in order', { skip }, () => {
  for (const document of [documentOf(), long]) {
    const pdf = draw(document, CODE, at)
    assert.match(tool('qpdf', ['--check'], pdf), /No syntax or stream encoding errors/)
    const listed = tool('pdffonts', [], pdf).trim().split('\n').slice(2)
    assert.equal(listed.length, 2)
    for (const font of listed) assert.match(font, /CID TrueType\s+Identity-H\s+yes yes yes/)
  }
  const words = tool('pdftotext', ['-layout'], draw(documentOf(), CODE, at)).replace(/\s+/g, ' ')
  for (const expected of ['IÑAKI ÁNGEL MUÑOZ NÚÑEZ', 'Primera línea', 'Se concede.', 'Hoja 1 de 1', CODE])
    assert.ok(words.includes(expected), expected)
  const many = tool('pdftotext', [], draw(long, CODE, at))
  for (let i = 0; i < 60; i += 1)
    assert.equal(many.match(new RegExp(`Respuesta${i}\\s`, 'g'))?.length, i === 30 ? 900 : 12, `row ${i}`)
})

test('a line is never wider than it may be, and the lines together are the text', () => {
  const typeface = new Typeface(regular)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'aWi ñ-ÁM. 漢\n'), maxLength: 200 }), (text) => {
      const lines = text.split('\n').map((line) => wrapText(line, typeface, 5000))
      assert.equal(lines.map((each) => each.join('')).join('\n'), text)
      for (const line of lines.flat()) assert.ok(typeface.widthOf(line.trimEnd()) <= 5000, line)
    }),
  )
})

test('a subset holds the outlines it was asked for, and those that they are made of', () => {
  const wanted = [0, ...'Áñ¿q'].map((each) => (each === 0 ? 0 : regular.glyphOf(String(each).codePointAt(0)!)))
  const subset = subsetFont(regular, wanted)
  const tables = new Map<string, Buffer>()
  for (let i = 0; i < subset.readUInt16BE(4); i += 1) {
    const record = 12 + i * 16
    const start = subset.readUInt32BE(record + 8)
    tables.set(
      subset.toString('latin1', record, record + 4),
      subset.subarray(start, start + subset.readUInt32BE(record + 12)),
    )
  }
  const [loca, glyf, maxp] = ['loca', 'glyf', 'maxp'].map((tag) => tables.get(tag)!) as [Buffer, Buffer, Buffer]
  const count = maxp.readUInt16BE(4)
  assert.equal(loca.length, (count + 1) * 4)
  let made = 0
  wanted.forEach((glyph, i) => {
    const original = regular.outlineOf(glyph)
    const outline = glyf.subarray(loca.readUInt32BE(i * 4), loca.readUInt32BE(i * 4 + 4))
    // Number of contours and bounds.
    assert.deepEqual(outline.subarray(0, 10), original.subarray(0, 10))
    if (original.readInt16BE(0) >= 0) return
    made += 1
    assert.ok(outline.readUInt16BE(12) < count, 'its part travels with it')
  })
  assert.ok(made > 0, 'one of them is made of others')
})

test('whatever a document says, what is drawn can be read again', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 80 })
  const block = fc.oneof(
    text.map(heading),
    text.map(strong),
    text.map(paragraph),
    fc.array(text, { maxLength: 4 }).map((items) => ({ kind: 'list' as const, items })),
    fc.array(fc.tuple(text, text), { maxLength: 5 }).map(rows),
  )
  fc.assert(
    fc.property(text, fc.array(block, { maxLength: 12 }), (title, blocks) => {
      const file = new PdfFile(draw(documentOf({ title, blocks }), CODE, at))
      for (const page of pagesOf(file)) assert.deepEqual(runsOf(contentOf(file, page)).loose, [])
    }),
    { numRuns: 150 },
  )
})
