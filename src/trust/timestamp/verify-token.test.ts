import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, basicConstraints, day, extension, issue, keyUsage, nameDer, newKey } from '#test/support/pki.ts'
import {
  digestOf,
  type ForgedToken,
  forgeToken,
  infoParts,
  oldAttributes,
  timeHolder,
  timeUsage,
  twinOf,
} from '#test/support/timestamps.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { writeImprint } from './message-imprint.ts'
import { writeTstInfo } from './tst-info.ts'
import { verifyToken } from './verify-token.ts'

const holder = timeHolder()
const digest = digestOf('act')
const check = (
  parts: Partial<ForgedToken> = {},
  of: Parameters<typeof verifyToken>[1] = (hash) => digestOf('act', hash),
) => verifyToken(forgeToken({ holder, ...parts }), of)
const isSound = (parts: Partial<ForgedToken> = {}) => check(parts).timestamp?.sound === true
const refused = (parts: Partial<ForgedToken>, words: RegExp) => {
  const { timestamp, detail } = check(parts)
  assert.notEqual(timestamp?.sound, true, detail)
  assert.match(detail, words)
}

test('a token that holds says what it says', () => {
  const { timestamp, info, detail } = check({ info: { nonce: Buffer.from([7]) } })
  assert.equal(detail, 'the time-stamp holds')
  assert.equal(timestamp?.sound, true)
  assert.deepEqual(timestamp?.time, new Date('2025-06-01T12:00:00.250Z'))
  assert.equal(timestamp?.signer?.sha256, holder.certificate.sha256)
  assert.deepEqual([info?.accuracy, info?.ordering, info?.nonce], [1000, false, Buffer.from([7])])
  assert.deepEqual(info?.serial, Buffer.from('0102030405', 'hex'))
})

test('the wrong imprint: of something else, of another length, of an algorithm that is not accepted', () => {
  assert.match(check({}, () => digestOf('another act')).detail, /something else/)
  refused({ info: { imprint: writeImprint('sha1', digestOf('act', 'sha1')) } }, /digest that is not accepted/)
  refused({ info: { imprint: writeImprint('sha256', digest.subarray(1)) } }, /cannot be read/)
  refused({ info: { imprint: writeImprint('sha512', digest) } }, /cannot be read/)
  const md5 = der.sequence(der.sequence(der.oid(OID.md5)), der.octets(Buffer.alloc(16)))
  refused({ info: { imprint: md5 } }, /cannot be read/)
  for (const hash of ['sha384', 'sha512'] as const)
    assert.ok(isSound({ info: { imprint: writeImprint(hash, digestOf('act', hash)) } }))
})

test('a certificate for anything besides stamping: not critical, not alone, not at all, of an authority', () => {
  const words = /not one for time-stamping/
  const wrong = [
    [timeUsage(false)],
    [timeUsage(true, OID.serverAuth)],
    [timeUsage(true, OID.anyExtendedKeyUsage)],
    [extension(OID.extKeyUsage, der.sequence(der.oid(OID.emailProtection)), true)],
    [],
    [keyUsage(0, 5), timeUsage()],
    [keyUsage(2), timeUsage()],
  ]
  for (const extensions of wrong) refused({ holder: timeHolder({ extensions }) }, words)
  assert.ok(isSound({ holder: timeHolder({ extensions: [keyUsage(0, 1), timeUsage()] }) }))
  assert.ok(isSound({ holder: timeHolder({ extensions: [timeUsage()] }) }))
})

test('injected certificates: neither do they lend their usages, nor can they take the signer’s place', () => {
  const efirma = issue({ subject: 'PERSONA', extensions: [keyUsage(0, 1)] })
  const root = authority({ subject: 'RAÍZ' })
  // One that may not stamp signs, and one that may lies beside it, before and after.
  for (const others of [[holder.certificate.der], [holder.certificate.der, root.certificate.der]])
    refused({ holder: efirma, certificates: [efirma.certificate.der, ...others] }, /not one for time-stamping/)
  const forged = check({ certificates: [holder.certificate.der, root.certificate.der, efirma.certificate.der] })
  assert.equal(forged.timestamp?.signer?.sha256, holder.certificate.sha256)
  assert.ok(forged.timestamp?.sound)
  // Of the same name and number: the signature says which one it is, wherever they stand.
  for (const twin of [
    twinOf(holder),
    twinOf(holder, { key: newKey() }),
    twinOf(holder, { notAfter: day('2050-01-01') }),
  ]) {
    const both = check({ certificates: [twin.certificate.der, holder.certificate.der] })
    assert.equal(both.timestamp?.signer?.sha256, holder.certificate.sha256)
    assert.ok(both.timestamp?.sound)
    refused({ certificates: [twin.certificate.der] }, /does not hold/)
  }
})

