import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '#kernel/bytes.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { readDer } from './der.ts'
import { Failure } from './failure.ts'
import { openKey } from './open-key.ts'
import { checkByteRange, checkChallenge, signedAttributes } from './sign.ts'
import { openTripleDes } from './triple-des.ts'

const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code

test('what OpenSSL sealed with DES-EDE3-CBC opens to the same bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 24, maxLength: 24 }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.uint8Array({ maxLength: 60 }),
      (key, iv, plain) => {
        const cipher = createCipheriv('des-ede3-cbc', key, iv)
        const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
        assert.deepEqual(Buffer.from(openTripleDes(key, iv, sealed)!), Buffer.from(plain))
      },
    ),
    { numRuns: 60 },
  )
})

test('a wrong key ends where OpenSSL ends: in nothing, or in the same bytes', () => {
  const sealed = randomBytes(64)
  for (let i = 0; i < 40; i += 1) {
    const [key, iv] = [randomBytes(24), randomBytes(8)]
    let expected: Buffer | undefined
    try {
      const cipher = createDecipheriv('des-ede3-cbc', key, iv)
      expected = Buffer.concat([cipher.update(sealed), cipher.final()])
    } catch {
      expected = undefined
    }
    const opened = openTripleDes(key, iv, sealed)
    assert.deepEqual(opened && Buffer.from(opened), expected)
  }
})

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const sealedKey = (cipher: string) =>
  privateKey.export({ type: 'pkcs8', format: 'der', cipher, passphrase: 'contraseña ñ' })

test('keys open with their password, and only with it', async () => {
  for (const cipher of ['des-ede3-cbc', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc']) {
    const file = sealedKey(cipher)
    assert.equal(
      createPrivateKey({ key: file, format: 'der', type: 'pkcs8', passphrase: 'contraseña ñ' }).type,
      'private',
    )
    const key = await openKey(file, 'contraseña ñ')
    assert.equal(key.extractable, false)
    await assert.rejects(openKey(file, 'otra'), failsWith('wrong-password-or-key'))
  }
})

test('whatever is chosen for a key ends in a sentence, never in a fault', async () => {
  const file = sealedKey('des-ede3-cbc')
  for (let i = 0; i < 60; i += 1) {
    const broken = Buffer.from(file)
    broken[i % 90] = broken[i % 90]! ^ (1 + (i % 7) * 16)
    await openKey(broken, 'x').catch((error) => assert.ok(error instanceof Failure, String(error)))
  }
  await assert.rejects(openKey(Buffer.from('hola'), 'x'), failsWith('key-unreadable'))
})

test('any bytes are read as DER or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        const { whole } = readDer(bytes)
        assert.ok(whole.length <= bytes.length)
      } catch (error) {
        assert.ok(error instanceof RangeError)
      }
    }),
    { numRuns: 500 },
  )
})

const text = (origin: string) =>
  `ventanilla sign-in 1\norigin: ${origin}\naccount: \nnonce: ${'A'.repeat(43)}\nissued: 2026-11-24T15:04:05Z\nexpires: 2026-11-24T15:06:05Z\n`

test('only a challenge of this site is signed', () => {
  checkChallenge(text('https://shop.example'), 'https://shop.example')
  assert.throws(() => checkChallenge(text('https://evil.example'), 'https://shop.example'), failsWith('wrong-origin'))
  assert.throws(() => checkChallenge('1\u0000\u0001', 'https://shop.example'), failsWith('challenge-unknown'))
  assert.throws(
    () => checkChallenge(text('https://shop.example').replace('sign-in 1', 'sign-in 2'), 'https://shop.example'),
    failsWith('challenge-unknown'),
  )
})

const head = '%PDF-1.7\n/Contents '
const pdf = Buffer.from(`${head}<${'0'.repeat(20)}> the rest`)
const range = [0, head.length, head.length + 22, pdf.length - head.length - 22] as const

test('the signed attributes are the server’s, byte for byte', async () => {
  const certificate = Uint8Array.from(randomBytes(900))
  const covered = Buffer.concat([pdf.subarray(0, range[1]), pdf.subarray(range[2])])
  const expected = signedAttributesFor({
    digest: sha256(covered),
    certificate: { sha256: sha256(certificate).toString('hex') },
  })
  assert.deepEqual(Buffer.from(await signedAttributes(pdf, range, certificate)), expected)
})

test('a range that leaves anything out but one empty gap is not signed', () => {
  checkByteRange(pdf, range)
  const moved = [0, range[1] - 1, range[2], range[3]] as const
  const short = [0, range[1], range[2], range[3] - 1] as const
  const full = Buffer.from(pdf)
  full[range[1] + 3] = 0x41
  assert.throws(() => checkByteRange(pdf, moved), failsWith('document-differs'))
  assert.throws(() => checkByteRange(pdf, short), failsWith('document-differs'))
  assert.throws(() => checkByteRange(full, range), failsWith('document-differs'))
})
