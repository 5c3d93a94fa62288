import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { countAttempt, lineOf } from './attempts.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

test('past the limit an attempt is refused, and says how long to wait', async () => {
  const at = new Date('2026-11-24T15:04:00Z')
  for (let i = 0; i < 3; i += 1) await countAttempt(database.db, 'x', 3, at)
  const refused = { code: 'too-many-attempts', facts: { minutes: 11 }, status: 429 }
  await assert.rejects(() => countAttempt(database.db, 'x', 3, at), refused)
  await countAttempt(database.db, 'another', 3, at)
  await countAttempt(database.db, 'x', 3, new Date('2026-11-24T15:15:00Z'))
})

test('attempts at once are each counted', async () => {
  const at = new Date('2026-11-24T16:00:00Z')
  const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => countAttempt(database.db, 'y', 5, at)))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 5)
})

test('all addresses of one IPv6 subscriber are one line', () => {
  assert.equal(lineOf('2001:db8:1:2::1'), '2001:db8:1:2::/64')
  assert.equal(lineOf('2001:DB8:1:2:ffff:ffff:ffff:ffff'), '2001:db8:1:2::/64')
  assert.equal(lineOf('2001:db8::1'), '2001:db8:0:0::/64')
  assert.equal(lineOf('::1'), '0:0:0:0::/64')
  assert.equal(lineOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
  assert.notEqual(lineOf('2001:db8:1:3::1'), lineOf('2001:db8:1:2::1'))
  assert.equal(lineOf('192.0.2.7'), '192.0.2.7')
  assert.equal(lineOf('::ffff:192.0.2.7'), '192.0.2.7')
})
