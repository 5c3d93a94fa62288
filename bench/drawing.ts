import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { heading, type OfficialDocument, paragraph, rows, strong } from '../src/modules/documents/official-document.ts'
import { openDrawing } from '../src/modules/documents/render-document.ts'
import { type Result, seconds } from './measure.ts'

const AT = new Date('2026-11-24T15:00:00Z')
const TIMES = 400

const documentOf = (turn: number): OfficialDocument => ({
  kind: 'application',
  language: 'es',
  title: 'Denuncia sanitaria',
  institution: 'Comisión Federal para la Protección contra Riesgos Sanitarios',
  data: { turn },
  blocks: [
    heading('Quién solicita'),
    rows([
      ['Nombre', `GUADALUPE HERNÁNDEZ ORTEGA ${turn}`],
      ['RFC', 'HEOG800101AB1'],
      ['CURP', 'HEOG800101MDFRRD09'],
    ]),
    heading('Lo que respondió'),
    rows([
      ['¿Qué pasó?', 'Un restaurante vende carne en mal estado desde hace tres meses y nadie hace nada.'],
      ['¿Dónde?', 'Calle Uno 23, Colonia Centro, 06000 Cuauhtémoc, Ciudad de México'],
    ]),
    paragraph('Acepto que los actos de este trámite se me notifiquen por medios electrónicos.'),
    strong('Declaro bajo protesta de decir verdad que los datos que anoté son ciertos.'),
  ],
})

/** One page as PDF/A-3a with its data inside, beside Typst setting the same words with the same fonts to the same standard. */
export async function measureDrawing(): Promise<Result[]> {
  const draw = await openDrawing({ publicUrl: 'https://shop.example', platform: 'Ventanilla', accent: '#9D2449' })
  const field = { fieldName: 'signature', signingTime: AT, contentsSize: 4000 }
  const folder = mkdtempSync(join(tmpdir(), 'ventanilla-drawing-'))
  try {
    const typst = openTypst(folder)
    const ours = rate((turn) => draw(documentOf(turn), 'FVZV-BWTN-PA3F-VJTZ', AT, field))
    const theirs = rate((turn) => typst(documentOf(turn)))
    const milliseconds = (each: number) => (1000 / each).toFixed(2)
    return [
      {
        what: `an official document of one page, ${milliseconds(ours)} ms, beside Typst setting its words, ${milliseconds(theirs)} ms`,
        value: ours / theirs,
        unit: '×',
        goal: 3,
        better: 'more',
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns how many a second, warm */
function rate(make: (turn: number) => unknown): number {
  for (let turn = 0; turn < TIMES / 4; turn += 1) make(turn)
  const elapsed = seconds()
  for (let turn = 0; turn < TIMES; turn += 1) make(TIMES + turn)
  return TIMES / elapsed()
}

function openTypst(folder: string): (document: OfficialDocument) => Buffer {
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/package.json'))
  const main = join(folder, 'main.typ')
  writeFileSync(
    main,
    `#let d = json(bytes(sys.inputs.document))
#set document(title: d.title)
#set text(font: "Noto Sans", size: 10pt, lang: d.language)
#pdf.attach("/data.json", bytes(sys.inputs.data), relationship: "data", mime-type: "application/json", description: "data")
#text(weight: "bold", d.institution)
= #d.title
#for block in d.blocks {
  if block.kind == "heading" [== #block.text]
  else if block.kind == "rows" { table(columns: (34%, 1fr), ..block.rows.map(row => (strong(row.at(0)), row.at(1))).flatten()) }
  else { par(block.text) }
}`,
  )
  const fontPaths = [join(fonts, '400Regular'), join(fonts, '700Bold')]
  const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths }] })
  return ({ data, ...document }) => {
    const inputs = { document: JSON.stringify(document), data: JSON.stringify(data) }
    const pdf = compiler.pdf(
      { mainFilePath: main, inputs },
      { pdfStandard: 'a-3a' as never, creationTimestamp: Math.floor(AT.getTime() / 1000) },
    )
    compiler.evictCache(8)
    return Buffer.from(pdf)
  }
}
