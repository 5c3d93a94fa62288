import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import type { Efirma } from '#trust/efirma/read-efirma.ts'
import type { Account } from './account.ts'
import { admitFromCertificate } from './find-account.ts'
import { grantAsOperator, grantRole, holdersOf, type RoleAct, rolesOf, withdrawRole } from './grant-role.ts'
import type { LedgerSeam } from './identity-parts.ts'
import { PLATFORM, type Role, type RoleHeld } from './role.ts'

type Entry = Parameters<LedgerSeam['append']>[1]

let database: TestDatabase
let people: Account[]
const clock = fixedClock('2026-11-24T15:00:00Z')
const entries: Entry[] = []
const ledger: LedgerSeam = { append: async (_trx, entry) => entries.push(entry) }
const signedDocument = { id: newId(), sha256: 'ab'.repeat(32) }

before(async () => {
  database = await testDatabase()
  people = []
  for (const curp of ['HEOG850312MPLRRD03', 'MUNI921130HNLXXX03', 'RICT580605HVZVSM05']) {
    const admitted = await database.db
      .transaction()
      .execute((trx) => admitFromCertificate(trx, efirma(curp), clock.now()))
    people.push(admitted.account)
  }
})
after(() => database.close())

function efirma(curp: string): Efirma {
  const serial = '30001000000400002300'
  return { kind: 'person', rfc: null, curp, name: curp, company: null, representative: null, email: null, serial }
}

const parts = () => ({ db: database.db, clock, ledger })
const granter = (account: Account, ...roles: RoleHeld[]) => ({
  person: { accountId: account.id, rfc: null, curp: account.curp, name: account.name },
  roles,
})
const act = (account: Account, institution: string, role: Role): RoleAct => ({
  accountId: account.id,
  institution,
  role,
  signedDocument,
})
const grant = (by: ReturnType<typeof granter>, what: RoleAct) =>
  database.db.transaction().execute((trx) => grantRole(trx, parts(), by, what))
const withdraw = (by: ReturnType<typeof granter>, what: RoleAct) =>
  database.db.transaction().execute((trx) => withdrawRole(trx, parts(), by, what))
const platform = { institution: PLATFORM, role: 'administrator' as const }

test('the first administrator comes by the operator, once, and the log says by whom', async () => {
  const [first] = people
  await grantAsOperator(parts(), { efirma: efirma(first?.curp ?? ''), ...platform })
  await grantAsOperator(parts(), { efirma: efirma(first?.curp ?? ''), ...platform })
  assert.deepEqual(await rolesOf(database.db, first!.id), [platform])
  const logged = entries.filter((entry) => entry.act === 'role.granted')
  assert.equal(logged.length, 1)
  assert.equal(logged[0]?.institution, undefined)
  assert.equal(logged[0]?.record.by, 'operator')
})

test('a role is given and taken by a signed act that the log holds', async () => {
  const [first, second] = people as [Account, Account, Account]
  const by = granter(first, platform)
  await grant(by, act(second, 'inm', 'officer'))
  assert.deepEqual(await rolesOf(database.db, second.id), [{ institution: 'inm', role: 'officer' }])
  assert.deepEqual(
    (await holdersOf(database.db, 'inm', 'officer')).map(({ account }) => account.id),
    [second.id],
  )
  assert.equal(entries.at(-1)?.institution, 'inm')
  assert.deepEqual(entries.at(-1)?.record.signedDocument, signedDocument)
  await assert.rejects(() => grant(by, act(second, 'inm', 'officer')), { code: 'already-granted' })
  await withdraw(by, act(second, 'inm', 'officer'))
  assert.deepEqual(await rolesOf(database.db, second.id), [])
  assert.equal(entries.at(-1)?.act, 'role.withdrawn')
  await assert.rejects(() => withdraw(by, act(second, 'inm', 'officer')), { code: 'role-not-held' })
  await grant(by, act(second, 'inm', 'officer'))
})

test('who may not grant cannot, nobody grants to themselves, and a stranger gets nothing', async () => {
  const [first, second, third] = people as [Account, Account, Account]
  const officer = granter(second, { institution: 'inm', role: 'officer' })
  await assert.rejects(() => grant(officer, act(third, 'inm', 'officer')), { code: 'may-not-grant' })
  const local = granter(second, { institution: 'inm', role: 'administrator' })
  await grant(local, act(third, 'inm', 'signer'))
  await assert.rejects(() => grant(local, act(third, 'sep', 'signer')), { code: 'may-not-grant' })
  await assert.rejects(() => grant(local, act(third, 'inm', 'administrator')), { code: 'may-not-grant' })
  await assert.rejects(() => grant(local, act(third, PLATFORM, 'officer')), { code: 'may-not-grant' })
  await assert.rejects(() => grant(granter(first, platform), act(first, 'inm', 'signer')), { code: 'own-role' })
  await assert.rejects(() => grant(granter(first, platform), { ...act(first, 'inm', 'signer'), accountId: newId() }), {
    code: 'account-unknown',
  })
})

test('two grants at once give one role', async () => {
  const [first, , third] = people as [Account, Account, Account]
  const by = granter(first, platform)
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => grant(by, act(third, 'sep', 'supervisor'))))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})
