import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sha256Hex } from '#kernel/bytes.ts'
import { newId } from '#kernel/ids.ts'
import { openLog } from '#kernel/log.ts'
import { newCode, readDocument, storeDocument } from '#modules/documents/index.ts'
import { openDataGatherer } from '#modules/identity/index.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { day, type Holder, issue } from '#test/support/pki.ts'
import { basePdf, detachedCms } from '#test/support/signed-pdf.ts'
import { openTrustWorld, type TrustWorld } from '#test/support/trust-world.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { openPreservation } from './open-preservation.ts'
import { readPreservationGauges, readPreservationStatus } from './preservation-status.ts'
import { endOfProof, nextTry, renewalOf } from './renewal.ts'
import { reviseEnds } from './stamping-authority.ts'
import { readLastingDocument } from './store.ts'

let database: TestDatabase
let world: TrustWorld

before(async () => {
  database = await testDatabase()
  world = await openTrustWorld('2026-03-01T12:00:00Z')
  world.certifyTime(4)
})
after(async () => {
  world.close()
  await database.close()
})

const open = () => {
  const { db } = database
  const { clock, authorities, sources, stamp } = world
  const gatherer = openDataGatherer({
    db,
    authorities,
    sources,
    known: new Set(),
    demo: false,
    onSilence: () => {},
  })
  return openPreservation({ db, clock, gatherer, stamp, log: openLog('silent') })
}

async function keep(signer: Holder): Promise<{ ownerId: string; id: string }> {
  const signingTime = world.clock.now()
  const prepared = prepareSignature(basePdf(), { fieldName: 'citizen', signingTime, contentsSize: 2500 })
  const cms = detachedCms(signer, byteRangeDigest(prepared.pdf, prepared.byteRange))
  const bytes = insertSignature(prepared.pdf, prepared.byteRange, cms)
  return keepBytes(bytes)
}

async function keepBytes(bytes: Buffer): Promise<{ ownerId: string; id: string }> {
  const key = { ownerId: newId(), id: newId() }
  const createdAt = world.clock.now()
  await database.db.transaction().execute((trx) =>
    storeDocument(trx, {
      ...key,
      kind: 'application',
      caseId: null,
      title: 't',
      code: newCode(),
      bytes,
      createdAt,
    }),
  )
  return key
}

const read = ({ ownerId, id }: { ownerId: string; id: string }) => readLastingDocument(database.db, ownerId, id)
const levels = (bytes: Buffer) =>
  verifyPdf(bytes).signatures.map(({ kind, level }) => (kind === 'signature' ? level : kind))

const MINUTE = 60_000

test('a document is lifted to B-LTA, its own bytes as they were, and renewed before the time-stamp ends', async () => {
  const key = await keep(world.person('PERSONA'))
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  const lasting = await read(key)
  assert.deepEqual(levels(lasting.bytes), ['B-LTA', 'document-timestamp'])
  const original = await readDocument(database.db, key.ownerId, key.id)
  assert.equal(sha256Hex(lasting.bytes.subarray(0, lasting.original.size)), original.sha256)
  assert.deepEqual(await open().run(), { preserved: 0, postponed: 0 })

  world.clock.set('2029-10-15T12:00:00Z')
  world.certifyTime(4)
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  const renewed = await read(key)
  assert.ok(renewed.bytes.subarray(0, lasting.bytes.length).equals(lasting.bytes))
  assert.deepEqual(levels(renewed.bytes), ['B-LTA', 'document-timestamp', 'document-timestamp'])
})

test('a silent authority only delays: the schedule says of what is waited for, and nothing is asked twice', async () => {
  world.clock.set('2029-11-01T12:00:00Z')
  const key = await keep(world.person('MARTA'))
  world.silent.add('time')
  assert.deepEqual(await open().run(), { preserved: 0, postponed: 1 })
  world.silent.delete('time')
  world.silent.add('people.crl')
  world.clock.advance(2 * MINUTE)
  assert.deepEqual(await open().run(), { preserved: 0, postponed: 1 })
  const { waiting, unfinished, oldestUnfinished } = await readPreservationStatus(database.db, world.clock.now())
  const issuer = world.people.certificate.sha256
  assert.deepEqual(waiting, [{ reason: 'source-silent', issuer, documents: 1 }])
  assert.deepEqual([unfinished, oldestUnfinished], [1, new Date('2029-11-01T12:00:00Z')])
  assert.deepEqual(await readPreservationGauges(database.db, world.clock.now()), { waiting: 1, oldestSeconds: 120 })
  assert.equal((await read(key)).additions, 0)
  world.silent.clear()
  world.clock.advance(10 * MINUTE)
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  assert.deepEqual((await readPreservationStatus(database.db, world.clock.now())).waiting, [])
})

test('a list made before the signature says nothing of it: the next one is waited for, and the time is proven meanwhile', async () => {
  world.clock.set('2029-11-05T12:00:00Z')
  world.frozenAt = new Date('2029-11-05T11:00:00Z')
  const key = await keep(world.person('TERESA'))
  assert.deepEqual(await open().run(), { preserved: 0, postponed: 1 })
  assert.equal((await readPreservationStatus(database.db, world.clock.now())).waiting[0]?.reason, 'answer-too-old')
  assert.equal((await read(key)).additions, 0)
  world.clock.advance(25 * 60 * MINUTE)
  assert.deepEqual(await open().run(), { preserved: 0, postponed: 1 })
  assert.deepEqual(levels((await read(key)).bytes), ['B-T', 'document-timestamp'])
  world.clock.advance(25 * 60 * MINUTE)
  await open().run()
  assert.equal((await read(key)).additions, 1, 'the time is proven once')
  world.frozenAt = undefined
  world.clock.advance(25 * 60 * MINUTE)
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  assert.deepEqual(levels((await read(key)).bytes), ['B-LTA', 'document-timestamp', 'document-timestamp'])
})

