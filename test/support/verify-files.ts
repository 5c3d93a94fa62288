import { readFileSync } from 'node:fs'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'

// Run as a process of its own, with the memory that a process may have: verifies the files that are named, and says what it took.
for (const path of process.argv.slice(2)) {
  // What was read before is not what this file takes.
  globalThis.gc?.()
  const bytes = readFileSync(path)
  const started = performance.now()
  const { error, signatures } = verifyPdf(bytes)
  const sound = signatures.filter((each) => each.sound && each.modifications !== 'suspicious').length
  const milliseconds = performance.now() - started
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ problem: error?.problem, signatures: signatures.length, sound, peak, milliseconds }))
}
