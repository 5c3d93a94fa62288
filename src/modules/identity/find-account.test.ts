import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import type { Efirma } from '#trust/efirma/read-efirma.ts'
import { admitFromCertificate, findAccount, readAccount } from './find-account.ts'

const at = new Date('2026-11-24T15:00:00Z')
let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

const admit = (efirma: Efirma) => database.db.transaction().execute((trx) => admitFromCertificate(trx, efirma, at))

function person(rfc: string | null, curp: string | null, name: string): Efirma {
  const serial = '30001000000400002300'
  return { kind: 'person', rfc, curp, name, company: null, representative: null, email: null, serial }
}

function company(rfc: string, name: string, representative: { rfc: string | null; curp: string | null }): Efirma {
  const { rfc: ownRfc, curp } = representative
  return {
    ...person(ownRfc, curp, name),
    kind: 'company',
    company: { rfc, name },
    representative: { ...representative, name: null },
  }
}

test('a renewed certificate opens the same account, with the name and RFC of today', async () => {
  const first = await admit(person('IACT0110049DA', 'IACT011004MOCBMRA3', 'TERESA IBARRA'))
  const second = await admit(person('IACT011004AAA', 'IACT011004MOCBMRA3', 'TERESA IBARRA CAMPOS'))
  assert.equal(second.account.id, first.account.id)
  assert.deepEqual(await readAccount(database.db, first.account.id), {
    id: first.account.id,
    kind: 'person',
    rfc: 'IACT011004AAA',
    curp: 'IACT011004MOCBMRA3',
    name: 'TERESA IBARRA CAMPOS',
  })
})

test('without a CURP the RFC is the person, and a CURP that comes later finds them', async () => {
  const first = await admit(person('SABL7901233T7', null, 'LUCIA SANTOS'))
  const second = await admit(person('SABL7901233T7', 'SABL790123MYNNLC00', 'LUCIA SANTOS'))
  const third = await admit(person('SABL7901233T7', null, 'LUCIA SANTOS'))
  assert.equal(second.account.id, first.account.id)
  assert.equal(third.account.id, first.account.id)
  assert.equal(third.account.curp, 'SABL790123MYNNLC00')
})

test('two people whom an authority gave one RFC stay two', async () => {
  const one = await admit(person('RICT580605H8A', 'RICT580605HVZVSM05', 'UNO'))
  const two = await admit(person('RICT580605H8A', 'RICT580605HVZVSM13', 'DOS'))
  assert.notEqual(one.account.id, two.account.id)
})

test('a company and its representative are two accounts of one human', async () => {
  const representative = { rfc: 'VADA800927DJ3', curp: 'VADA800927HSRSRL05' }
  const acting = await admit(company('EKU9003173C9', 'ESCUELA KEMPER URGATE SA DE CV', representative))
  assert.equal(acting.account.kind, 'company')
  assert.equal(acting.person.name, null)
  assert.equal(await readAccount(database.db, acting.person.accountId), undefined)
  const own = await admit(person(representative.rfc, representative.curp, 'ALGUIEN VARELA'))
  assert.equal(own.account.id, acting.person.accountId)
  assert.notEqual(own.account.id, acting.account.id)
  const again = await admit(company('EKU9003173C9', 'ESCUELA KEMPER URGATE SA DE CV', representative))
  assert.equal(again.account.id, acting.account.id)
  assert.equal(again.person.name, 'ALGUIEN VARELA')
})

test('another representative of a company acts for the same account', async () => {
  const one = await admit(company('H&E951128469', 'HERRERIA & ELECTRICOS', { rfc: 'XOJI740919U48', curp: null }))
  const two = await admit(company('H&E951128469', 'HERRERIA & ELECTRICOS', { rfc: 'CACX7605101P8', curp: null }))
  assert.equal(two.account.id, one.account.id)
  assert.notEqual(two.person.accountId, one.person.accountId)
  assert.equal((await findAccount(database.db, { companyRfc: 'H&E951128469' }))?.id, one.account.id)
})

test('many first sign-ins at once give one account', async () => {
  const efirma = company('CON150304A93', 'A LA VEZ SA', { rfc: 'HEOG8503127K6', curp: 'HEOG850312MPLRRD03' })
  const admitted = await Promise.all(Array.from({ length: 10 }, () => admit(efirma)))
  assert.equal(new Set(admitted.map(({ account }) => account.id)).size, 1)
  assert.equal(new Set(admitted.map(({ person }) => person.accountId)).size, 1)
})
