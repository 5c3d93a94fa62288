import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fixedClock } from '#kernel/clock.ts'
import { type Log, silentLog } from '#kernel/log.ts'
import { KeyFault, keyAtHand, keyFromPkcs8 } from '#modules/seals/index.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { authority as certifier, day, issue } from '#test/support/pki.ts'
import { digestOf, POLICY, timeHolder } from '#test/support/timestamps.ts'
import { readTimestampRequest, writeTimestampRequest } from '#trust/timestamp/request.ts'
import { readTimestampResponse } from '#trust/timestamp/response.ts'
import { verifyAnswer } from '#trust/timestamp/verify-response.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { type AuthorityParts, openTimestampAuthority } from './authority.ts'
import { demoClockTrust } from './clock-trust.ts'
import { tables } from './tables.ts'
import { tryKey } from './try-key.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

const root = certifier({ subject: 'RAÍZ', notAfter: day('2045-01-01') })
const holder = timeHolder({ issuer: root, notAfter: day('2040-01-01') })
const key = keyAtHand(holder.key, holder.certificate, [root.certificate.der])
const digest = digestOf('act')
const request = (more: Partial<Parameters<typeof writeTimestampRequest>[0]> = {}) =>
  writeTimestampRequest({ hash: 'sha256', digest, wantsCertificates: true, ...more })

const open = (clock: AuthorityParts['clock'], more: Partial<AuthorityParts> = {}) =>
  openTimestampAuthority({
    db: database.db,
    clock,
    log: silentLog,
    key,
    trust: demoClockTrust,
    policy: POLICY,
    accuracy: 1000,
    ...more,
  })

const reasonOf = (answer: Buffer) => readTimestampResponse(answer).failures[0] ?? 'granted'
const infoOf = (answer: Buffer) => verifyToken(readTimestampResponse(answer).token!, () => digest).info!

test('a request is answered: nonce, policy, accuracy, certificates as they were asked for', async () => {
  const clock = fixedClock('2030-01-01T12:00:00.500Z')
  const authority = open(clock)
  const asked = request({ nonce: Buffer.from('99887766', 'hex'), policy: POLICY })
  const check = verifyAnswer(await authority.answer(asked), readTimestampRequest(asked))
  assert.equal(check.detail, 'the time-stamp holds')
  assert.deepEqual(check.timestamp?.time, clock.now())
  assert.deepEqual([check.info?.policy, check.info?.accuracy, check.info?.serial.length], [POLICY, 1000, 20])
  assert.equal(check.timestamp?.carried.length, 2)
  const { token } = readTimestampResponse(await authority.answer(request({ wantsCertificates: false })))
  assert.match(verifyToken(token!, () => digest).detail, /does not carry/)
  assert.ok(verifyToken(token!, () => digest, { known: [holder.certificate.der] }).timestamp?.sound)
})

test('each token has its row: number, time, certificate and a digest of what was signed, and nothing of what was stamped', async () => {
  const { serial, time } = infoOf(await open(fixedClock('2030-01-01T13:00:00Z')).answer(request()))
  const row = await tables(database.db)
    .selectFrom('timestamping.issued')
    .selectAll()
    .where('serial', '=', serial)
    .executeTakeFirstOrThrow()
  assert.deepEqual(row.at, time)
  assert.equal(row.certificate_sha256.toString('hex'), holder.certificate.sha256)
  assert.notDeepEqual(row.content_sha256, digest)
  await assert.rejects(
    tables(database.db).insertInto('timestamping.issued').values(row).execute(),
    /duplicate key/,
    'no number twice, whoever draws it',
  )
})

