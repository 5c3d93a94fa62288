import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { buildChallenge, parseChallenge } from '#trust/efirma/challenge.ts'
import { readAuthority } from '../demo/authority.ts'
import { readCast } from '../demo/cast.ts'
import { type Demo, openDemo } from '../demo/index.ts'
import { issueCertificate } from '../demo/issue-certificate.ts'
import { loadAuthorities, trustDemo } from './authorities.ts'
import { checkSigner } from './check-signer.ts'
import { completeSignIn, type SignInAnswer } from './complete-sign-in.ts'
import type { SignInCode } from './errors.ts'
import { grantAsOperator } from './grant-role.ts'
import type { IdentityParts } from './identity-parts.ts'
import { openCertificateJudge } from './judge-certificate.ts'
import { acceptPrivacyNotice } from './privacy-notice.ts'
import type { RevocationSources } from './revocation-sources.ts'
import { readSession, signOut, signOutEverywhere } from './sessions.ts'
import { startSignIn } from './start-sign-in.ts'
import { sweepSignIns } from './sweep-sign-ins.ts'

const packDir = fileURLToPath(new URL('../../../packs/mx', import.meta.url))
const NOW = '2026-11-24T15:00:00Z'
const origin = 'https://shop.example'
const MINUTE = 60_000

