import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

/** A small PDF/A-3a with one embedded file, as the shop's documents are. */
export function samplePdf(words = 'Hola', data = '{"a":1}'): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'ventanilla-typst-'))
  try {
    const main = join(folder, 'main.typ')
    writeFileSync(
      main,
      `#set document(title: "Prueba")\n#set text(lang: "es")\n#pdf.attach("/data.json", bytes(sys.inputs.data), relationship: "data", mime-type: "application/json", description: "datos")\n= Prueba\n#sys.inputs.words`,
    )
    const compiler = NodeCompiler.create({ workspace: folder })
    return Buffer.from(
      compiler.pdf(
        { mainFilePath: main, inputs: { data, words } },
        { pdfStandard: 'a-3a' as never, creationTimestamp: 1_790_000_000 },
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
