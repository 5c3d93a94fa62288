import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { systemClock } from '#kernel/clock.ts'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { silentLog } from '#kernel/log.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { authority, day, type Holder, issue } from '#test/support/pki.ts'
import { startSoftToken, withoutSoftToken } from '#test/support/soft-token.ts'
import { digestOf, POLICY, timeHolder } from '#test/support/timestamps.ts'
import { writeTimestampRequest } from '#trust/timestamp/request.ts'
import { readTimestampResponse } from '#trust/timestamp/response.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { readConfig } from './config.ts'
import { openTime, type Time } from './open-time.ts'
import type { Opened } from './opened.ts'

const ages = { notBefore: day('2020-01-01'), notAfter: day('2045-01-01') }
const root = authority({ subject: 'RAÍZ', ...ages })
const holder = timeHolder({ issuer: root, ...ages })
const digest = digestOf('act')
const opened: Opened = []
let database: TestDatabase
let openssl: Openssl
let environment: Record<string, string>

/** A seal's PKCS#12, as an operator makes it. */
async function keep(name: string, { certificate, key }: Holder): Promise<string> {
  await openssl.put('cer.pem', pem('CERTIFICATE', certificate.der))
  await openssl.put('key.pem', key.export({ format: 'pem', type: 'pkcs8' }) as string)
  await openssl.run('pkcs12', '-export', '-in', 'cer.pem', '-inkey', 'key.pem', '-passout', 'pass:word', '-out', name)
  return `${openssl.folder}/${name}`
}

before(async () => {
  database = await testDatabase()
  openssl = await openOpenssl()
  environment = {
    TSA_P12: await keep('time.p12', holder),
    TSA_PASSWORD_FILE: await openssl.put('word', 'word\n'),
    TSA_POLICY: POLICY,
    TSA_CLOCK_STATUS: `${openssl.folder}/clock`,
    DEMO: '0',
  }
})
after(async () => {
  for (const close of opened) await close()
  await openssl.close()
  await database.close()
})

const open = (more: Record<string, string | undefined> = {}): Promise<Time> =>
  openTime(
    {
      config: readConfig({ ...environment, ...more }),
      demoKey: undefined,
      db: database.db,
      clock: systemClock,
      log: silentLog,
      authorities: [],
    },
    opened,
  )

const tell = (measuredAgo: number): void => {
  const measured = systemClock.now().getTime() / 1000 - measuredAgo
  writeFileSync(
    `${openssl.folder}/clock`,
    `A29FC801,time.example,3,${measured.toFixed(9)},0.00001,0.00001,0.00002,1.2,0.001,0.05,0.02,0.001,64.4,Normal\n`,
  )
}

const reasonOf = async ({ authority: ours }: Time) => {
  const answer = await ours!.answer(writeTimestampRequest({ hash: 'sha256', digest }))
  return readTimestampResponse(answer).failures[0] ?? 'granted'
}

test('a key in a file: it stamps while the clock’s status says that it may, and serves its own shop where nobody else is named', async () => {
  const time = await open()
  assert.equal(await reasonOf(time), 'timeNotAvailable')
  tell(5)
  assert.equal(await reasonOf(time), 'granted')
  for (const purpose of ['signatures', 'conservation'] as const) {
    const token = await time.stampFor(purpose)!(digest)
    assert.ok(verifyToken(token!, () => digest).timestamp?.sound)
  }
  const later = await open()
  tell(4000)
  assert.equal(await reasonOf(later), 'timeNotAvailable')
})

test('the same with a key that never leaves its token', { skip: withoutSoftToken }, async () => {
  const token = await startSoftToken()
  try {
    await token.add(holder, 'hora', '07')
    const time = await open({
      TSA_P12: undefined,
      TSA_PASSWORD_FILE: undefined,
      TSA_PKCS11_MODULE: token.module,
      TSA_PKCS11_TOKEN: token.label,
      TSA_PKCS11_KEY: 'hora',
      TSA_PIN_FILE: await openssl.put('pin', token.pin),
    })
    tell(5)
    const stamped = await time.stampFor('signatures')!(digest)
    assert.equal(verifyToken(stamped!, () => digest).timestamp?.signer?.sha256, holder.certificate.sha256)
  } finally {
    for (const close of opened.splice(0)) await close()
    await token.remove()
  }
})

test('no authority, no source: nobody stamps', async () => {
  const nothing = Object.fromEntries(Object.keys(environment).map((name) => [name, undefined]))
  const time = await open({ ...nothing, DEMO: '0' })
  assert.equal(time.authority, undefined)
  assert.equal(time.stampFor('signatures'), undefined)
})

test('what is wrong keeps the shop from starting, in one sentence', async () => {
  const refused = async (more: Record<string, string | undefined>, words: RegExp) =>
    assert.rejects(
      async () => open(more),
      (error) => error instanceof StartRefusal && words.test(error.message) && !error.message.includes('\n'),
      String(words),
    )
  await refused({ TSA_POLICY: undefined }, /^TSA_POLICY must be/)
  await refused({ TSA_POLICY: '1.02.3' }, /^TSA_POLICY must be/)
  await refused({ TSA_CLOCK_STATUS: undefined }, /^TSA_CLOCK_STATUS must name/)
  await refused({ TSA_ACCURACY_MS: '0.5' }, /^TSA_ACCURACY_MS must be/)
  await refused({ TSA_PASSWORD_FILE: undefined }, /^TSA_PASSWORD_FILE must name/)
  await refused({ TSA_P12: undefined, TSA_PASSWORD_FILE: undefined }, /^TSA_POLICY goes with TSA_P12/)
  await refused({ TSA_PKCS11_MODULE: '/x' }, /^TSA_P12 and TSA_PKCS11_MODULE both/)
  await refused({ TSA_P12: '/nowhere' }, /^TSA_P12 cannot be read/)
  const seal = await keep('seal.p12', issue({ subject: 'SELLO', ...ages }))
  await refused({ TSA_P12: seal }, /would not be accepted: its certificate is not one for time-stamping/)
  const sources = await openssl.put('sources.yaml', 'sources: [{url: own}]')
  await refused({ TSA_SOURCES: '/nowhere' }, /^TSA_SOURCES cannot be read/)
  const nothing = Object.fromEntries(Object.keys(environment).map((name) => [name, undefined]))
  await refused({ ...nothing, DEMO: '0', TSA_SOURCES: sources }, /^TSA_SOURCES names our own authority/)
})
