import assert from 'node:assert/strict'
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { OID } from '#trust/der/oids.ts'
import { readDer } from '#trust/der/read.ts'
import * as der from '#trust/der/write.ts'
import { parseAlgorithm } from './algorithm.ts'
import { verifySignature } from './verify-signature.ts'

const data = Buffer.from('what is signed')
const algorithm = (oid: string, ...params: Buffer[]) => parseAlgorithm(readDer(der.sequence(der.oid(oid), ...params)))
const nothing = der.nothing()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const shortRsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const edwards = generateKeyPairSync('ed25519')

const hashed = (oid: string): Buffer => der.sequence(der.oid(oid), nothing)
const pss = (hash: string, mask: string, salt: number): Buffer =>
  der.sequence(
    der.context(0, hashed(hash)),
    der.context(1, der.sequence(der.oid(OID.mgf1), hashed(mask))),
    der.context(2, der.integer(salt)),
  )
const signPss = (key: KeyObject, saltLength: number): Buffer =>
  sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })

test('each accepted algorithm verifies its own, and nothing else', () => {
  const cases = [
    [algorithm(OID.sha256WithRsa, nothing), rsa.publicKey, sign('sha256', data, rsa.privateKey)],
    [algorithm(OID.sha512WithRsa), rsa.publicKey, sign('sha512', data, rsa.privateKey)],
    [algorithm(OID.rsaPss, pss(OID.sha256, OID.sha256, 32)), rsa.publicKey, signPss(rsa.privateKey, 32)],
    [algorithm(OID.ecdsaWithSha256), p256.publicKey, sign('sha256', data, p256.privateKey)],
    [algorithm(OID.ed25519), edwards.publicKey, sign(null, data, edwards.privateKey)],
  ] as const
  for (const [each, key, signature] of cases) {
    assert.equal(verifySignature(each, key, data, signature), 'valid')
    assert.equal(verifySignature(each, key, Buffer.from('something else'), signature), 'invalid')
    assert.equal(verifySignature(each, key, data, signature.subarray(1)), 'invalid')
    assert.equal(verifySignature(each, key, data, Buffer.alloc(0)), 'invalid')
  }
})

test('the key is of the kind that the algorithm asks for', () => {
  const signature = sign('sha256', data, p256.privateKey)
  assert.equal(verifySignature(algorithm(OID.sha256WithRsa, nothing), p256.publicKey, data, signature), 'unsupported')
  assert.equal(verifySignature(algorithm(OID.ecdsaWithSha256), rsa.publicKey, data, signature), 'unsupported')
})

test('parameters that do not belong, or say something else, are not overlooked (RFC 4055, RFC 5758)', () => {
  const signature = sign('sha256', data, p256.privateKey)
  assert.equal(verifySignature(algorithm(OID.ecdsaWithSha256, nothing), p256.publicKey, data, signature), 'unsupported')
  const bySha256 = signPss(rsa.privateKey, 32)
  const judge = (params: Buffer): string =>
    verifySignature(algorithm(OID.rsaPss, params), rsa.publicKey, data, bySha256)
  assert.equal(judge(pss(OID.sha256, OID.sha512, 32)), 'unsupported')
  assert.equal(judge(pss(OID.sha256, OID.sha256, 20)), 'invalid')
  assert.equal(judge(pss(OID.md5, OID.md5, 32)), 'unsupported')
  assert.equal(judge(nothing), 'unsupported')
  assert.equal(verifySignature(algorithm(OID.md5WithRsa, nothing), rsa.publicKey, data, bySha256), 'unsupported')
})

test('SHA-1, short keys and odd curves are weak, the first two let through for old corpora only', () => {
  const old = { allowLegacyAlgorithms: true }
  const sha1 = sign('sha1', data, rsa.privateKey)
  assert.equal(verifySignature(algorithm(OID.sha1WithRsa, nothing), rsa.publicKey, data, sha1), 'weak')
  assert.equal(verifySignature(algorithm(OID.sha1WithRsa, nothing), rsa.publicKey, data, sha1, old), 'valid')
  const short = sign('sha256', data, shortRsa.privateKey)
  assert.equal(verifySignature(algorithm(OID.sha256WithRsa, nothing), shortRsa.publicKey, data, short), 'weak')
  assert.equal(verifySignature(algorithm(OID.sha256WithRsa, nothing), shortRsa.publicKey, data, short, old), 'valid')
  const odd = sign('sha256', data, koblitz.privateKey)
  assert.equal(verifySignature(algorithm(OID.ecdsaWithSha256), koblitz.publicKey, data, odd, old), 'weak')
})
