import assert from 'node:assert/strict'
import { constants, createPrivateKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Holder, issue, newKey } from '#test/support/pki.ts'
import { type SoftToken, startSoftToken, withoutSoftToken } from '#test/support/soft-token.ts'
import { OID } from '#trust/der/oids.ts'
import { integer, octets, oid, sequence } from '#trust/der/write.ts'
import { KeyFault, type SigningKey } from '../signing-key.ts'
import { openTokenKey } from './open-token-key.ts'

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const authority = issue({ subject: 'Authority' })
const holders: Record<string, Holder> = {
  rsa: issue({ subject: 'RSA', issuer: authority, key: rsa() }),
  'p-256': issue({ subject: 'P-256', issuer: authority, key: ec('P-256') }),
  'p-384': issue({ subject: 'P-384', issuer: authority, key: ec('P-384') }),
  'p-521': issue({ subject: 'P-521', issuer: authority, key: ec('P-521') }),
  ed25519: issue({ subject: 'Ed25519', issuer: authority, key: generateKeyPairSync('ed25519').privateKey }),
}

/** The same numbers under the identifier of RSASSA-PSS (RFC 4055, 1.2). */
function pssOf(key: KeyObject): KeyObject {
  const numbers = key.export({ type: 'pkcs1', format: 'der' })
  const pkcs8 = sequence(integer(0), sequence(oid(OID.rsaPss)), octets(numbers))
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

describe('a key inside a token', { skip: withoutSoftToken }, () => {
  let token: SoftToken
  const opened: SigningKey[] = []
  const open = async (key: string, more: Partial<Parameters<typeof openTokenKey>[0]> = {}) => {
    const place = { module: token.module, token: token.label, key }
    const it = await openTokenKey({ place, pin: token.pin, ...more })
    opened.push(it)
    return it
  }

  before(async () => {
    token = await startSoftToken()
    for (const [i, [name, holder]] of Object.entries(holders).entries())
      await token.add(holder, name, `a${i}`, name !== 'ed25519')
  })
  after(async () => {
    for (const each of opened) await each.close()
    await token.remove()
  })

  for (const [name, { certificate }] of Object.entries(holders)) {
    test(`${name} signs, by label, and its signature holds`, async () => {
      const own = name === 'ed25519' ? { certificate: certificate.der } : {}
      const key = await open(name, own)
      assert.equal(key.certificate.sha256, certificate.sha256)
      const bytes = Buffer.from('an act')
      const signature = await key.sign(bytes)
      assert.ok(verify(name === 'ed25519' ? null : 'sha256', bytes, certificate.publicKey, signature))
    })
  }

  test('an RSA key whose certificate says PSS alone signs PSS', async () => {
    const key = pssOf(holders.rsa!.key)
    const { certificate } = issue({ subject: 'PSS', issuer: authority, key })
    const bytes = Buffer.from('an act')
    const signature = await (await open('rsa', { certificate: certificate.der })).sign(bytes)
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    assert.ok(verify('sha256', bytes, { key: certificate.publicKey, ...padding }, signature))
  })

  test('of two certificates of one key the newer one counts', async () => {
    const { key } = holders['p-256']!
    const [old, renewed] = ['2020-01-01', '2025-01-01'].map((from) =>
      issue({ subject: 'Renewed', issuer: authority, key, notBefore: new Date(from) }),
    )
    await token.add(renewed!, 'renewed', 'c1')
    await token.addCertificate(old!, 'renewed', 'c1')
    assert.equal((await open('renewed')).certificate.sha256, renewed!.certificate.sha256)
  })

  test('by its id as well', async () => {
    assert.equal((await open('id:A0')).certificate.sha256, holders.rsa!.certificate.sha256)
  })

  test('a certificate of another key, or none, is refused before anything is signed', async () => {
    await assert.rejects(
      open('p-256', { certificate: holders['p-384']!.certificate.der }),
      /not that of the certificate/,
    )
    await assert.rejects(open('rsa', { certificate: holders['p-384']!.certificate.der }), KeyFault)
    const twin = issue({ subject: 'Other', issuer: authority, key: newKey() })
    await assert.rejects(open('p-256', { certificate: twin.certificate.der }), /not that of the certificate/)
    await assert.rejects(open('ed25519'), /holds no certificate/)
    await assert.rejects(open('p-256', { certificate: Buffer.from('no') }), /cannot be read/)
  })

  test('what is not there is said in plain words, with what is', async () => {
    await assert.rejects(open('another'), /no private key «another»/)
    const place = { module: token.module, token: 'otro', key: 'rsa' }
    await assert.rejects(open('', { place }), new RegExp(`no token is called «otro»; there is «${token.label}»`))
    await assert.rejects(open('', { place: { ...place, module: '/nowhere/lib.so' } }), KeyFault)
  })

  test('a wrong PIN is one try, and the code is named', async () => {
    await assert.rejects(open('rsa', { pin: '000000' }), /the PIN is wrong \(CKR_PIN_INCORRECT, C_Login\)/)
  })

  test('many at once share the sessions, and everyone has their own signature', async () => {
    const key = await open('p-256', { most: 2 })
    const texts = Array.from({ length: 40 }, (_, i) => Buffer.from(`act ${i}`))
    const signatures = await Promise.all(texts.map((each) => key.sign(each)))
    for (const [i, text] of texts.entries())
      assert.ok(verify('sha256', text, holders['p-256']!.certificate.publicKey, signatures[i]!))
  })

  test('a token that is taken away is a fault; when it is back, signing goes on with a session of its own', async () => {
    const key = await open('rsa', { most: 1, patience: 5000 })
    const tokens = join(token.folder, 'tokens')
    await rename(tokens, `${tokens}-away`)
    await assert.rejects(async () => {
      for (let i = 0; i < 3; i += 1) await key.sign(Buffer.from('gone'))
    }, KeyFault)
    await rename(`${tokens}-away`, tokens)
    assert.ok(await key.sign(Buffer.from('back')))
  })

  test('closed is closed', async () => {
    const key = await open('rsa')
    await key.close()
    await assert.rejects(key.sign(Buffer.from('late')), /closed/)
  })
})