let database: TestDatabase
let folder: string
let demo: Demo
let parts: IdentityParts
const clock = fixedClock(NOW)
const silences: string[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sign-in-'))
  ;[database, demo] = await Promise.all([
    testDatabase(),
    openDemo({ dataDir: folder, packDir, institutions: ['inm'], now: clock.now() }),
  ])
  await trustDemo(folder, [demo.root, demo.authority])
  parts = await makeParts(demoSources(() => demo.readCrl(clock.now())))
})
after(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

function demoSources(read: () => Promise<Buffer>): RevocationSources {
  const issuer = parseCertificate(demo.authority).sha256
  return new Map([[issuer, { crl: { read, refreshSeconds: 0 }, graceHours: 4 }]])
}

async function makeParts(sources: RevocationSources, changes: Partial<IdentityParts> & { demo?: boolean } = {}) {
  const authorities = await loadAuthorities({ dataDir: folder, packDir, demo: true })
  const onSilence = (_issuer: string, error: unknown) => void silences.push(String(error))
  const certificates = openCertificateJudge({
    db: database.db,
    authorities,
    sources,
    demo: changes.demo ?? true,
    onSilence,
  })
  const limits = { signInsPerCertificate: 1000, signInsPerAddress: 1000 }
  const seams = { ledger: { append: async () => {} }, mail: async () => {} }
  return { db: database.db, clock, origin, limits, certificates, ...seams, ...changes }
}

interface Holder {
  certificate: Buffer
  key: KeyObject
}

async function holder(id: string, from: Demo = demo): Promise<Holder> {
  const password = (await from.readFile(id, 'password.txt')).toString().trim()
  const key = createPrivateKey({
    key: await from.readFile(id, 'key'),
    format: 'der',
    type: 'pkcs8',
    passphrase: password,
  })
  return { certificate: await from.readFile(id, 'cer'), key }
}

async function start(using: IdentityParts = parts, account = '') {
  const started = await startSignIn(using, { account, address: '192.0.2.1' })
  assert.ok(started.ok)
  return started.value
}

async function answerOf(person: Holder, using: IdentityParts = parts, account = ''): Promise<SignInAnswer> {
  const { id, text } = await start(using, account)
  const signature = sign('sha256', Buffer.from(text), person.key)
  return { challengeId: id, certificate: person.certificate, signature, address: '192.0.2.1' }
}

async function signIn(id: string, using: IdentityParts = parts) {
  return completeSignIn(using, await answerOf(await holder(id), using))
}

const refusedWith = (code: SignInCode | 'not-the-signed-in-person') => (error: Refusal) => {
  assert.equal(error.code, code, error.stack)
  return true
}

async function atTime<T>(instant: string, run: () => Promise<T>): Promise<T> {
  clock.set(instant)
  try {
    return await run()
  } finally {
    clock.set(NOW)
  }
}

test('a citizen signs in, as who the certificate says', async () => {
  const { token, session, expiresAt } = await signIn('inaki')
  assert.match(token, /^[\w-]{43}$/)
  const { account, person, roles, warnings } = session
  assert.deepEqual(
    [account.kind, account.name, account.rfc, account.curp],
    ['person', 'IÑAKI ÁNGEL MUÑOZ NÚÑEZ', 'MUNI921130Q28', 'MUNI921130HNLXXX03'],
  )
  assert.equal(person.accountId, account.id)
  assert.deepEqual([roles, warnings, session.privacyNotice, session.contactEmail], [[], [], null, null])
  assert.match(session.certificate.serial, /^\d{20}$/)
  assert.equal(expiresAt.getTime(), clock.now().getTime() + 8 * 60 * MINUTE)
  assert.deepEqual(await readSession(parts, token), session)
  await acceptPrivacyNotice(parts, session, '2026-1')
  assert.equal((await readSession(parts, token))?.privacyNotice, '2026-1')
})

test('with a company’s certificate one acts for the company', async () => {
  const { session } = await signIn('cafe-y-miel')
  assert.equal(session.account.kind, 'company')
  assert.equal(session.account.name, 'CAFÉ & MIEL DEL SURESTE SA DE CV')
  assert.equal(session.person.curp, 'SABL790123MYNNLC00')
  const own = (await signIn('lucia')).session
  assert.equal(own.account.id, session.person.accountId)
  assert.equal((await signIn('cafe-y-miel')).session.person.name, 'LUCÍA SANTOS BALAM')
})

test('a renewed certificate opens the same account', async () => {
  const [before, renewed] = [await signIn('teresa'), await signIn('teresa-renewed')]
  assert.equal(renewed.session.account.id, before.session.account.id)
  assert.notEqual(renewed.session.certificate.serial, before.session.certificate.serial)
})

test('roles hold for oneself, not for the company one acts for', async () => {
  const efirmaOf = async (id: string) => parts.certificates.identify((await holder(id)).certificate, clock.now()).efirma
  await grantAsOperator(parts, { efirma: await efirmaOf('lucia'), institution: 'inm', role: 'officer' })
  assert.deepEqual((await signIn('lucia')).session.roles, [{ institution: 'inm', role: 'officer' }])
  assert.deepEqual((await signIn('cafe-y-miel')).session.roles, [])
})

test('an account that cannot be an RFC is asked again', async () => {
  for (const account of ['X', 'EKU9013173C9', 'XAXX010101000', 'A\nnonce: x']) {
    const started = await startSignIn(parts, { account, address: '192.0.2.1' })
    assert.deepEqual(started, { ok: false, errors: [{ field: 'account', code: 'rfc-shape' }] })
  }
  assert.equal(parseChallenge((await start(parts, ' h&e951128469 ')).text)?.account, 'H&E951128469')
})

test('certificate-unreadable', async () => {
  const person = await holder('tomas')
  for (const certificate of [Buffer.alloc(0), randomBytes(900), person.certificate.subarray(0, -1)]) {
    const answer = { ...(await answerOf(person)), certificate }
    await assert.rejects(() => completeSignIn(parts, answer), refusedWith('certificate-unreadable'))
  }
})

test('not-efirma: an invoice seal, and an authority’s own certificate', async () => {
  await assert.rejects(() => signIn('cafe-y-miel-seal'), refusedWith('not-efirma'))
  const answer = { ...(await answerOf(await holder('tomas'))), certificate: demo.authority }
  await assert.rejects(() => completeSignIn(parts, answer), refusedWith('not-efirma'))
})

test('expired, not-yet-valid', async () => {
  await assert.rejects(() => signIn('ernesto'), refusedWith('expired'))
  await atTime('2026-10-01T00:00:00Z', () =>
    assert.rejects(() => signIn('teresa-renewed'), refusedWith('not-yet-valid')),
  )
})

test('unknown-authority: the same names with another key', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'sign-in-'))
  const other = await openDemo({ dataDir: elsewhere, packDir, institutions: [], now: clock.now() })
  const answer = await answerOf(await holder('inaki', other))
  await rm(elsewhere, { recursive: true })
  await assert.rejects(() => completeSignIn(parts, answer), refusedWith('unknown-authority'))
})

