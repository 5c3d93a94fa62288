import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extension } from '#test/support/pki.ts'
import { digestOf, type ForgedToken, forgeToken, POLICY, timeHolder } from '#test/support/timestamps.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { FAILURES, TimestampError, type TimestampFailure } from './errors.ts'
import { writeImprint } from './message-imprint.ts'
import { LARGEST_REQUEST, readTimestampRequest, writeTimestampRequest } from './request.ts'
import { readTimestampResponse, writeGrant, writeRefusal } from './response.ts'
import { verifyAnswer } from './verify-response.ts'

const digest = digestOf('act')
const imprint = writeImprint('sha256', digest)

test('a request is read as it was written', () => {
  const nonce = Buffer.from('ff01', 'hex')
  const bytes = writeTimestampRequest({ hash: 'sha256', digest, nonce, policy: POLICY, wantsCertificates: true })
  const request = readTimestampRequest(bytes)
  assert.deepEqual(request.imprint, { hash: 'sha256', digest, der: imprint })
  assert.deepEqual(
    [request.policy, request.nonce?.toString('hex'), request.wantsCertificates],
    [POLICY, '00ff01', true],
  )
  const bare = readTimestampRequest(writeTimestampRequest({ hash: 'sha512', digest: digestOf('act', 'sha512') }))
  assert.deepEqual([bare.policy, bare.nonce, bare.wantsCertificates], [undefined, undefined, false])
})

test('each request that is not one has its answer', () => {
  const refused = (bytes: Buffer, failure: TimestampFailure) =>
    assert.throws(
      () => readTimestampRequest(bytes),
      (error) => error instanceof TimestampError && error.failure === failure,
    )
  const md5 = der.sequence(der.sequence(der.oid(OID.md5)), der.octets(Buffer.alloc(16)))
  const parameters = der.sequence(der.sequence(der.oid(OID.sha256), der.integer(1)), der.octets(digest))
  refused(der.sequence(der.integer(1), md5), 'badAlg')
  refused(der.sequence(der.integer(1), parameters), 'badAlg')
  refused(der.sequence(der.integer(1), writeImprint('sha256', digest.subarray(1))), 'badDataFormat')
  refused(der.sequence(der.integer(1), writeImprint('sha512', digest)), 'badDataFormat')
  refused(der.sequence(der.integer(2), imprint), 'badRequest')
  refused(der.sequence(der.integer(1), imprint, der.integer(Buffer.alloc(65, 1))), 'badRequest')
  for (const critical of [true, false])
    refused(
      der.sequence(der.integer(1), imprint, der.context(0, extension('1.2.3', Buffer.alloc(2), critical))),
      'unacceptedExtension',
    )
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(LARGEST_REQUEST + 1, 0x30),
    der.sequence(der.integer(1)),
    der.sequence(der.integer(1), imprint, der.nothing()),
    Buffer.concat([writeTimestampRequest({ hash: 'sha256', digest }), Buffer.alloc(1)]),
    Buffer.from('3080020101', 'hex'),
    der.sequence(der.integer(1), imprint, der.tlv(0x01, Buffer.from([1]))),
  ])
    refused(bytes, 'badDataFormat')
})

test('each refusal is read as it was written', () => {
  for (const failure of Object.keys(FAILURES) as TimestampFailure[]) {
    const { status, token, text, failures } = readTimestampResponse(writeRefusal(failure, 'No se puede: ñ'))
    assert.deepEqual(
      { status, token, text, failures },
      { status: 2, token: undefined, text: 'No se puede: ñ', failures: [failure] },
    )
  }
})

test('a response whose parts contradict each other is none; what it says is no terminal’s command', () => {
  const none = (bytes: Buffer) => assert.throws(() => readTimestampResponse(bytes), TimestampError)
  none(der.sequence(der.sequence(der.integer(0))))
  none(der.sequence(der.sequence(der.integer(2)), der.sequence()))
  none(Buffer.concat([writeRefusal('badAlg', ''), Buffer.alloc(1)]))
  none(der.sequence(der.sequence(der.integer(2), der.bits(Buffer.alloc(9, 1)))))
  none(Buffer.alloc(70_000, 0x30))
  const text = `\u001b[2J${'a'.repeat(5000)}`
  assert.equal(readTimestampResponse(writeRefusal('badAlg', text)).text, ` [2J${'a'.repeat(996)}`)
})

const holder = timeHolder()
const nonce = Buffer.from('0123456789abcdef', 'hex')
const asked = (policy?: string) =>
  readTimestampRequest(writeTimestampRequest({ hash: 'sha256', digest, nonce, policy, wantsCertificates: true }))
const answered = (parts: Partial<ForgedToken>, policies?: string[], policy?: string) => {
  const { token, detail } = verifyAnswer(writeGrant(forgeToken({ holder, ...parts })), asked(policy), { policies })
  return token ? 'taken' : detail
}

test('an answer has to be that of the question: nonce, digest, policy, certificate', () => {
  assert.equal(answered({ info: { nonce } }), 'taken')
  assert.match(answered({}), /nonce/)
  assert.match(answered({ info: { nonce: Buffer.from('0123456789abcdee', 'hex') } }), /nonce/)
  const imprint512 = writeImprint('sha512', digestOf('act', 'sha512'))
  assert.match(answered({ info: { nonce, imprint: imprint512 } }), /something else/)
  assert.match(answered({ info: { nonce, imprint: writeImprint('sha256', digestOf('x')) } }), /something else/)
  assert.equal(answered({ info: { nonce } }, ['1.2.3', POLICY]), 'taken')
  assert.match(answered({ info: { nonce } }, ['1.2.3']), /another policy/)
  assert.match(answered({ info: { nonce } }, [POLICY], '1.2.3'), /another policy/)
  assert.match(answered({ info: { nonce }, withoutCertificates: true }), /does not carry/)
  const without = readTimestampRequest(writeTimestampRequest({ hash: 'sha256', digest }))
  const unasked = verifyAnswer(writeGrant(forgeToken({ holder, info: { nonce } })), without)
  assert.match(unasked.detail, /none was sent/)
})

test('a refusal, rubbish: no token, and why', () => {
  const of = (bytes: Buffer) => verifyAnswer(bytes, asked())
  const refusal = of(writeRefusal('timeNotAvailable', 'later'))
  assert.deepEqual(
    [refusal.token, refusal.detail],
    [undefined, 'the authority refuses: timeNotAvailable, status 2 later'],
  )
  assert.match(of(Buffer.from('rubbish')).detail, /no answer/)
  assert.match(of(writeGrant(der.sequence())).detail, /cannot be read/)
})
