import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Issuer, issueCertificate } from '../demo/issue-certificate.ts'
import { addAuthority, loadAuthorities, mirrorTrustDir, trustDemo } from './authorities.ts'
import { identifyCertificate } from './judge-certificate.ts'

const packDir = fileURLToPath(new URL('../../../packs/mx', import.meta.url))
const samples = new URL('../../../../shared/samples/efirma', import.meta.url).pathname
const skip = existsSync(samples) ? false : 'the tax service’s certificates are not here'
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trust-'))
  folders.push(folder)
  return folder
}

const span = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2030-01-01T00:00:00Z') }
const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [rootKeys, issuerKeys] = [keys(), keys()]
const root: Issuer = { name: [['commonName', 'RAIZ']], key: rootKeys.privateKey }
const rootDer = issueCertificate({
  issuer: root,
  subject: root.name,
  publicKey: rootKeys.publicKey,
  serial: '00000000000000000001',
  profile: 'root',
  ...span,
})
const issuerDer = issueCertificate({
  issuer: root,
  subject: [['commonName', 'EMISORA']],
  publicKey: issuerKeys.publicKey,
  serial: '00000000000000000002',
  profile: 'authority',
  ...span,
})

test('the production hierarchy is added because the pack pins it', { skip }, async () => {
  const dataDir = freshFolder()
  for (const file of ['ARC5_IES.cer', 'AC5_SAT.cer', 'ocsp.ac5_sat.cer']) {
    const der = readFileSync(join(samples, 'authorities', file))
    assert.equal((await addAuthority(der, { dataDir, packDir, unpinned: false })).source, 'pinned')
  }
  const listed = await loadAuthorities({ dataDir, packDir, demo: false })
  assert.equal(listed.length, 3)
  assert.deepEqual(
    listed.filter(({ anchor }) => anchor).map(({ name }) => name),
    ['AGENCIA REGISTRADORA CENTRAL'],
  )
})

test('an authority that is not pinned is refused, unless told so in words', async () => {
  const place = { dataDir: freshFolder(), packDir }
  await assert.rejects(() => addAuthority(rootDer, { ...place, unpinned: false }), /not pinned.*--unpinned/)
  await assert.rejects(() => addAuthority(randomBytes(99), { ...place, unpinned: true }), /not a certificate/)
  assert.deepEqual(await loadAuthorities({ ...place, demo: false }), [])
  const added = await addAuthority(rootDer, { ...place, unpinned: true })
  assert.deepEqual([added.source, added.anchor, added.name], ['unpinned', true, 'RAIZ'])
})

test('with DEMO=0 the demo’s authority is not trusted, whatever lies in the folder', async () => {
  const place = { dataDir: freshFolder(), packDir }
  await trustDemo(place.dataDir, [rootDer, issuerDer])
  assert.equal((await loadAuthorities({ ...place, demo: true })).length, 2)
  assert.deepEqual(await loadAuthorities({ ...place, demo: false }), [])
})

test('TRUST_DIR is taken over as it is, and forgotten when it goes', async () => {
  const place = { dataDir: freshFolder(), packDir }
  const trustDir = freshFolder()
  await assert.rejects(() => mirrorTrustDir({ ...place, trustDir, demo: true }), /no \.cer files/)
  writeFileSync(join(trustDir, 'issuer.cer'), issuerDer)
  await assert.rejects(() => mirrorTrustDir({ ...place, trustDir, demo: true }), /does not chain/)
  writeFileSync(join(trustDir, 'root.cer'), rootDer)
  await mirrorTrustDir({ ...place, trustDir, demo: true })
  assert.deepEqual(
    (await loadAuthorities({ ...place, demo: true })).map(({ source }) => source),
    ['trust-dir', 'trust-dir'],
  )
  await mirrorTrustDir({ ...place, trustDir: undefined, demo: true })
  assert.deepEqual(await loadAuthorities({ ...place, demo: true }), [])
})

test('with DEMO=0 each file of TRUST_DIR must be pinned or added in words', async () => {
  const place = { dataDir: freshFolder(), packDir }
  const trustDir = freshFolder()
  writeFileSync(join(trustDir, 'root.cer'), rootDer)
  await assert.rejects(() => mirrorTrustDir({ ...place, trustDir, demo: false }), /not pinned/)
  await addAuthority(rootDer, { ...place, unpinned: true })
  await mirrorTrustDir({ ...place, trustDir, demo: false })
})

test('a file that is no certificate stops the start with its name', async () => {
  const place = { dataDir: freshFolder(), packDir }
  const folder = join(place.dataDir, 'trust', 'unpinned')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'broken.cer'), 'broken')
  await assert.rejects(() => loadAuthorities({ ...place, demo: false }), /broken\.cer is not a certificate/)
})

test('an issuer whose root is not there issues nothing that is believed', async () => {
  const place = { dataDir: freshFolder(), packDir }
  await addAuthority(issuerDer, { ...place, unpinned: true })
  const person = issueCertificate({
    issuer: { name: [['commonName', 'EMISORA']], key: issuerKeys.privateKey },
    subject: [
      ['commonName', 'ALGUIEN'],
      ['x500UniqueIdentifier', 'CACX7605101P8'],
    ],
    publicKey: keys().publicKey,
    serial: '99990000000000000001',
    profile: 'efirma',
    ...span,
  })
  const identify = async () =>
    identifyCertificate(await loadAuthorities({ ...place, demo: false }), person, new Date('2026-11-24T15:00:00Z'))
  await assert.rejects(identify, { code: 'unknown-authority' })
  await addAuthority(rootDer, { ...place, unpinned: true })
  assert.equal((await identify()).efirma.rfc, 'CACX7605101P8')
})