test('weak-algorithm: a key of 1024 bits', async () => {
  const cast = await readCast(packDir, [])
  const { issuer } = await readAuthority(join(demo.folder, 'ca'), cast)
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const certificate = issueCertificate({
    issuer,
    subject: [
      ['commonName', 'ALGUIEN'],
      ['x500UniqueIdentifier', 'CACX7605101P8'],
    ],
    publicKey,
    serial: '99990000000000000001',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
    profile: 'efirma',
  })
  const answer = await answerOf({ certificate, key: privateKey })
  await assert.rejects(() => completeSignIn(parts, answer), refusedWith('weak-algorithm'))
})

test('revoked', async () => {
  await assert.rejects(() => signIn('rosa'), refusedWith('revoked'))
})

test('revocation-unknown: the source is silent, and the last answer is too old', async () => {
  let list: Buffer | undefined = await demo.readCrl(clock.now())
  const sources = demoSources(async () => list ?? Promise.reject(new Error('no answer')))
  const cold = await makeParts(
    new Map(
      [...sources].map(([issuer, source]) => [
        issuer,
        { ...source, crl: { ...source.crl!, read: async () => Promise.reject(new Error('no answer')) } },
      ]),
    ),
  )
  await database.ownerDb
    .withTables<{ 'identity.revocation_answer': object }>()
    .deleteFrom('identity.revocation_answer')
    .execute()
  await assert.rejects(() => signIn('inaki', cold), refusedWith('revocation-unknown'))
  assert.match(silences.at(-1) ?? '', /no answer/)
  const warm = await makeParts(sources)
  assert.deepEqual((await signIn('inaki', warm)).session.warnings, [])
  list = undefined
  // The list says until when it holds: seven days. After that, four hours of grace; another process finds it in the database.
  const restarted = await makeParts(sources)
  const during = await atTime('2026-12-01T14:59:00Z', () => signIn('inaki', restarted))
  assert.deepEqual(during.session.warnings, [])
  const grace = await atTime('2026-12-01T18:59:00Z', () => signIn('inaki', warm))
  assert.deepEqual(grace.session.warnings, ['revocation-grace'])
  await atTime('2026-12-01T18:59:00Z', () => assert.rejects(() => signIn('rosa', warm), refusedWith('revoked')))
  await atTime('2026-12-01T19:01:00Z', () =>
    assert.rejects(() => signIn('inaki', warm), refusedWith('revocation-unknown')),
  )
  await atTime('2026-12-01T19:01:00Z', () => assert.rejects(() => signIn('rosa', warm), refusedWith('revoked')))
})

test('an issuer without a source: let through with a warning in the demo, refused outside it', async () => {
  const inDemo = await makeParts(new Map())
  assert.deepEqual((await signIn('inaki', inDemo)).session.warnings, ['revocation-not-checked'])
  const outside = await makeParts(new Map(), { demo: false })
  await assert.rejects(() => signIn('inaki', outside), refusedWith('revocation-unknown'))
})

test('signature-invalid: another key, another text, another account than the certificate’s', async () => {
  const [inaki, tomas] = [await holder('inaki'), await holder('tomas')]
  const foreign = { ...(await answerOf(tomas)), certificate: inaki.certificate }
  await assert.rejects(() => completeSignIn(parts, foreign), refusedWith('signature-invalid'))
  const earlier = await answerOf(inaki)
  const replayed = { ...(await answerOf(inaki)), signature: earlier.signature }
  await assert.rejects(() => completeSignIn(parts, replayed), refusedWith('signature-invalid'))
  const claims = await answerOf(inaki, parts, 'C&M150304A93')
  await assert.rejects(() => completeSignIn(parts, claims), refusedWith('signature-invalid'))
  const named = await answerOf(inaki, parts, 'muni921130q28')
  assert.equal((await completeSignIn(parts, named)).session.account.rfc, 'MUNI921130Q28')
})

