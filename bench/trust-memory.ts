import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readSignedData } from '../src/trust/cms/read-signed-data.ts'
import { verifySigner } from '../src/trust/cms/verify-signed-data.ts'
import { checkPath, createPathCache } from '../src/trust/path/check-path.ts'
import { verifyPdf } from '../src/trust/pdf/verify-pdf.ts'
import { verifyToken } from '../src/trust/timestamp/verify-token.ts'
import { authority, day, type Holder, issue, newKey, revocationList } from '../test/support/pki.ts'
import { basePdf, detachedCms, signPdf, stamper, timestampOver } from '../test/support/signed-pdf.ts'
import type { Result } from './measure.ts'

const VERIFICATIONS = 100_000
/** Caches fill and the compiler settles: what is counted begins after them. */
const WARM = 25_000
/** Verifications before another person comes: more people in all than any cache remembers. */
const EACH_PERSON = 5

/** Whether verifying leaves anything behind: messages, time-stamps, PDF files and paths of ever new people, with one kept cache. */
export async function measureTrustMemory(): Promise<Result[]> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const verify = prepare()
  for (let i = 0; i < WARM; i += 1) verify(i)
  const before = settled(collect)
  for (let i = WARM; i < WARM + VERIFICATIONS; i += 1) verify(i)
  const after = settled(collect)
  const what = `after ${VERIFICATIONS.toLocaleString('en')} verifications with ${(VERIFICATIONS / EACH_PERSON).toLocaleString('en')} new people`
  return [
    {
      what: `live memory ${what}, beyond what it was`,
      value: after.heap - before.heap,
      unit: 'MB',
      goal: 4,
      better: 'less',
    },
    {
      what: `resident memory ${what}, of ${Math.round(before.resident)} MB, beyond what it was`,
      value: after.resident - before.resident,
      unit: 'MB',
      goal: 32,
      better: 'less',
    },
  ]
}

export function settled(collect: () => void): { heap: number; resident: number } {
  for (let i = 0; i < 3; i += 1) collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 }
}

/** What is verified, in turn. Each must hold: an early refusal would leave nothing behind by doing nothing. */
function prepare(): (i: number) => void {
  const at = day('2025-06-02')
  const root = authority({ subject: 'root' })
  const people = authority({ subject: 'people', issuer: root })
  const trustAnchors = [root.certificate]
  const intermediates = [people.certificate]
  const crls = [root, people].map((issuer) => revocationList({ issuer }))
  const cache = createPathCache()
  const keys = Array.from({ length: 16 }, newKey)
  const bytes = Buffer.alloc(10_240, 'v')
  const content = createHash('sha256').update(bytes).digest()
  const token = timestampOver(bytes, stamper(root))
  let person: Holder = issue({ subject: 'person', issuer: people })
  let message: Buffer = Buffer.alloc(0)
  let pdf: Buffer = Buffer.alloc(0)
  return (i) => {
    if (i % EACH_PERSON === 0) {
      person = issue({ subject: `person ${i}`, issuer: people, key: keys[(i / EACH_PERSON) % keys.length]! })
      message = detachedCms(person, content)
      if (i % 100 === 0) pdf = signPdf(basePdf(), person)
    }
    if (i % 20 === 19) return must(verifyPdf(pdf).signatures.every(({ sound }) => sound))
    if (i % 4 === 0) {
      const { certificate } = person
      const question = { certificate, trustAnchors, intermediates, crls, at, revocation: 'require', cache } as const
      return must(checkPath(question).indication === 'PASSED')
    }
    if (i % 4 === 1) return must(verifyToken(token, (hash) => createHash(hash).update(bytes).digest()).timestamp?.sound)
    const data = readSignedData(message)
    return must(verifySigner(data, data.signers[0]!, (hash) => createHash(hash).update(bytes).digest()).sound)
  }
}

function must(holds: boolean | undefined): void {
  if (!holds) throw new Error('a verification does not hold')
}
