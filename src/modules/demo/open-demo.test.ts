import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readCurp, readRfc } from '#modules/identity/index.ts'
import { type Demo, openDemo } from './open-demo.ts'

const packDir = fileURLToPath(new URL('../../../packs/mx', import.meta.url))
const now = new Date('2026-11-24T15:00:00Z')
const institutions = ['first', 'second', 'third']
const dataDir = mkdtempSync(join(tmpdir(), 'demo-'))
let demo: Demo

before(async () => {
  demo = await openDemo({ dataDir, packDir, institutions, now })
})
after(() => rmSync(dataDir, { recursive: true }))

const read = async (id: string) => new X509Certificate(await demo.readFile(id, 'cer'))

test('everyone a trial needs is there', () => {
  const of = (certificate: string) => demo.people.filter((person) => person.certificate === certificate).length
  assert.deepEqual([of('expired'), of('revoked'), of('renewed')], [1, 1, 1])
  assert.equal(demo.people.filter(({ kind }) => kind === 'seal').length, 1)
  assert.equal(demo.people.filter(({ kind }) => kind === 'company').length, 1)
  for (const institution of institutions) {
    const roles = demo.people.flatMap((person) => person.roles.filter((held) => held.institution === institution))
    assert.deepEqual(roles.map(({ role }) => role).sort(), ['officer', 'signer', 'supervisor'])
  }
  assert.deepEqual(JSON.parse(readFileSync(join(demo.folder, 'people.json'), 'utf8')), demo.people)
})

test('everyone’s RFC and CURP have the right digits', () => {
  for (const { id, rfc, curp } of demo.people) {
    assert.equal(readRfc(rfc)?.digit, 'right', id)
    if (curp !== null) assert.equal(readCurp(curp)?.digit, 'right', id)
  }
})

test('a key opens with its password and is its certificate’s', async () => {
  for (const { id } of demo.people) {
    const key = await demo.readFile(id, 'key')
    const password = (await demo.readFile(id, 'password.txt')).toString().trimEnd()
    const opened = createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase: password })
    assert.ok((await read(id)).publicKey.equals(createPublicKey(opened)), id)
    assert.throws(() => createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase: `${password}.` }))
  }
})

test('a certificate has the profile of the e.firma', async () => {
  const certificate = await read('cafe-y-miel')
  assert.match(Buffer.from(certificate.serialNumber, 'hex').toString('ascii'), /^\d{20}$/)
  assert.match(certificate.subject, /x500UniqueIdentifier=C&M150304A93 \/ SABL7901233T7/)
  assert.match(certificate.subject, /serialNumber= \/ SABL790123MYNNLC00|serialNumber=\\ \/ SABL790123MYNNLC00/)
  assert.match((await read('inaki')).subject, /CN=IÑAKI ÁNGEL MUÑOZ NÚÑEZ/)
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.2'])
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048)
  assert.equal(new X509Certificate(demo.authority).publicKey.asymmetricKeyDetails?.modulusLength, 4096)
  const years = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / (365.25 * 86_400_000)
  assert.equal(Math.round(years * 1000) / 1000, 4)
  assert.match((await read('cafe-y-miel-seal')).subject, /OU=MATRIZ/)
})

test('OpenSSL follows the path and the revocation list', async (t) => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
  } catch {
    return t.skip('there is no openssl here')
  }
  const pem = (label: string, der: Buffer) =>
    `-----BEGIN ${label}-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END ${label}-----\n`
  const file = (name: string, content: string) => {
    writeFileSync(join(dataDir, name), content)
    return join(dataDir, name)
  }
  const root = file('root.pem', pem('CERTIFICATE', demo.root))
  const authority = file('authority.pem', pem('CERTIFICATE', demo.authority))
  const crl = file('crl.pem', pem('X509 CRL', await demo.readCrl(now)))
  const attime = String(now.getTime() / 1000)
  const verify = async (id: string) => {
    const leaf = file(`${id}.pem`, pem('CERTIFICATE', await demo.readFile(id, 'cer')))
    const options = ['-attime', attime, '-CAfile', root, '-untrusted', authority, '-CRLfile', crl, '-crl_check', leaf]
    return execFileSync('openssl', ['verify', ...options], { stdio: 'pipe' }).toString()
  }
  for (const id of ['guadalupe', 'cafe-y-miel', 'teresa', 'teresa-renewed', 'first-officer', 'cafe-y-miel-seal']) {
    assert.match(await verify(id), /: OK/)
  }
  await assert.rejects(() => verify('rosa'), /certificate revoked/)
  await assert.rejects(() => verify('ernesto'), /certificate has expired/)
})

test('a second start finds the same people, and a new institution gets its own', async () => {
  const again = await openDemo({ dataDir, packDir, institutions, now })
  assert.deepEqual(again.people, demo.people)
  assert.deepEqual(again.authority, demo.authority)
  const other = await openDemo({ dataDir, packDir, institutions: ['first', 'second', 'fourth'], now })
  assert.deepEqual(other.authority, demo.authority)
  assert.ok(other.people.some(({ id }) => id === 'fourth-signer'))
  assert.equal(
    other.people.find(({ id }) => id === 'inaki')?.serial,
    demo.people.find(({ id }) => id === 'inaki')?.serial,
  )
})

test('three years later everyone has a new certificate from the same authority, and is the same person', async () => {
  const later = await openDemo({ dataDir, packDir, institutions, now: new Date('2029-11-20T00:00:00Z') })
  const [was, is] = [demo, later].map(({ people }) => people.find(({ id }) => id === 'inaki'))
  assert.deepEqual(later.authority, demo.authority)
  assert.notEqual(is?.serial, was?.serial)
  assert.deepEqual([is?.rfc, is?.curp], [was?.rfc, was?.curp])
})

test('who is revoked is on the next list, not on one of before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'))
  const own = await openDemo({ dataDir: folder, packDir, institutions: [], now })
  const serial = Buffer.from(own.people.find(({ id }) => id === 'tomas')?.serial ?? '-', 'ascii')
  assert.equal((await own.readCrl(now)).includes(serial), false)
  await own.revoke('tomas', new Date(now.getTime() + 1000))
  assert.equal((await own.readCrl(new Date(now.getTime() + 2000))).includes(serial), true)
  await assert.rejects(() => own.revoke('../ca', now), RangeError)
  rmSync(folder, { recursive: true })
})
