import assert from 'node:assert/strict'
import { createPrivateKey, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { readAuthorityFolder } from './authorities.ts'
import { completeSignIn } from './complete-sign-in.ts'
import type { IdentityParts } from './identity-parts.ts'
import { openCertificateJudge } from './judge-certificate.ts'
import { startSignIn } from './start-sign-in.ts'

const samples = new URL('../../../../shared/samples/efirma', import.meta.url).pathname
const skip = existsSync(samples) ? false : 'the tax service’s test people are not here'
const THEN = '2021-06-29T15:00:00Z'
const TODAY = '2026-11-24T15:00:00Z'
const PASSWORD = '12345678a'

let database: TestDatabase
before(async () => {
  if (!skip) database = await testDatabase()
})
after(() => database?.close())

async function signIn(file: string, at: string) {
  const clock = fixedClock(at)
  const authorities = await readAuthorityFolder(join(samples, 'authorities'))
  const parts: IdentityParts = {
    db: database.db,
    clock,
    origin: 'https://shop.example',
    limits: { signInsPerCertificate: 1000, signInsPerAddress: 1000 },
    certificates: openCertificateJudge({ db: database.db, authorities, sources: new Map(), demo: true }),
    ledger: { append: async () => {} },
    mail: async () => {},
  }
  const read = (extension: string) => readFileSync(join(samples, 'sat-test', `${file}.${extension}`))
  const key = createPrivateKey({ key: read('key'), format: 'der', type: 'pkcs8', passphrase: PASSWORD })
  const started = await startSignIn(parts, { address: '192.0.2.1' })
  assert.ok(started.ok)
  const signature = sign('sha256', Buffer.from(started.value.text), key)
  const answer = { challengeId: started.value.id, certificate: read('cer'), signature, address: '192.0.2.1' }
  return (await completeSignIn(parts, answer)).session
}

const people = [
  {
    file: 'cacx7605101p8',
    at: THEN,
    account: 'CACX7605101P8',
    name: 'XOCHILT CASAS CHAVEZ',
    person: 'CACX760510MGTSHC04',
  },
  {
    file: 'xoji740919u48',
    at: THEN,
    account: 'XOJI740919U48',
    name: 'INGRID XODAR JIMENEZ',
    person: 'XOJI740919MQTDMN02',
  },
  { file: 'iañl750210963', at: THEN, account: 'IAÑL750210963', name: 'LUIS IAN ÑUZCO', person: 'IANL750210HSRNZS09' },
  {
    file: 'h&e951128469',
    at: THEN,
    account: 'H&E951128469',
    name: 'HERRERIA & ELECTRICOS S DE CV',
    person: 'XOJI740919MQTDMN02',
  },
  {
    file: 'eku9003173c9',
    at: THEN,
    account: 'EKU9003173C9',
    name: 'ESCUELA KEMPER URGATE SA DE CV',
    person: 'XIQB891116MGRMZR05',
  },
  {
    file: 'eku9003173c9_2027',
    at: TODAY,
    account: 'EKU9003173C9',
    name: 'ESCUELA KEMPER URGATE SA DE CV',
    person: 'VADA800927HSRSRL05',
  },
]

for (const { file, at, account, name, person } of people) {
  test(`the test e.firma ${file} signs in at its clock, and its seal does not`, { skip }, async () => {
    const session = await signIn(file, at)
    assert.deepEqual([session.account.rfc, session.account.name, session.person.curp], [account, name, person])
    assert.deepEqual(session.warnings, ['revocation-not-checked'])
    await assert.rejects(() => signIn(`${file}_csd`, at), { code: 'not-efirma' })
  })
}

test('the test people of 2019 have expired today, and today’s was not yet valid then', { skip }, async () => {
  await assert.rejects(() => signIn('cacx7605101p8', TODAY), { code: 'expired' })
  await assert.rejects(() => signIn('eku9003173c9_2027', THEN), { code: 'not-yet-valid' })
})

test('whoever represents a company in 2019 and is there as a person is one human', { skip }, async () => {
  const [own, company] = [await signIn('xoji740919u48', THEN), await signIn('h&e951128469', THEN)]
  assert.equal(company.person.accountId, own.account.id)
  assert.equal(company.person.name, 'INGRID XODAR JIMENEZ')
})
