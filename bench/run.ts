import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { systemClock } from '#kernel/clock.ts'
import { measureCaseFiles } from './case-files.ts'
import { measureDrawing } from './drawing.ts'
import { measureLogAppends } from './log-appends.ts'
import type { Result } from './measure.ts'
import { measurePages } from './pages.ts'
import { measureSearch } from './search.ts'
import { measureSignIns } from './sign-ins.ts'
import { measureSubmissions } from './submissions.ts'
import { measureTrustCertificates } from './trust-certificates.ts'
import { measureTrustCms } from './trust-cms.ts'
import { measureTrustKeys } from './trust-keys.ts'
import { measureTrustMemory } from './trust-memory.ts'
import { measureTrustPdf } from './trust-pdf.ts'
import { measureTrustTimestamps } from './trust-timestamps.ts'

const all: Record<string, () => Promise<Result[]>> = {
  'sign-ins': measureSignIns,
  submissions: measureSubmissions,
  drawing: measureDrawing,
  pages: measurePages,
  search: measureSearch,
  'log-appends': measureLogAppends,
  'trust-pdf': measureTrustPdf,
  'case-files': measureCaseFiles,
  'trust-cms': measureTrustCms,
  'trust-certificates': measureTrustCertificates,
  'trust-keys': measureTrustKeys,
  'trust-memory': measureTrustMemory,
  'trust-timestamps': measureTrustTimestamps,
}

const wanted = process.argv.slice(2)
const results: Result[] = []
for (const [name, measure] of Object.entries(all)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const result of await measure()) {
    results.push(result)
    console.log(line(result))
  }
}
if (wanted.length === 0) await writeFile('bench/results.md', page(results))

function shown({ value, unit }: Pick<Result, 'value' | 'unit'>): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0
  return `${value.toFixed(digits)} ${unit}`
}

function met({ value, goal, better }: Result): boolean {
  return better === 'more' ? value >= goal : value <= goal
}

function line(result: Result): string {
  return `${met(result) ? 'met    ' : 'not met'}  ${shown(result).padStart(12)}  (goal ${result.better === 'more' ? '≥' : '≤'} ${result.goal} ${result.unit})  ${result.what}`
}

function page(lines: readonly Result[]): string {
  const [cpu] = cpus()
  const rows = lines.map(
    (result) =>
      `| ${result.what} | ${shown(result)} | ${result.better === 'more' ? '≥' : '≤'} ${result.goal} ${result.unit} | ${met(result) ? 'met' : 'not met'} |`,
  )
  return `# Measured

Made by \`script/bench\` on ${systemClock.now().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpu?.model ?? 'unknown'}), Node ${process.versions.node}, the embedded PostgreSQL. The load, the server and
PostgreSQL share the cores. Raised for the run: sign-ins and submissions of one account or address, requests a minute.

| what | measured | goal | |
|---|---|---|---|
${rows.join('\n')}

## What is behind the figures

See \`docs/decisions/031-what-a-submission-costs.md\` for where a submission's time goes, and what would change it.
`
}
