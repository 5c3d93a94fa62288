import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the machine has what others read PDFs with. */
export function hasPdfTools(): boolean {
  return ['pdfsig', 'qpdf'].every((tool) => {
    try {
      execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}

/** What a program of the machine says about a file; its complaints too. */
function ask(tool: string, words: readonly string[], pdf: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'ventanilla-pdf-'))
  try {
    const path = join(folder, 'file.pdf')
    writeFileSync(path, pdf)
    return execFileSync(tool, [...words, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Poppler's word on each signature: `Signature is Valid.` and the like. */
export function pdfsig(pdf: Buffer): string[] {
  const said = ask('pdfsig', ['-nocert'], pdf)
  return [...said.matchAll(/Signature Validation: (.*)/g)].map(([, verdict]) => verdict!)
}

/** Throws where the file is not clean to qpdf. */
export const qpdfCheck = (pdf: Buffer): string => ask('qpdf', ['--check'], pdf)
