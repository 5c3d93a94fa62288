import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { HOSTILE } from '#test/support/hostile-pdf.ts'
import { hasPdfTools, pdfsig } from '#test/support/pdf-tools.ts'
import { authority, issue, revocationList } from '#test/support/pki.ts'
import { stamper, timestampOverDigest } from '#test/support/signed-pdf.ts'
import { samplePdf } from '#test/support/typst.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { signPdf } from '#trust/pdf/sign-pdf.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { percentile, type Result, seconds } from './measure.ts'

const SIGNATURES = 5
const ROUNDS = 200
const MANY = 4000

/** A document that five people signed, each at B-LTA: ten signatures and time-stamps in fifteen revisions. */
async function signedByFive(): Promise<Buffer> {
  const root = authority({ subject: 'root' })
  const clock = stamper(root)
  const crls = [revocationList({ issuer: root })]
  let pdf = samplePdf('Hola '.repeat(500))
  for (let i = 0; i < SIGNATURES; i += 1) {
    const { certificate, key } = issue({ subject: `signer ${i}`, issuer: root })
    pdf = await signPdf(pdf, {
      field: { fieldName: `signer-${i}`, signingTime: new Date('2025-06-01T00:00:00Z') },
      signer: { certificate, sign: signWith(key) },
      level: 'B-LTA',
      sources: {
        timestamp: (digest) => timestampOverDigest(digest, clock),
        validationData: () => ({ certificates: [root.certificate.der, certificate.der], crls, ocspResponses: [] }),
      },
      timestampField: `time-${i}`,
    })
  }
  return pdf
}

export async function measureTrustPdf(): Promise<Result[]> {
  const pdf = await signedByFive()
  const { signatures } = verifyPdf(pdf)
  if (
    signatures.length !== 2 * SIGNATURES ||
    !signatures.every(({ sound, modifications }) => sound && modifications !== 'suspicious')
  )
    throw new Error('the file of the benchmark does not hold')
  const times = timesOf(ROUNDS, () => verifyPdf(pdf))
  const peer = hasPdfTools()
    ? percentile(
        timesOf(5, () => pdfsig(pdf)),
        50,
      )
    : Number.NaN
  const first = heapAfter(ROUNDS, pdf)
  const growth = heapAfter(MANY, pdf) - first
  const hostile = measureHostile()
  const what = `a PDF of ${SIGNATURES} B-LTA signatures verified, differences and all (${Math.round(pdf.length / 1024)} KB`
  return [
    {
      what: `${what}; pdfsig, without differences: ${peer} ms), median`,
      value: percentile(times, 50),
      unit: 'ms',
      goal: 100,
      better: 'less',
    },
    { what: `${what}), 99th percentile`, value: percentile(times, 99), unit: 'ms', goal: 100, better: 'less' },
    { what: `the heap’s growth over ${MANY} such verifications`, value: growth, unit: 'MB', goal: 5, better: 'less' },
    {
      what: `the slowest of ${hostile.count} hostile PDFs (${hostile.slowest})`,
      value: hostile.seconds,
      unit: 's',
      goal: 5,
      better: 'less',
    },
    {
      what: 'the most memory that one of them takes, process and all',
      value: hostile.peak,
      unit: 'MB',
      goal: 512,
      better: 'less',
    },
  ]
}

function timesOf(rounds: number, task: () => unknown): number[] {
  return Array.from({ length: rounds }, () => {
    const elapsed = seconds()
    task()
    return elapsed() * 1000
  })
}

/** MB in use, after that many. */
function heapAfter(rounds: number, pdf: Buffer): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < rounds; i += 1) verifyPdf(pdf)
  // What is only weakly held goes with the second.
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

function measureHostile() {
  const child = fileURLToPath(new URL('../test/support/verify-files.ts', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'ventanilla-hostile-'))
  try {
    const told = Object.entries(HOSTILE).map(([name, make]) => {
      const path = join(folder, 'file.pdf')
      writeFileSync(path, make())
      const out = execFileSync(process.execPath, ['--expose-gc', child, path], { encoding: 'utf8' })
      return { name, ...(JSON.parse(out) as { milliseconds: number; peak: number }) }
    })
    const slowest = told.reduce((a, b) => (a.milliseconds > b.milliseconds ? a : b))
    const peak = Math.max(...told.map((each) => each.peak))
    return { count: told.length, slowest: slowest.name, seconds: slowest.milliseconds / 1000, peak }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
