import { execFile } from 'node:child_process'
import { createHash, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeAsic } from '../src/trust/asic/make-asic.ts'
import { verifyAsic } from '../src/trust/asic/verify-asic.ts'
import { AT, cadesOver, containerOf } from '../test/support/asic.ts'
import { authority, issue } from '../test/support/pki.ts'
import { percentile, type Result, seconds } from './measure.ts'

const run = promisify(execFile)
const ROUNDS = 15
const DOCUMENTS = 20
const MIB = 1024 * 1024

/** A case of 20 MB made into a container and verified, beside the hashing that cannot be left out and Info-ZIP's own test of the same file. */
export async function measureCaseFiles(): Promise<Result[]> {
  const root = authority({ subject: 'root' })
  const seal = issue({ subject: 'seal', issuer: root })
  const parts = Array.from({ length: DOCUMENTS }, (_, i) => ({
    name: `documentos/${i}.pdf`,
    mimeType: 'application/pdf',
    bytes: randomBytes(MIB),
  }))
  const file = await containerOf(parts, seal)
  const hash = () => parts.map(({ bytes }) => createHash('sha256').update(bytes).digest())
  const signature = sign('sha256', file.subarray(0, 1000), seal.key)
  const key = createPublicKey(seal.key)
  const [bare, verified, made] = await medians([
    () => {
      hash()
      verify('sha256', file.subarray(0, 1000), key, signature)
    },
    () => {
      const { signatures, uncovered } = verifyAsic(file)
      if (!signatures[0]?.facts.sound || uncovered.length > 0) throw new Error('it must hold')
    },
    async () => {
      for await (const _ of makeAsic(parts, AT, (manifest) => cadesOver(manifest, seal)));
    },
  ] as const)
  return [
    {
      what: 'verifying a case file of 20 MB, of its bare hashing and one signature',
      value: bare / verified,
      unit: '×',
      goal: 0.5,
      better: 'more',
    },
    { what: 'making it, of the same', value: bare / made, unit: '×', goal: 0.5, better: 'more' },
    {
      what: 'verifying it, of what unzip -t takes for its check sums alone',
      value: verified / (await unzipSeconds(file)),
      unit: '×',
      goal: 1,
      better: 'less',
    },
  ]
}

/** Of each in turn, so that what else the machine does falls on all alike. Seconds. */
async function medians(works: readonly [Work, Work, Work]): Promise<[number, number, number]> {
  const taken: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < ROUNDS; i += 1)
    for (const [at, work] of works.entries()) {
      const elapsed = seconds()
      await work()
      taken[at]!.push(elapsed() * 1_000_000)
    }
  const of = (values: number[]) => percentile(values, 50) / 1_000_000
  return [of(taken[0]), of(taken[1]), of(taken[2])]
}

type Work = () => unknown

async function unzipSeconds(file: Buffer): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-bench-'))
  try {
    await writeFile(join(folder, 'a.asice'), file)
    const unzip = () => run('unzip', ['-tqq', join(folder, 'a.asice')])
    return (await medians([unzip, unzip, unzip]))[0]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