test('challenge-unknown, challenge-used, challenge-expired', async () => {
  const person = await holder('tomas')
  for (const challengeId of [newId(), 'nothing', '']) {
    const answer = { ...(await answerOf(person)), challengeId }
    await assert.rejects(() => completeSignIn(parts, answer), refusedWith('challenge-unknown'))
  }
  const answer = await answerOf(person)
  await completeSignIn(parts, answer)
  await assert.rejects(() => completeSignIn(parts, answer), refusedWith('challenge-used'))
  const late = await answerOf(person)
  await atTime('2026-11-24T15:02:00Z', () =>
    assert.rejects(() => completeSignIn(parts, late), refusedWith('challenge-expired')),
  )
})

test('the nonce is spent before the signature is looked at', async () => {
  const answer = await answerOf(await holder('tomas'))
  const wrong = { ...answer, signature: randomBytes(256) }
  await assert.rejects(() => completeSignIn(parts, wrong), refusedWith('signature-invalid'))
  await assert.rejects(() => completeSignIn(parts, answer), refusedWith('challenge-used'))
})

test('wrong-origin: a challenge of another site, said or stored', async () => {
  const person = await holder('tomas')
  const { id, text } = await start()
  const foreign = buildChallenge({ ...parseChallenge(text)!, origin: 'https://shop.example.evil.example' })
  const signature = sign('sha256', Buffer.from(foreign), person.key)
  const answer = { challengeId: id, certificate: person.certificate, signature, address: '192.0.2.1' }
  await assert.rejects(() => completeSignIn(parts, { ...answer, text: foreign }), refusedWith('wrong-origin'))
  const other = { ...parts, origin: 'https://other.example' }
  const stored = await answerOf(person, other)
  await assert.rejects(() => completeSignIn(parts, stored), refusedWith('wrong-origin'))
  const silent = { ...(await answerOf(person)), signature }
  await assert.rejects(() => completeSignIn(parts, silent), refusedWith('signature-invalid'))
})

test('too-many-attempts: per address, per certificate, and a stranger does not lock the owner out', async () => {
  const person = await holder('tomas')
  const strict = { ...parts, limits: { signInsPerCertificate: 2, signInsPerAddress: 1000 } }
  const from = async (address: string, signature?: Buffer) => {
    const answer = await answerOf(person)
    return completeSignIn(strict, { ...answer, address, ...(signature && { signature }) })
  }
  await atTime('2026-11-24T16:00:00Z', async () => {
    const wrong = randomBytes(256)
    for (let i = 0; i < 2; i += 1) {
      await assert.rejects(() => from('198.51.100.1', wrong), refusedWith('signature-invalid'))
    }
    await assert.rejects(() => from('198.51.100.1', wrong), refusedWith('too-many-attempts'))
    await from('198.51.100.2')
    await from('198.51.100.2')
    await assert.rejects(() => from('198.51.100.2'), refusedWith('too-many-attempts'))
    const narrow = { ...parts, limits: { signInsPerCertificate: 1000, signInsPerAddress: 1 } }
    const once = { ...(await answerOf(person)), address: '198.51.100.3' }
    await completeSignIn(narrow, once)
    const twice = { ...(await answerOf(person)), address: '198.51.100.3' }
    await assert.rejects(() => completeSignIn(narrow, twice), refusedWith('too-many-attempts'))
  })
})

test('of two that complete one challenge at once, one gets in', async () => {
  const answer = await answerOf(await holder('tomas'))
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => completeSignIn(parts, answer)))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  const codes = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
  assert.deepEqual(codes, ['challenge-used', 'challenge-used', 'challenge-used'])
})

test('first sign-ins at once give one account', async () => {
  const person = await holder('inm-signer')
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => answerOf(person)))
  const signedIn = await Promise.all(answers.map((answer) => completeSignIn(parts, answer)))
  assert.equal(new Set(signedIn.map(({ session }) => session.account.id)).size, 1)
})