test('what cannot be stamped has its reason, and takes no number', async () => {
  const count = async () =>
    Number(
      (
        await tables(database.db)
          .selectFrom('timestamping.issued')
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  const before = await count()
  const clock = fixedClock('2030-01-01T14:00:00Z')
  const authority = open(clock)
  const sha1 = request({ hash: 'sha1', digest: digestOf('act', 'sha1') })
  assert.equal(reasonOf(await authority.answer(sha1)), 'badAlg')
  assert.equal(reasonOf(await authority.answer(request({ digest: digest.subarray(1) }))), 'badDataFormat')
  assert.equal(reasonOf(await authority.answer(request({ policy: '1.2.3' }))), 'unacceptedPolicy')
  assert.equal(reasonOf(await authority.answer(Buffer.from('rubbish'))), 'badDataFormat')
  const doubting = open(clock, { trust: { doubt: async () => 'not-synchronised' } })
  assert.equal(reasonOf(await doubting.answer(request())), 'timeNotAvailable')
  for (const out of ['2019-12-31T00:00:00Z', '2040-01-02T00:00:00Z'])
    assert.equal(reasonOf(await open(fixedClock(out)).answer(request())), 'systemFailure')
  assert.equal(await count(), before)
  const text = readTimestampResponse(await authority.answer(sha1)).text
  assert.match(text, /El resumen debe ser .* The digest must be/)
})

test('a key that fails is a failure of the system, which the operator hears of without a word of what was asked', async () => {
  const said: string[] = []
  const note = (facts: object, words: string) => void said.push(JSON.stringify([facts, words]))
  const log = { info: note, warn: note, error: note } as unknown as Log
  const failing = { ...key, sign: () => Promise.reject(new KeyFault('the token was pulled out')) }
  const authority = open(fixedClock('2030-01-01T15:00:00Z'), { log, key: failing })
  assert.equal(reasonOf(await authority.answer(request({ nonce: digest }))), 'systemFailure')
  assert.equal(said.length, 2)
  for (const each of said) assert.ok(!each.includes(digest.toString('hex')))
})

test('time never goes back: what a clock lacks of the last stamped time is made up for within half the accuracy, more is refused', async () => {
  const clock = fixedClock('2030-01-02T00:00:00Z')
  const authority = open(clock)
  const first = infoOf(await authority.answer(request())).time
  clock.advance(-400)
  assert.deepEqual(infoOf(await authority.answer(request())).time, first)
  clock.advance(-200)
  assert.equal(reasonOf(await authority.answer(request())), 'timeNotAvailable')
  // Another process, with no memory of its own.
  assert.equal(reasonOf(await open(clock).answer(request())), 'timeNotAvailable')
  clock.advance(700)
  assert.ok(infoOf(await open(clock).answer(request())).time > first)
})

test('a key whose certificate is for something else, or not its own, is found out at the start', async () => {
  assert.equal(await tryKey(key, POLICY), undefined)
  const seal = issue({ subject: 'SELLO' })
  assert.match((await tryKey(keyAtHand(seal.key, seal.certificate, []), POLICY))!, /not one for time-stamping/)
  assert.match((await tryKey(keyAtHand(seal.key, holder.certificate, []), POLICY))!, /does not hold/)
})

const child = fileURLToPath(new URL('../../../test/support/stamp-forever.ts', import.meta.url))

/** Stamps until it has stamped so often, then dies at once, whatever it is doing. */
async function stampAndDie(url: string, times: number): Promise<Buffer[]> {
  const process_ = spawn(process.execPath, [child], { stdio: ['pipe', 'pipe', 'inherit'] })
  const own = timeHolderOfNow()
  process_.stdin.end(JSON.stringify({ url, ...own }))
  const answers: Buffer[] = []
  for await (const line of createInterface({ input: process_.stdout })) {
    answers.push(Buffer.from(line, 'base64'))
    if (answers.length === times) process_.kill('SIGKILL')
  }
  if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit')
  return answers.slice(0, times)
}

const ofNow = timeHolder({ notAfter: day('2045-01-01') })
const timeHolderOfNow = () => ({
  key: ofNow.key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  certificate: ofNow.certificate.der.toString('base64'),
})

test('several processes, killed and started again: every number once, every token on record, no time before the last one', async () => {
  const own = await testDatabase()
  try {
    const times = 150
    const runs = async () => [...(await stampAndDie(own.url, times)), ...(await stampAndDie(own.url, times))]
    const answers = (await Promise.all([runs(), runs()])).map((each) => each.map(infoOf))
    const all = answers.flat()
    assert.equal(all.length, 4 * times)
    const serials = new Set(all.map(({ serial }) => serial.toString('hex')))
    assert.equal(serials.size, all.length)
    const rows = await tables(own.db).selectFrom('timestamping.issued').selectAll().execute()
    const known = new Map(rows.map(({ serial, at }) => [serial.toString('hex'), at]))
    for (const { serial, time } of all) assert.deepEqual(known.get(serial.toString('hex')), time)
    const { at } = await tables(own.db).selectFrom('timestamping.latest').select('at').executeTakeFirstOrThrow()
    assert.ok(all.every(({ time }) => time <= at))
    // Each process's tokens in the order in which they came; a round's share their time.
    for (const run of answers.flatMap((each) => [each.slice(0, times), each.slice(times)]))
      for (const [i, { time }] of run.entries()) assert.ok(i === 0 || time >= run[i - 1]!.time)
  } finally {
    await own.close()
  }
})

test('a PKCS #8 key and its certificate make an authority', async () => {
  const pkcs8 = ofNow.key.export({ format: 'der', type: 'pkcs8' })
  const authority = open(fixedClock('2030-01-03T00:00:00Z'), { key: keyFromPkcs8(pkcs8, ofNow.certificate.der, []) })
  assert.equal(reasonOf(await authority.answer(request())), 'granted')
})
