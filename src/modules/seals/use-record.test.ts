import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { issue } from '#test/support/pki.ts'
import { openSeal } from './seal.ts'
import { keyAtHand, type SigningKey } from './signing-key.ts'
import { tables } from './tables.ts'
import { openUseRecord } from './use-record.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const { key, certificate } = issue({ subject: 'Seal' })
const at = new Date('2026-11-24T15:00:00Z')
const bytes = Buffer.from('signed attributes')
const thing = { kind: 'receipt', digest: sha256(Buffer.from('a document')) }

describe('the record of a seal’s uses', () => {
  let database: TestDatabase
  const lines: object[] = []
  const record = () =>
    openUseRecord({ db: database.db, clock: fixedClock(at), log: { info: (line: object) => void lines.push(line) } })
  const rows = () => tables(database.db).selectFrom('seals.use').selectAll().execute()
  const clear = () => tables(database.ownerDb).deleteFrom('seals.use').execute()

  before(async () => {
    database = await testDatabase()
  })
  after(() => database.close())

  test('says whose seal, for which kind of document, digests and when: a row and a line, without a person', async () => {
    const seal = openSeal('inm', keyAtHand(key, certificate, []), record())
    await seal.sign(bytes, thing)
    const [row, ...more] = await rows()
    assert.equal(more.length, 0)
    const { id: _, ...facts } = row!
    assert.deepEqual(facts, {
      seal: 'inm',
      certificate_sha256: Buffer.from(certificate.sha256, 'hex'),
      kind: 'receipt',
      content_sha256: thing.digest,
      signed_sha256: sha256(bytes),
      at,
    })
    const line = {
      seal: 'inm',
      kind: 'receipt',
      digest: thing.digest.toString('hex'),
      signed: sha256(bytes).toString('hex'),
    }
    assert.deepEqual(lines.splice(0), [line])
    await clear()
  })

  test('written down before the key is asked: ended in between, the row is there and no signature', async () => {
    const ended: SigningKey = {
      ...keyAtHand(key, certificate, []),
      sign: async () => {
        assert.equal((await rows()).length, 1)
        throw new Error('ended in between')
      },
    }
    await assert.rejects(openSeal('platform', ended, record()).sign(bytes, thing), /ended in between/)
    assert.equal((await rows()).length, 1)
    await clear()
  })

  test('where it cannot be written down the key is never asked', async () => {
    let asked = 0
    const counted = { ...keyAtHand(key, certificate, []), sign: async () => Buffer.alloc(++asked) }
    const seal = openSeal('platform', counted, record())
    await assert.rejects(seal.sign(bytes, { ...thing, kind: 'no such\0text' }))
    assert.equal(asked, 0)
    assert.ok(await seal.sign(bytes, thing), 'and the next one is')
    await clear()
  })

  test('many at once are each written down, in few statements', async () => {
    const seal = openSeal('platform', keyAtHand(key, certificate, []), record())
    await Promise.all(Array.from({ length: 1200 }, (_, i) => seal.sign(Buffer.from(`${i}`), thing)))
    assert.equal(new Set((await rows()).map(({ signed_sha256 }) => signed_sha256.toString('hex'))).size, 1200)
    await clear()
  })

  test('the serving role can neither change nor take away a row', async () => {
    await openSeal('platform', keyAtHand(key, certificate, []), record()).sign(bytes, thing)
    await assert.rejects(tables(database.db).deleteFrom('seals.use').execute(), /permission denied/)
    await assert.rejects(tables(database.db).updateTable('seals.use').set({ kind: 'x' }).execute(), /permission denied/)
    await clear()
  })
})