test('a session ends after 20 minutes idle, after 8 hours at most, and on sign-out', async () => {
  const { token } = await signIn('guadalupe')
  const lives = () => readSession(parts, token).then((session) => session !== undefined)
  await atTime('2026-11-24T15:19:59Z', async () => assert.equal(await lives(), true))
  await atTime('2026-11-24T15:39:58Z', async () => assert.equal(await lives(), true))
  await atTime('2026-11-24T15:59:58Z', async () => assert.equal(await lives(), false))
  const long = await signIn('guadalupe')
  const active = () => readSession(parts, long.token).then((session) => session !== undefined)
  for (let minutes = 15; minutes < 480; minutes += 15) {
    const instant = new Date(Date.parse(NOW) + minutes * MINUTE).toISOString()
    await atTime(instant, async () => assert.equal(await active(), true, instant))
  }
  await atTime('2026-11-24T22:59:59Z', async () => assert.equal(await active(), true))
  await atTime('2026-11-24T23:00:00Z', async () => assert.equal(await active(), false))
  const short = await signIn('guadalupe')
  await signOut(parts, short.token)
  assert.equal(await readSession(parts, short.token), undefined)
  for (const token of ['', 'x', `${short.token}x`]) assert.equal(await readSession(parts, token), undefined)
})

test('signing in ends the session that the browser had; signing out everywhere ends all', async () => {
  const first = await signIn('lucia')
  const answer = await answerOf(await holder('cafe-y-miel'))
  const second = await completeSignIn(parts, { ...answer, previousToken: first.token })
  assert.equal(await readSession(parts, first.token), undefined)
  const third = await signIn('lucia')
  const stranger = await signIn('tomas')
  await signOutEverywhere(parts, third.session)
  assert.equal(await readSession(parts, second.token), undefined)
  assert.equal(await readSession(parts, third.token), undefined)
  assert.ok(await readSession(parts, stranger.token))
})

test('no token is kept as it is', async () => {
  const { token } = await signIn('tomas')
  const rows = await database.ownerDb
    .withTables<{ 'identity.session': { token_hash: Buffer } }>()
    .selectFrom('identity.session')
    .selectAll()
    .execute()
  assert.equal(JSON.stringify(rows).includes(token), false)
  assert.equal(
    rows.some(({ token_hash }) => token_hash.equals(Buffer.from(token, 'base64url'))),
    false,
  )
})

test('who signs is who signed in: a renewed certificate will do, another person or the company will not', async () => {
  const { session } = await signIn('teresa')
  const at = clock.now()
  const check = async (id: string, from = session) => checkSigner(parts, from, (await holder(id)).certificate, at)
  const signer = await check('teresa')
  assert.equal(signer.evidence?.kind, 'crl')
  assert.equal(signer.issuers.length, 2)
  await check('teresa-renewed')
  await assert.rejects(() => check('inaki'), refusedWith('not-the-signed-in-person'))
  const company = (await signIn('cafe-y-miel')).session
  await check('cafe-y-miel', company)
  await assert.rejects(() => check('lucia', company), refusedWith('not-the-signed-in-person'))
  const lucia = (await signIn('lucia')).session
  await assert.rejects(() => check('cafe-y-miel', lucia), refusedWith('not-the-signed-in-person'))
  await assert.rejects(() => check('cafe-y-miel-seal', company), refusedWith('not-efirma'))
})

test('a certificate revoked after sign-in no longer signs', async () => {
  const { session } = await signIn('inm-officer')
  const { certificate } = await holder('inm-officer')
  await checkSigner(parts, session, certificate, clock.now())
  clock.advance(5000)
  await demo.revoke('inm-officer', clock.now())
  await assert.rejects(() => checkSigner(parts, session, certificate, clock.now()), refusedWith('revoked'))
  clock.set(NOW)
})

test('what has served is swept', async () => {
  const { token } = await signIn('tomas')
  await atTime('2027-02-22T14:00:00Z', () => sweepSignIns(parts))
  const left = await database.ownerDb
    .withTables<{ 'identity.challenge': object; 'identity.attempt': object; 'identity.session': object }>()
    .selectFrom('identity.challenge')
    .select((each) => each.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(left.count, 0)
  assert.ok(await readSession(parts, token))
  await atTime('2027-02-23T15:00:00Z', () => sweepSignIns(parts))
  assert.equal(await readSession(parts, token), undefined)
})
