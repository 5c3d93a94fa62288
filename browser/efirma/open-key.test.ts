import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createCipheriv, createPublicKey, generateKeyPairSync, pbkdf2Sync, randomBytes, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { failsWith, makePerson, PASSWORD } from '#test/support/efirma-person.ts'
import { OID } from '#trust/der/oids.ts'
import { integer, nothing, octets, oid, sequence } from '#trust/der/write.ts'
import { Failure } from './failure.ts'
import { ALGORITHM, openKey } from './open-key.ts'

const person = makePerson()
const { privateKey } = person
const plain = privateKey.export({ type: 'pkcs8', format: 'der' })

async function opens(file: Uint8Array, password = PASSWORD): Promise<void> {
  const key = await openKey(file, password)
  assert.deepEqual([key.extractable, key.usages], [false, ['sign']])
  await assert.rejects(crypto.subtle.exportKey('pkcs8', key))
  const signature = await crypto.subtle.sign(ALGORITHM, key, Buffer.from('algo'))
  assert.ok(verify('sha256', Buffer.from('algo'), createPublicKey(privateKey), Buffer.from(signature)))
}

test('the e.firma’s own form: PBKDF2 with HMAC-SHA-1 unsaid, and triple DES', async () => {
  await opens(person.key)
  await assert.rejects(openKey(person.key, `${PASSWORD} `), failsWith('wrong-password-or-key'))
  await assert.rejects(openKey(person.key, ''), failsWith('wrong-password-or-key'))
})

for (const cipher of ['des-ede3-cbc', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc'])
  test(`keys as Node writes them, ${cipher}, open with their password and only with it`, async () => {
    const file = privateKey.export({ type: 'pkcs8', format: 'der', cipher, passphrase: PASSWORD })
    await opens(file)
    await assert.rejects(openKey(file, 'otra'), failsWith('wrong-password-or-key'))
  })

const openssl = (...args: string[]) =>
  execFileSync(
    'openssl',
    ['pkcs8', '-topk8', '-inform', 'DER', '-outform', 'DER', '-passout', 'pass:12345678a', ...args],
    {
      input: plain,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
const withoutOpenssl = (() => {
  try {
    openssl('-v2', 'des3')
    return false
  } catch {
    return 'openssl is not here'
  }
})()

test('keys made with the openssl command', { skip: withoutOpenssl }, async () => {
  for (const prf of ['hmacWithSHA1', 'hmacWithSHA256'])
    for (const cipher of ['des3', 'aes-128-cbc', 'aes-256-cbc'])
      await opens(openssl('-v2', cipher, '-v2prf', prf), '12345678a')
})

test('openssl’s other forms are told as unreadable, not as a wrong password', { skip: withoutOpenssl }, async () => {
  const others = [
    openssl('-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'),
    openssl('-v1', 'PBE-SHA1-3DES'),
    openssl('-scrypt'),
  ]
  for (const file of others) await assert.rejects(openKey(file, '12345678a'), failsWith('key-unreadable'))
})

interface Recipe {
  iterations?: number
  keyLength?: number
  prf?: Buffer
  more?: Buffer
  cipher?: string
  iv?: number
  content?: Buffer
}

const salt = randomBytes(8)
const prfOf = (id: string) => sequence(oid(id), nothing())

/** A key file by hand, so that one part can be wrong. */
function seal({
  iterations = 100,
  keyLength,
  prf,
  more,
  cipher = OID.desEde3Cbc,
  iv = 8,
  content = plain,
}: Recipe): Buffer {
  const start = randomBytes(8)
  const box = createCipheriv(
    'des-ede3-cbc',
    pbkdf2Sync(PASSWORD, salt, Math.max(1, Math.min(iterations, 1000)), 24, 'sha1'),
    start,
  )
  const parts = [
    octets(salt),
    integer(iterations),
    ...(keyLength ? [integer(keyLength)] : []),
    ...(prf ? [prf] : []),
    ...(more ? [more] : []),
  ]
  const derivation = sequence(oid(OID.pbkdf2), sequence(...parts))
  const encryption = sequence(oid(cipher), octets(iv === 8 ? start : randomBytes(iv)))
  const sealed = Buffer.concat([box.update(content), box.final()])
  return sequence(sequence(oid(OID.pbes2), sequence(derivation, encryption)), octets(sealed))
}

test('RFC 8018, A.2: a key length and a PRF that are said must be right', async () => {
  await opens(seal({}))
  await opens(seal({ keyLength: 24, prf: prfOf('1.2.840.113549.2.7') }))
  const wrong: Recipe[] = [
    { keyLength: 16 },
    { prf: prfOf('1.2.840.113549.2.11') },
    { prf: octets(salt) },
    { keyLength: 24, prf: prfOf('1.2.840.113549.2.7'), more: nothing() },
    { iterations: 0 },
    { iterations: 10_000_001 },
    { cipher: '1.3.14.3.2.7' },
    { iv: 16 },
  ]
  for (const recipe of wrong)
    await assert.rejects(openKey(seal(recipe), PASSWORD), failsWith('key-unreadable'), JSON.stringify(recipe))
})

test('an opened file that holds no RSA key, or a broken one, looks like a wrong password', async () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
  for (const content of [elliptic.export({ type: 'pkcs8', format: 'der' }), Buffer.from('hola'), Buffer.alloc(0)])
    await assert.rejects(openKey(seal({ content }), PASSWORD), failsWith('wrong-password-or-key'))
})

test('what is not a sealed key is unreadable: text, a key without password, one too large', async () => {
  for (const file of [Buffer.from('hola'), Buffer.alloc(0), plain, Buffer.alloc(70_000, 0x30)])
    await assert.rejects(openKey(file, 'x'), failsWith('key-unreadable'))
})

test('whatever is chosen for a key ends in a sentence, never in a fault', async () => {
  // Few iterations: here the reading is on trial, not the derivation.
  const file = seal({ iterations: 1, content: Buffer.from('short') })
  const property = fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
    const broken = Buffer.from(file)
    broken[at] = broken[at]! ^ change
    await assert.rejects(openKey(broken, 'x'), (error) => error instanceof Failure)
  })
  await fc.assert(property, { seed: 8, numRuns: 300 })
  const junk = fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), async (bytes) => {
    await assert.rejects(openKey(bytes, 'x'), failsWith('key-unreadable'))
  })
  await fc.assert(junk, { seed: 9, numRuns: 300 })
})
