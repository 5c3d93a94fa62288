import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sha256Hex } from '#kernel/bytes.ts'
import { newId } from '#kernel/ids.ts'
import { openLog } from '#kernel/log.ts'
import { newCode, readDocument, storeDocument } from '#modules/documents/index.ts'
import { openDataGatherer } from '#modules/identity/index.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import type { Holder } from '#test/support/pki.ts'
import { basePdf, detachedCms } from '#test/support/signed-pdf.ts'
import { openTrustWorld, type TrustWorld } from '#test/support/trust-world.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { openPreservation } from './open-preservation.ts'
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
  const key = { ownerId: newId(), id: newId() }
  await database.db.transaction().execute((trx) =>
    storeDocument(trx, {
      ...key,
      kind: 'application',
      caseId: null,
      title: 't',
      code: newCode(),
      bytes,
      createdAt: signingTime,
    }),
  )
  return key
}

const read = ({ ownerId, id }: { ownerId: string; id: string }) => readLastingDocument(database.db, ownerId, id)
const levels = (bytes: Buffer) =>
  verifyPdf(bytes).signatures.map(({ kind, level }) => (kind === 'signature' ? level : kind))

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
