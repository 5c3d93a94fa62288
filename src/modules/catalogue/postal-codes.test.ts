import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { findPostalCode, importPostalCodes, parsePostalCodes } from './postal-codes.ts'

const line = (code: string, settlement: string) =>
  `${code}|${settlement}|Colonia|Colima|Colima|Colima|28001|06|28001||09|002|0001|Urbano|01`

test('the post office’s own layout, in either encoding; what is no such line is counted, not guessed', () => {
  const text = `El Catálogo Nacional\nd_codigo|d_asenta\n${line('28000', 'Ñandú')}\n`
  for (const file of [Buffer.from(text, 'utf8'), Buffer.from(text, 'latin1')]) {
    const { rows, skipped } = parsePostalCodes(file)
    assert.deepEqual(
      rows.map(({ code, settlement }) => [code, settlement]),
      [['28000', 'Ñandú']],
    )
    assert.equal(skipped, 2)
  }
})

test('any bytes are read or skipped', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => parsePostalCodes(Buffer.from(bytes)).rows.length >= 0),
  )
})

describe('the post office’s sample', () => {
  const sample = fileURLToPath(new URL('../../../../shared/samples/postal-codes/colima.csv', import.meta.url))
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
  })
  after(() => database.close())

  test('imported twice is there once, and answers by code', {
    skip: !existsSync(sample) && 'the sample is not beside the project',
  }, async () => {
    const { rows } = parsePostalCodes(readFileSync(sample))
    const first = await importPostalCodes(database.ownerDb, rows)
    assert.equal(await importPostalCodes(database.ownerDb, rows), first)
    const found = await findPostalCode(database.db, '28000')
    assert.ok(found.length > 0)
    assert.equal(found[0]!.state, 'Colima')
    assert.deepEqual(await findPostalCode(database.db, '99999'), [])
  })
})