test('one whom nobody knows waits; a file that is no document of ours keeps nobody else waiting', async () => {
  world.clock.set('2029-12-01T12:00:00Z')
  const stranger = issue({ subject: 'NADIE', notBefore: day('2025-01-01'), notAfter: day('2032-01-01') })
  const [unknown, known] = [await keep(stranger), await keep(world.person('LUZ'))]
  const broken = await keepBytes(Buffer.from('%PDF-1.7 nothing'))
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 2 })
  const additions = await Promise.all([unknown, known, broken].map(async (key) => (await read(key)).additions))
  assert.deepEqual(additions, [0, 1, 0])
  const reasons = (await readPreservationStatus(database.db, world.clock.now())).waiting.map(({ reason }) => reason)
  assert.deepEqual(reasons.sort(), ['no-path', 'unreadable'])
})

const child = fileURLToPath(new URL('../../../test/support/preserve-once.ts', import.meta.url))
function startProcess() {
  const trust = join(world.sourcesFolder, 'trust')
  mkdirSync(trust, { recursive: true })
  for (const { sha256, certificate } of world.authorities) writeFileSync(join(trust, `${sha256}.cer`), certificate.der)
  const process_ = spawn(process.execPath, [child], { stdio: ['pipe', 'pipe', 'inherit'] })
  const { url } = database
  process_.stdin.end(
    JSON.stringify({ url, time: world.url, trust, sources: world.sourcesFolder, at: world.clock.now() }),
  )
  return process_
}

test('killed at any moment: an addition is there whole or not at all, and the next process takes over', async () => {
  world.clock.set('2030-01-10T12:00:00Z')
  const signer = world.person('ROSA')
  const keys = await Promise.all(Array.from({ length: 6 }, () => keep(signer)))
  world.delay = 60
  for (let i = 0; i < 4; i += 1) {
    const before = world.asked.get('time') ?? 0
    const running = startProcess()
    // Between two stamps, whatever it is doing then.
    while ((world.asked.get('time') ?? 0) < before + 2) await new Promise((done) => setTimeout(done, 7 + i * 11))
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  world.delay = 0
  await open().run()
  for (const key of keys) {
    const lasting = await read(key)
    assert.equal(lasting.additions, 1)
    assert.deepEqual(levels(lasting.bytes), ['B-LTA', 'document-timestamp'])
  }
})

test('three processes at once: each document once', async () => {
  world.clock.set('2030-01-20T12:00:00Z')
  const signer = world.person('ELENA')
  const keys = await Promise.all(Array.from({ length: 30 }, () => keep(signer)))
  const before = world.asked.get('time') ?? 0
  const processes = [startProcess(), startProcess()]
  const outputs = processes.map(async (each) => {
    let text = ''
    for await (const part of each.stdout) text += part
    return JSON.parse(text) as { preserved: number; postponed: number }
  })
  const reports = [await open().run(), ...(await Promise.all(outputs))]
  assert.equal(
    reports.reduce((sum, { preserved }) => sum + preserved, 0),
    30,
  )
  // Each process asks once who stamps.
  assert.ok((world.asked.get('time') ?? 0) - before <= 33)
  for (const key of keys) assert.equal((await read(key)).additions, 1)
})

test('renewal is due before the first end of certificates and algorithms, spread out, and sooner when an algorithm falls', async () => {
  const stampedAt = day('2026-01-01')
  const [root, above] = [world.root.certificate, world.time.certificate]
  const holder = world.certifyTime(4).certificate
  const path = [root, above, holder]
  assert.deepEqual(endOfProof(path), holder.notAfter)
  const sunset = { hash: 'sha256' as const, until: day('2031-01-01') }
  assert.deepEqual(endOfProof(path, [sunset]), sunset.until)
  const endsAt = day('2030-01-01')
  const days = Array.from({ length: 200 }, (_, i) => renewalOf(`document ${i}`, { stampedAt, endsAt }))
  for (const each of days) assert.ok(each >= day('2029-04-01') && each <= day('2029-07-06'), each.toISOString())
  assert.ok(new Set(days.map((each) => each.toISOString().slice(0, 10))).size > 60)
  const short = renewalOf('x', { stampedAt, endsAt: new Date(stampedAt.getTime() + 30 * 24 * 60 * MINUTE) })
  assert.ok(short > stampedAt && short < new Date(stampedAt.getTime() + 21 * 24 * 60 * MINUTE))
  assert.deepEqual(nextTry(stampedAt, 1000), new Date(stampedAt.getTime() + 6 * 60 * MINUTE))

  const now = day('2030-02-01')
  assert.equal(await reviseEnds(database.db, now), 0)
  const moved = await reviseEnds(database.db, now, [sunset])
  assert.ok(moved >= 30)
  const { nextRenewal } = await readPreservationStatus(database.db, now)
  assert.ok(nextRenewal! <= new Date(sunset.until.getTime() - 180 * 24 * 60 * MINUTE))
  assert.equal(await reviseEnds(database.db, now, [sunset]), 0)
})
