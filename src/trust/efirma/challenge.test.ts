import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { readDer } from '#trust/der/read.ts'
import { buildChallenge, type Challenge, parseChallenge, verifyChallengeSignature } from './challenge.ts'

const nonce = Buffer.alloc(32, 7)
const written = `ventanilla sign-in 1
origin: https://shop.example
account: EKU9003173C9
nonce: BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc
issued: 2026-11-24T15:04:05Z
expires: 2026-11-24T15:06:05Z
`
const parts: Challenge = {
  origin: 'https://shop.example',
  account: 'EKU9003173C9',
  nonce,
  issued: new Date('2026-11-24T15:04:05Z'),
  expires: new Date('2026-11-24T15:06:05Z'),
}

test('a challenge is exactly the lines of the contract', () => {
  assert.equal(buildChallenge(parts), written)
  assert.deepEqual(parseChallenge(written), parts)
})

test('without an account the space stays', () => {
  const text = buildChallenge({ ...parts, account: '' })
  assert.match(text, /\naccount: \n/)
  assert.equal(parseChallenge(text)?.account, '')
})

test('accounts with Ñ and & are written as they are', () => {
  for (const account of ['OÑO120726RX3', 'H&E951128469', 'IAÑL750210963']) {
    assert.equal(parseChallenge(buildChallenge({ ...parts, account }))?.account, account)
  }
})

test('any other spelling is refused', () => {
  const others = [
    written.trimEnd(),
    `${written}\n`,
    written.replaceAll('\n', '\r\n'),
    written.replace('sign-in 1', 'sign-in 2'),
    written.replace('https://shop.example', 'https://shop.example/'),
    written.replace('https://shop.example', 'HTTPS://shop.example'),
    written.replace('https://shop.example', 'https://user@shop.example'),
    written.replace('account: EKU9003173C9', 'account:'),
    written.replace('BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc', 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd'),
    written.replace('15:04:05Z', '15:04:05.000Z'),
    written.replace('2026-11-24T15:04', '2026-11-31T15:04'),
    written.replace('2026-11-24T15:06', '2026-11-24T15:04'),
    written.replace('EKU9003173C9', 'EKU9003173C9\norigin: https://evil.example'),
    ` ${written}`,
  ]
  for (const other of others) assert.equal(parseChallenge(other), undefined, other)
})

test('what cannot be read back is never built', () => {
  assert.throws(() => buildChallenge({ ...parts, origin: 'https://shop.example/path' }), TypeError)
  assert.throws(() => buildChallenge({ ...parts, account: 'X\nnonce: y' }), TypeError)
})

test('what is parsed writes itself again, and no changed text is accepted as another', () => {
  const change = fc.tuple(fc.nat(written.length - 1), fc.string({ minLength: 0, maxLength: 3, unit: 'binary' }))
  fc.assert(
    fc.property(change, ([at, insert]) => {
      const text = written.slice(0, at) + insert + written.slice(at + 1)
      const read = parseChallenge(text)
      if (read) assert.equal(buildChallenge(read), text)
    }),
    { seed: 42, numRuns: 3000 },
  )
  fc.assert(
    fc.property(fc.string({ maxLength: 600, unit: 'binary' }), (text) => parseChallenge(text) === undefined),
    { seed: 43, numRuns: 500 },
  )
})

test('a signature holds for its own text and key only', () => {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signature = sign('sha256', Buffer.from(written), own.privateKey)
  const [ownKey, foreignKey] = [keyOf(own.publicKey), keyOf(foreign.publicKey)]
  assert.equal(verifyChallengeSignature(written, ownKey, signature), true)
  assert.equal(verifyChallengeSignature(written, foreignKey, signature), false)
  assert.equal(verifyChallengeSignature(written.replace('shop', 'shap'), ownKey, signature), false)
  assert.equal(verifyChallengeSignature(written, ownKey, signature.subarray(1)), false)
  assert.equal(verifyChallengeSignature(written, ownKey, Buffer.alloc(0)), false)
  assert.equal(verifyChallengeSignature(written, { ...ownKey, spki: ownKey.spki.subarray(1) }, signature), false)
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const other = sign('sha256', Buffer.from(written), ec.privateKey)
  assert.equal(verifyChallengeSignature(written, keyOf(ec.publicKey), other), false)
})

function keyOf(publicKey: KeyObject) {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return { spki, keyAlgorithm: parseAlgorithm(readDer(spki).sequence().next()) }
}
