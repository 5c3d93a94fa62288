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
  const peak = peakMemory()
  console.log(JSON.stringify({ problem: error?.problem, signatures: signatures.length, sound, peak, milliseconds }))
}

/** MB. Where the system says, of this program alone: what it was started from counts in the other figure. */
function peakMemory(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
