import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { openLog } from '#kernel/log.ts'
import { newCode, storeDocument } from '#modules/documents/index.ts'
import { openDataGatherer } from '#modules/identity/index.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { basePdf, signPdf } from '#test/support/signed-pdf.ts'
import { openTrustWorld, type TrustWorld } from '#test/support/trust-world.ts'
import { pdfFacts } from '#trust/pdf/pdf-facts.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { readGrounds } from '#trust/validation/grounds.ts'
import { validateSignature } from '#trust/validation/validate-signature.ts'
import { openPreservation } from './open-preservation.ts'
import type { PreservationParts } from './preservation-parts.ts'
import { readPreservationStatus } from './preservation-status.ts'
import { ClockDiffers } from './stamping-authority.ts'
import { readLastingDocument } from './store.ts'

let database: TestDatabase
let world: TrustWorld
before(async () => {
  database = await testDatabase()
})
after(() => database.close())
beforeEach(async () => {
  await sql`truncate preservation.schedule, preservation.addition, documents.to_preserve`.execute(database.ownerDb)
  world = await openTrustWorld('2026-03-01T12:00:00Z')
})
afterEach(() => world.close())

interface Key {
  ownerId: string
  id: string
}

function open(more: Partial<PreservationParts> = {}) {
  const { db } = database
  const { clock, authorities, sources, stamp } = world
  const onSilence = () => {}
  const gatherer = openDataGatherer({ db, authorities, sources, known: new Set(), demo: false, onSilence })
  return openPreservation({ db, clock, gatherer, stamp, log: openLog('silent'), ...more })
}

async function keep(): Promise<Key> {
  const key = { ownerId: newId(), id: newId() }
  const [bytes, createdAt] = [signPdf(basePdf(), world.person('PERSONA')), world.clock.now()]
  const rest = { kind: 'application', caseId: null, title: 't', code: newCode() } as const
  await database.db.transaction().execute((trx) => storeDocument(trx, { ...key, ...rest, bytes, createdAt }))
  return key
}

const read = ({ ownerId, id }: Key) => readLastingDocument(database.db, ownerId, id)
const additionsOf = async (key: Key) => (await read(key)).additions
const waiting = async () =>
  (await readPreservationStatus(database.db, world.clock.now())).waiting.map(({ reason }) => reason)

const DAY = 86_400_000
async function pass(days: number, step = 20): Promise<void> {
  for (let i = 0; i < days; i += step) {
    world.clock.advance(step * DAY)
    await open().run()
  }
}

test('an issuer that is silent for years: the proof of time is renewed all the same, and the rest comes when it comes', async () => {
  world.certifyTime(2)
  world.silent.add('people.crl')
  const key = await keep()
  await open().run()
  assert.equal(await additionsOf(key), 0)
  await pass(2, 1)
  assert.equal(await additionsOf(key), 1)
  await pass(500, 50)
  assert.equal(await additionsOf(key), 1, 'what is missing is waited for while there is time')
  world.certifyTime(4)
  const { lapsed } = await readPreservationStatus(database.db, new Date('2028-04-01'))
  assert.equal(lapsed, 1, 'it would be lost')
  await pass(200)
  assert.equal(await additionsOf(key), 2, 'not at the price of the proof of time')
  await pass(400, 50)
  assert.equal(await additionsOf(key), 2, 'once')
  assert.deepEqual(await waiting(), ['source-silent'])
  world.silent.clear()
  await pass(20)
  assert.equal(await additionsOf(key), 3)
  assert.deepEqual(await waiting(), [])
  assert.ok(verifyPdf((await read(key)).bytes).signatures.every(({ level }) => level === 'B-LTA' || level === 'none'))
})

test('an authority of time that ends within the margin and does not renew its certificate: told once, and never stamped in vain', async () => {
  world.certifyTime(10 / 365.25)
  const key = await keep()
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  for (let i = 0; i < 30; i += 1) {
    world.clock.advance(DAY / 4)
    await open().run()
  }
  assert.equal(await additionsOf(key), 1)
  assert.deepEqual(await waiting(), ['authority-ends'])
  world.certifyTime(4)
  world.clock.advance(DAY / 4)
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  assert.equal(await additionsOf(key), 2)
})

test('a clock that is wrong: nothing is done by it, and what was put off by it comes back', async () => {
  world.certifyTime(4)
  const key = await keep()
  const ahead = { clock: fixedClock('2036-01-01T00:00:00Z') }
  await assert.rejects(open(ahead).run(), ClockDiffers)
  assert.equal((await readPreservationStatus(database.db, world.clock.now())).untaken, 1)
  // Without the authority nobody knows what time it is.
  world.silent.add('time')
  await open(ahead).run()
  world.silent.clear()
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  await assert.rejects(open({ clock: fixedClock('2020-01-01T00:00:00Z') }).run(), ClockDiffers)
  await assert.rejects(open(ahead).run(), ClockDiffers)
  assert.equal(await additionsOf(key), 1)
})

test('a clock that goes wrong between two documents: the one in hand is as it was', async () => {
  world.certifyTime(4)
  const keys = [await keep(), await keep()]
  const clock = fixedClock('2026-03-01T12:00:00Z')
  const stamp = async (digest: Uint8Array) => {
    const token = await world.stamp(digest)
    if ((world.asked.get('time') ?? 0) >= 2) clock.set('2026-03-02T12:00:00Z')
    return token
  }
  await assert.rejects(open({ clock, stamp }).run(), ClockDiffers)
  assert.deepEqual(await Promise.all(keys.map(additionsOf)), [0, 0])
  assert.deepEqual(await open().run(), { preserved: 2, postponed: 0 })
})

test('the end of SHA-256 is announced: what rests on it is renewed before, with SHA-512, and holds afterwards', async () => {
  const algorithms = [{ hash: 'sha256' as const, until: new Date('2027-06-01T00:00:00Z') }]
  world.certifyTime(6)
  const key = await keep()
  assert.deepEqual(await open().run(), { preserved: 1, postponed: 0 })
  const before = (await read(key)).bytes
  world.clock.set('2026-10-01T12:00:00Z')
  assert.deepEqual(await open({ algorithms }).run(), { preserved: 0, postponed: 0 })
  world.clock.set('2027-05-01T12:00:00Z')
  assert.deepEqual(await open({ algorithms }).run(), { preserved: 1, postponed: 0 })
  assert.deepEqual(await open({ algorithms }).run(), { preserved: 0, postponed: 0 })
  world.clock.set('2028-01-01T12:00:00Z')
  assert.deepEqual(
    await open({ algorithms }).run(),
    { preserved: 0, postponed: 0 },
    'the new one lasts as long as its certificate',
  )
  const judge = (bytes: Buffer) => {
    const report = verifyPdf(bytes)
    const trustAnchors = [world.root.certificate]
    const grounds = readGrounds({ trustAnchors, evidence: report.evidence, at: world.clock.now(), algorithms })
    return pdfFacts(report)
      .filter(({ signature }) => signature.kind === 'signature')
      .map((each) => validateSignature(each, grounds).indication)
  }
  assert.deepEqual(judge((await read(key)).bytes), ['TOTAL-PASSED'])
  assert.deepEqual(judge(before), ['INDETERMINATE'])
})

test('what is issued while others are looked after does not wait for their end', async () => {
  world.certifyTime(4)
  await keep()
  let issued = 1
  const stamp = async (digest: Uint8Array) => {
    issued += 1
    if (issued <= 5) await keep()
    return world.stamp(digest)
  }
  assert.deepEqual(await open({ stamp }).run(), { preserved: 5, postponed: 0 })
})
