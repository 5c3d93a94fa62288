import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fixedClock } from '#kernel/clock.ts'
import { holdersOf } from '#modules/identity/index.ts'
import { testDatabase } from '#test/support/database.ts'
import { grantDemoRoles } from './grant-demo-roles.ts'
import { openDemo } from './open-demo.ts'

test('the demo’s public servants hold their roles, also after a second start', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'demo-'))
  const clock = fixedClock('2026-11-24T15:00:00Z')
  const packDir = fileURLToPath(new URL('../../../packs/mx', import.meta.url))
  const [database, demo] = await Promise.all([
    testDatabase(),
    openDemo({ dataDir, packDir, institutions: ['inm'], now: clock.now() }),
  ])
  t.after(async () => {
    await database.close()
    await rm(dataDir, { recursive: true })
  })
  const entries: unknown[] = []
  const ledger = { append: async (_trx: unknown, entry: unknown) => entries.push(entry) }
  await grantDemoRoles({ db: database.db, clock, ledger }, demo)
  await grantDemoRoles({ db: database.db, clock, ledger }, demo)
  const holders = await holdersOf(database.db, 'inm')
  assert.deepEqual(holders.map(({ role }) => role).sort(), ['officer', 'signer', 'supervisor'])
  assert.equal((await holdersOf(database.db, '*', 'administrator'))[0]?.account.name, 'HÉCTOR DUARTE SIERRA')
  assert.equal(entries.length, 4)
})
