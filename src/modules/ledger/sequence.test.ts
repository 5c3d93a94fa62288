import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { silentLog } from '#kernel/log.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { hashLeaf, rootOf } from '#trust/merkle/tree.ts'
import { openCheckpoint } from '#trust/note/checkpoint.ts'
import { parseVerifierKey, verifierKey } from '#trust/note/signed-note.ts'
import { verifyTlogProof } from '#trust/note/tlog-proof.ts'
import {
  append,
  commitTo,
  type FaultPoint,
  type LogKey,
  openLedger,
  readCheckpoint,
  readEntries,
  readEntry,
  readTile,
  sequence,
} from './index.ts'

const pair = generateKeyPairSync('ed25519')
const key: LogKey = {
  origin: 'shop.example/log',
  privateKey: pair.privateKey,
  verifier: verifierKey('shop.example/log', pair.publicKey),
}
const pinned = parseVerifierKey(key.verifier)!
const points: FaultPoint[] = [
  'before-leaves',
  'after-leaves',
  'after-tiles',
  'after-commit',
  'before-checkpoint',
  'after-checkpoint',
]

describe('the public log', () => {
  let database: TestDatabase
  let written = 0
  before(async () => {
    database = await testDatabase()
  })
  after(() => database.close())

  const write = (count: number) =>
    database.db.transaction().execute(async (trx) => {
      const entries = []
      for (let i = 0; i < count; i += 1)
        entries.push(
          await append(trx, {
            act: 'case.submitted',
            at: new Date(Date.UTC(2026, 10, 24) + written++),
            institution: 'x',
            record: { n: written },
          }),
        )
      return entries
    })

  /** The oracle: everything that is stored, computed again from the entries alone. */
  async function recompute(): Promise<{ size: number; root: string }> {
    const checkpoint = openCheckpoint((await readCheckpoint(database.db)) ?? '', pinned)
    assert.ok(checkpoint, 'the checkpoint is signed by the log')
    const leaves = (await readEntries(database.db, 0, 1_000_000)).map(hashLeaf)
    assert.ok(leaves.length >= checkpoint.size)
    assert.equal(rootOf(leaves.slice(0, checkpoint.size)).toString('hex'), checkpoint.root.toString('hex'))
    for (let n = 0; n < Math.floor(leaves.length / 256); n += 1) {
      const tile = await readTile(database.db, 0, n, 256)
      assert.deepEqual(tile, leaves.slice(n * 256, (n + 1) * 256))
    }
    return { size: checkpoint.size, root: checkpoint.root.toString('hex') }
  }

  test('every size up to three tiles has the root that RFC 6962 gives it', async () => {
    for (const count of [1, 1, 2, 3, 120, 128, 1, 255, 1, 300]) {
      await write(count)
      await sequence(database.db, key)
      await recompute()
    }
    assert.equal((await recompute()).size, written)
  })

  test('an entry is proved offline, by its receipt alone', async () => {
    const [entry] = await write(1)
    const ledger = openLedger(database.db, key, silentLog)
    await ledger.integrate()
    const proof = await ledger.proofFor(entry!.entryId)
    await ledger.close()
    assert.ok(proof)
    const bytes = (await readEntries(database.db, written - 1, 1))[0]!
    assert.equal(verifyTlogProof(proof.proof, hashLeaf(bytes), pinned).indication, 'PASSED')
    assert.equal(readEntry(bytes)?.commitment, commitTo(Buffer.from(proof.salt, 'base64url'), proof.record))
    assert.equal(verifyTlogProof(proof.proof, hashLeaf(Buffer.from('another')), pinned).indication, 'FAILED')
  })

  for (const point of points) {
    test(`a crash ${point} yields the same log or an extension of it`, async () => {
      const before = await recompute()
      await write(300)
      await assert.rejects(
        sequence(database.db, key, (at) => {
          if (at === point) throw new Error('crash')
        }),
        /crash/,
      )
      const between = await recompute()
      assert.ok(between.size >= before.size)
      if (between.size === before.size) assert.equal(between.root, before.root)
      while (((await sequence(database.db, key)) ?? 0) > 0);
      assert.equal((await recompute()).size, written, 'no entry is lost and none stands twice')
    })
  }

  test('an entry that commits late with a lower place is never skipped', async () => {
    const slow = database.db.transaction().execute(async (trx) => {
      await append(trx, { act: 'case.submitted', at: new Date(Date.UTC(2026, 10, 25)), record: { slow: true } })
      written += 1
      await new Promise((resolve) => setTimeout(resolve, 150))
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    await write(5)
    await sequence(database.db, key)
    await slow
    await sequence(database.db, key)
    assert.equal((await recompute()).size, written)
  })

  test('several sequencers at once give every entry one place', async () => {
    const writers = Array.from({ length: 8 }, () => write(40))
    const sequencers = Array.from({ length: 6 }, async () => {
      for (let i = 0; i < 10; i += 1) await sequence(database.db, key)
    })
    await Promise.all([...writers, ...sequencers])
    while (((await sequence(database.db, key)) ?? 0) > 0);
    assert.equal((await recompute()).size, written)
  })

  test('the serving role can neither change nor delete a row of the log', async () => {
    for (const table of ['leaf', 'tile', 'checkpoint', 'pending', 'opening']) {
      await assert.rejects(
        sql`delete from ${sql.table(`ledger.${table}`)}`.execute(database.db),
        /permission denied/,
        table,
      )
      await assert.rejects(
        sql`truncate ${sql.table(`ledger.${table}`)}`.execute(database.db),
        /permission denied/,
        table,
      )
    }
    await assert.rejects(sql`update ledger.leaf set bytes = '\\x0000'`.execute(database.db), /permission denied/)
    await assert.rejects(sql`update ledger.checkpoint set note = ''`.execute(database.db), /permission denied/)
  })
})