test('a time before the certificate, or after its end', () => {
  const late = timeHolder({ notBefore: day('2025-06-02') })
  refused({ holder: late }, /before its authority’s certificate/)
  refused({ holder: timeHolder({ notAfter: day('2025-05-31') }) }, /after the end/)
  assert.equal(check({ holder: late }).timestamp?.sound, false)
})

test('a token that names its certificate by SHA-1 alone counts until SHA-1 is retired', () => {
  const old = timeHolder({ notAfter: day('2040-01-01') })
  const by = (time: Date) => {
    const content = writeTstInfo(infoParts({ time }))
    return { holder: old, content, attributes: oldAttributes(content, old) }
  }
  assert.ok(isSound(by(new Date('2024-01-01T00:00:00Z'))))
  refused(by(new Date('2031-01-01T00:00:00Z')), /not accepted any more/)
})

test('a signature that says another certificate, issuer or number, or none', () => {
  const content = writeTstInfo(infoParts())
  const other = timeHolder()
  const attributes = signedAttributesFor({
    digest: digestOf(content),
    certificate: other.certificate,
    contentType: OID.tstInfo,
  })
  refused({ content, attributes }, /does not hold/)
  refused({ withoutCertificates: true }, /does not carry/)
  const known = verifyToken(forgeToken({ holder, withoutCertificates: true }), () => digest, {
    known: [holder.certificate.der],
  })
  assert.ok(known.timestamp?.sound)
  assert.deepEqual(known.timestamp.carried, [])
})

test('another content, or a signature over another type of content', () => {
  refused({ contentType: OID.data }, /no time-stamp token/)
  const content = writeTstInfo(infoParts())
  const attributes = signedAttributesFor({ digest: digestOf(content), certificate: holder.certificate })
  refused({ content, attributes }, /does not hold/)
  refused({ content: Buffer.from('0500', 'hex') }, /cannot be read/)
})

test('several signers, or none', () => {
  refused({ signers: 2 }, /no time-stamp token/)
  refused({ signers: 0 }, /no time-stamp token/)
})

test('TSTInfo as nobody may write it', () => {
  const fields = (version: number, ...more: Buffer[]) =>
    der.sequence(der.integer(version), der.oid('1.2.3'), writeImprint('sha256', digest), ...more)
  const time = der.generalizedTime(day('2025-06-01'))
  const whole = (...more: Buffer[]) => fields(1, der.integer(7), time, ...more)
  const unknown = (critical: boolean) => der.context(1, extension('1.2.3.4', Buffer.from('0500', 'hex'), critical))
  assert.ok(isSound({ content: whole(unknown(false)) }))
  const named = (name: Buffer) => whole(der.context(0, der.context(4, name)))
  assert.ok(isSound({ content: named(nameDer('HORA')) }))
  refused({ content: named(nameDer('OTRA HORA')) }, /another authority/)
  for (const content of [
    fields(2, der.integer(7), time),
    fields(1, der.integer(-1), time),
    fields(1, der.integer(Buffer.alloc(22, 1)), time),
    fields(1, der.integer(7), der.utcTime(day('2025-06-01'))),
    whole(der.sequence(der.contextPrimitive(0, Buffer.from([0x03, 0xe8])))),
    whole(der.sequence(der.integer(-1))),
    whole(unknown(true)),
    whole(der.context(1, extension('1.2.3.4', Buffer.alloc(1)), extension('1.2.3.4', Buffer.alloc(1)))),
    whole(der.integer(Buffer.alloc(65, 1))),
    whole(der.nothing()),
    Buffer.concat([whole(), Buffer.alloc(1)]),
  ])
    refused({ content }, /cannot be read/)
})

test('an authority that may certify others does not stamp', () => {
  const extensions = [basicConstraints(true), keyUsage(0, 5, 6), timeUsage()]
  refused({ holder: timeHolder({ extensions }) }, /not one for time-stamping/)
})
