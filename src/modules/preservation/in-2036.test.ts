import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { newId } from '#kernel/ids.ts'
import { openLog } from '#kernel/log.ts'
import { type DocumentKind, newCode, storeDocument } from '#modules/documents/index.ts'
import { openDataGatherer } from '#modules/identity/index.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import type { Holder } from '#test/support/pki.ts'
import { basePdf, detachedCms, signPdf } from '#test/support/signed-pdf.ts'
import { openTrustWorld, type TrustWorld } from '#test/support/trust-world.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { pdfFacts } from '#trust/pdf/pdf-facts.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { readGrounds } from '#trust/validation/grounds.ts'
import { validateSignature } from '#trust/validation/validate-signature.ts'
import { openPreservation } from './open-preservation.ts'
import { readLastingDocument } from './store.ts'

let database: TestDatabase
let world: TrustWorld
before(async () => {
  database = await testDatabase()
  world = await openTrustWorld('2026-01-15T12:00:00Z')
})
let isClosed = false
const closeDatabase = async () => {
  if (!isClosed) await database.close()
  isClosed = true
}
after(closeDatabase)

async function keep(kind: DocumentKind, bytes: Buffer): Promise<{ ownerId: string; id: string }> {
  const key = { ownerId: newId(), id: newId() }
  const row = { ...key, kind, caseId: null, title: kind, code: newCode(), bytes, createdAt: world.clock.now() }
  await database.db.transaction().execute((trx) => storeDocument(trx, row))
  return key
}

function sign(signer: Holder, fieldName: string): Buffer {
  const prepared = prepareSignature(basePdf(), { fieldName, signingTime: world.clock.now(), contentsSize: 2500 })
  return insertSignature(
    prepared.pdf,
    prepared.byteRange,
    detachedCms(signer, byteRangeDigest(prepared.pdf, prepared.byteRange)),
  )
}

/** By what is in the file alone, and the root that the judge has. */
function judge(bytes: Buffer, at: string): string[] {
  const report = verifyPdf(bytes)
  const grounds = readGrounds({
    trustAnchors: [world.root.certificate],
    evidence: report.evidence,
    at: new Date(at),
  })
  return pdfFacts(report)
    .filter(({ signature }) => signature.kind === 'signature')
    .map(({ facts, constraintFailure }) => {
      const { indication, subIndication } = validateSignature({ facts, constraintFailure }, grounds)
      return subIndication ? `${indication} ${subIndication}` : indication
    })
}

interface Answer {
  exit: number
  verdicts: string[]
}

/** The command line as a judge has it: files, the root's certificate and a date; no database, no shop, no network. */
async function verifyElsewhere(files: Buffer[], at: string): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'judge-'))
  const trust = join(folder, 'trust')
  mkdirSync(trust)
  writeFileSync(join(trust, 'root.cer'), world.root.certificate.der)
  const names = files.map((bytes, i) => {
    const name = join(folder, `${i}.pdf`)
    writeFileSync(name, bytes)
    return name
  })
  const command = fileURLToPath(new URL('../../../bin/ventanilla', import.meta.url))
  const env = { PATH: process.env.PATH, DATA_DIR: join(folder, 'nothing'), DATABASE_URL: 'postgres://127.0.0.1:1/gone' }
  try {
    return await new Promise<Answer>((resolve) => {
      execFile(command, ['verify', '--json', '--at', at, '--trust', trust, ...names], { env }, (error, stdout) => {
        const verdicts = stdout.split('\n').filter(Boolean)
        resolve({
          exit: Number(error?.code ?? 0),
          verdicts: verdicts.map((line) => (JSON.parse(line) as { verdict: string }).verdict),
        })
      })
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('ten years pass: what was renewed is still sound offline, what was not cannot be told any more', async (t) => {
  world.certifyTime(4)
  const [person, servant, seal] = [world.person('PERSONA'), world.person('SERVIDORA'), world.person('SELLO')]
  const twice = signPdf(sign(person, 'citizen'), servant, 'officer')
  const issued = [
    ['application', sign(person, 'citizen')],
    ['decision', sign(servant, 'officer')],
    ['receipt', sign(seal, 'seal')],
    ['prevention', twice],
  ] as const
  const keys = await Promise.all(issued.map(([kind, bytes]) => keep(kind, bytes)))
  const read = () => Promise.all(keys.map(({ ownerId, id }) => readLastingDocument(database.db, ownerId, id)))
  const { clock, authorities, sources, stamp } = world
  const gatherer = openDataGatherer({
    db: database.db,
    authorities,
    sources,
    known: new Set(),
    demo: false,
    onSilence: () => {},
  })
  let liftedOnce: Buffer[] = []
  for (let year = 2026; year < 2036; year += 1)
    for (const month of ['02', '05', '08', '11']) {
      clock.set(`${year}-${month}-01T12:00:00Z`)
      if (['2029-02', '2032-02', '2035-02'].includes(`${year}-${month}`)) world.certifyTime(4)
      // Each time another process, as after years.
      const preservation = openPreservation({ db: database.db, clock, gatherer, stamp, log: openLog('silent') })
      const { postponed } = await preservation.run()
      assert.equal(postponed, 0)
      if (liftedOnce.length === 0) liftedOnce = (await read()).map(({ bytes }) => bytes)
    }
  const lasting = await read()
  world.close()
  await closeDatabase()
  const at = '2036-03-01T12:00:00Z'
  await t.test('by the command line, of the files and the root alone', async () => {
    const files = lasting.map(({ bytes }) => bytes)
    assert.deepEqual(await verifyElsewhere(files, at), { exit: 0, verdicts: files.map(() => 'sound') })
    assert.deepEqual(await verifyElsewhere(liftedOnce, at), { exit: 3, verdicts: files.map(() => 'undetermined') })
  })
  for (const [i, { bytes, additions }] of lasting.entries()) {
    const [kind, original] = issued[i]!
    assert.ok(additions >= 3, `${kind} was renewed`)
    const expected = kind === 'prevention' ? ['TOTAL-PASSED', 'TOTAL-PASSED'] : ['TOTAL-PASSED']
    assert.deepEqual(judge(bytes, at), expected, kind)
    assert.ok(
      verifyPdf(bytes).signatures.every(({ kind, level }) => kind === 'document-timestamp' || level === 'B-LTA'),
    )
    assert.deepEqual(judge(liftedOnce[i]!, '2028-01-01T00:00:00Z'), expected, `${kind} in its time`)
    for (const old of [liftedOnce[i]!, original])
      for (const verdict of judge(old, at)) assert.match(verdict, /^INDETERMINATE /, `${kind} without renewal`)
    const changed = Buffer.from(bytes)
    changed[40] = changed[40]! ^ 1
    for (const verdict of judge(changed, at)) assert.match(verdict, /^TOTAL-FAILED /)
  }
})
