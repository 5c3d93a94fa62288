import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutateDer, seededRandom } from '#test/support/mutate-der.ts'
import { authority } from '#test/support/pki.ts'
import { digestOf, forgeToken, infoParts, oldAttributes, POLICY, timeHolder } from '#test/support/timestamps.ts'
import { DerError } from '#trust/der/errors.ts'
import { TimestampError } from './errors.ts'
import { readTimestampRequest, writeTimestampRequest } from './request.ts'
import { readTimestampResponse, writeGrant, writeRefusal } from './response.ts'
import { readTstInfo, writeTstInfo } from './tst-info.ts'
import { verifyAnswer } from './verify-response.ts'
import { verifyToken } from './verify-token.ts'

const LONG = process.env.LONG_TESTS === '1'
/** Structural mutations of each sample. */
const MUTATIONS = LONG ? 10_000 : 600
const MASKS = LONG ? [0x01, 0x80, 0xff] : [0xff]

const root = authority({ subject: 'RAÍZ' })
const holder = timeHolder({ issuer: root })
const nonce = Buffer.from('0123456789abcdef', 'hex')
const digest = digestOf('act')
const info = writeTstInfo(infoParts({ nonce }))
const token = forgeToken({ holder, content: info })
const oldToken = forgeToken({ holder, content: info, attributes: oldAttributes(info, holder) })
const answer = writeGrant(token)
const refusal = writeRefusal('timeNotAvailable', 'Más tarde.', 'Later.')
const query = writeTimestampRequest({ hash: 'sha256', digest, nonce, policy: POLICY, wantsCertificates: true })
const request = readTimestampRequest(query)

/** What is read from it; undefined where it is refused with an error of its own kind. Anything else thrown fails the test. */
function read<T>(reader: (bytes: Buffer) => T, bytes: Buffer): T | undefined {
  try {
    return reader(bytes)
  } catch (error) {
    if (error instanceof TimestampError || (reader === (readTstInfo as unknown) && error instanceof DerError))
      return undefined
    throw error
  }
}

function readAll(bytes: Buffer): void {
  read(readTimestampRequest, bytes)
  read(readTimestampResponse, bytes)
  read(readTstInfo, bytes)
}

const isSound = (bytes: Buffer) => verifyToken(bytes, () => digest).timestamp?.sound === true
const isTaken = (bytes: Buffer) => verifyAnswer(bytes, request, { policies: [POLICY] }).token !== undefined

function* flips(bytes: Buffer): Generator<[Buffer, number]> {
  for (let i = 0; i < bytes.length; i++)
    for (const mask of MASKS) {
      const flipped = Buffer.from(bytes)
      flipped[i]! ^= mask
      yield [flipped, i]
    }
}

test('what is fuzzed here passes unharmed', () => {
  assert.ok(isSound(token) && isSound(oldToken) && isTaken(answer))
  assert.ok(read(readTimestampRequest, query) && read(readTimestampResponse, refusal) && read(readTstInfo, info))
})

test('no flipped byte of a token is accepted', () => {
  for (const sample of [token, oldToken])
    for (const [bytes, at] of flips(sample)) assert.ok(!isSound(bytes), `byte ${at}`)
})

/** Where an answer's status stands: the value behind two SEQUENCEs and its own identifier. */
const STATUS = answer.indexOf(Buffer.from('3003020100', 'hex')) + 4

test('no flipped byte of an answer is taken for another', () => {
  // Granted with changes is granted too: 0 and 1.
  for (const [bytes, at] of flips(answer)) if (isTaken(bytes)) assert.ok(at === STATUS && bytes[at] === 1, `byte ${at}`)
  for (const [bytes] of flips(refusal)) assert.equal(isTaken(bytes), false)
  for (const sample of [query, info, refusal]) for (const [bytes] of flips(sample)) readAll(bytes)
})

test('a cut at any byte, or bytes after the end, are refused', () => {
  for (let i = 0; i < token.length; i++) assert.equal(isSound(token.subarray(0, i)), false)
  assert.equal(isSound(Buffer.concat([token, Buffer.alloc(1)])), false)
  for (const sample of [query, refusal, answer])
    for (let i = 0; i < sample.length; i++) {
      assert.equal(read(readTimestampRequest, sample.subarray(0, i)), undefined)
      assert.equal(read(readTimestampResponse, sample.subarray(0, i)), undefined)
    }
})

test('mutated structures end in a report, and what is accepted says what was signed', () => {
  const random = seededRandom(3161)
  const before = verifyToken(token, () => digest)
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = mutateDer(token, random)
    const after = verifyToken(bytes, () => digest)
    if (after.timestamp?.sound) {
      assert.deepEqual(after.timestamp.time, before.timestamp!.time)
      assert.equal(after.timestamp.signer?.sha256, holder.certificate.sha256)
      assert.deepEqual(after.info?.serial, before.info!.serial)
    }
    verifyAnswer(mutateDer(answer, random), request)
    for (const sample of [query, refusal, info]) readAll(mutateDer(sample, random))
  }
})

test('mutated contents that the authority signed all the same end in a report', () => {
  const random = seededRandom(5816)
  for (let i = 0; i < MUTATIONS; i++) {
    const content = mutateDer(info, random)
    const { timestamp, info: said } = verifyToken(forgeToken({ holder, content }), () => digest)
    if (timestamp) assert.ok(said?.imprint.digest.equals(digest))
  }
})

test('noise is never read', () => {
  const random = seededRandom(1)
  for (let i = 0; i < MUTATIONS; i++) {
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256)))
    if (i % 2 === 0 && noise.length > 2) noise[0] = 0x30
    readAll(noise)
    assert.equal(isSound(noise) || isTaken(noise), false)
  }
})
