import assert from 'node:assert/strict'
import { sign, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { openCadesWorld, prepareOver, signCades } from '#test/support/cades-world.ts'
import { signContent } from '#test/support/cms-signers.ts'
import {
  content,
  digest,
  ec,
  messageOf,
  own,
  sha256,
  signAttributes,
  sorted,
  told,
  type,
} from '#test/support/forge-cms.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { growSignedData } from '#trust/cms/rewrite-signed-data.ts'
import { signatureIdentifier, signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { issuerAndSerial, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { cadesFacts } from './cades-facts.ts'
import { addSigner } from './make-signature.ts'

const world = openCadesWorld()

describe('signed attributes', () => {
  test('as they must be', () => {
    assert.equal(told(signAttributes(sorted(type, digest, own)), content), 'sound')
  })

  test('in another order than DER’s, or one of them twice', () => {
    assert.equal(told(signAttributes(sorted(type, digest, own).toReversed()), content), 'not-der')
    assert.equal(told(signAttributes(sorted(type, digest, digest, own)), content), 'bad-attributes')
    const other = attribute(OID.messageDigest, der.octets(sha256(Buffer.from('pay 900 pesos'))))
    assert.equal(told(signAttributes(sorted(type, digest, other, own)), content), 'bad-attributes')
  })

  test('without the content’s type, its digest, or the certificate', () => {
    assert.equal(told(signAttributes(sorted(digest, own)), content), 'SIG_CONSTRAINTS_FAILURE')
    assert.equal(told(signAttributes(sorted(type, own)), content), 'HASH_FAILURE')
    assert.equal(told(signAttributes(sorted(type, digest)), content), 'NO_SIGNING_CERTIFICATE_FOUND')
  })

  test('with two values where one is due', () => {
    const values = der.sequence(
      der.oid(OID.messageDigest),
      der.set(der.octets(sha256(content)), der.octets(Buffer.alloc(32))),
    )
    assert.equal(told(signAttributes(sorted(type, values, own)), content), 'HASH_FAILURE')
    const times = attribute(OID.signingTime, der.utcTime(new Date(0)), der.utcTime(new Date(1e12)))
    assert.equal(told(signAttributes(sorted(type, digest, own, times)), content), 'SIG_CONSTRAINTS_FAILURE')
    const types = attribute(OID.contentType, der.oid(OID.data), der.oid(OID.tstInfo))
    assert.equal(told(signAttributes(sorted(types, digest, own)), content), 'SIG_CONSTRAINTS_FAILURE')
  })

  test('that say another type than the content’s, or that are no time', () => {
    const token = attribute(OID.contentType, der.oid(OID.tstInfo))
    assert.equal(told(signAttributes(sorted(token, digest, own)), content), 'SIG_CONSTRAINTS_FAILURE')
    const never = attribute(OID.signingTime, der.utf8('yesterday'))
    assert.equal(told(signAttributes(sorted(type, digest, own, never)), content), 'SIG_CONSTRAINTS_FAILURE')
  })

  test('an unsigned one under the signature, or none at all', () => {
    const stamp = attribute(OID.signatureTimeStampToken, der.nothing())
    assert.equal(told(signAttributes(sorted(type, digest, own, stamp)), content), 'SIG_CONSTRAINTS_FAILURE')
    assert.equal(told(signAttributes([]), content), 'bad-attributes')
  })

  test('taken away, and shown as the content: the value is over the same bytes', () => {
    const { signedAttributes, signature } = signContent(ec, content)
    const { certificate } = ec
    assert.ok(verify('sha256', signedAttributes, certificate.publicKey, signature))
    const signer = der.sequence(
      der.integer(1),
      issuerAndSerial(certificate),
      der.sequence(der.oid(OID.sha256)),
      signatureIdentifier(certificate.publicKey),
      der.octets(signature),
    )
    assert.equal(
      told(messageOf(signer, { certificate: certificate.der, content: Buffer.from(signedAttributes) })),
      'SIG_CONSTRAINTS_FAILURE',
    )
  })

  test('made of a content that was signed without any: it has to name content, digest and certificate, and does not', () => {
    // Whoever gets a signer to sign bytes of their choice, without attributes, can show those bytes as attributes.
    const bytes = der.set(type, attribute(OID.messageDigest, der.octets(sha256(Buffer.from('forged')))))
    const parts = { ...signContent(ec, content), signedAttributes: bytes, signature: sign('sha256', bytes, ec.key) }
    assert.equal(told(writeSignedData({ signers: [parts] }), Buffer.from('forged')), 'NO_SIGNING_CERTIFICATE_FOUND')
  })
})

describe('what anyone can write beside', () => {
  const message = signCades(content, world.person)
  const inject = (...attributes: Buffer[]) => growSignedData(message, { unsignedAttributes: { signer: 0, attributes } })

  test('attributes that only count where they are signed', () => {
    for (const attributes of [type, digest, own, attribute(OID.signingTime, der.utcTime(new Date(0)))])
      assert.equal(told(inject(attributes), content), 'SIG_CONSTRAINTS_FAILURE')
  })

  test('a claimed time is not taken from there', () => {
    const injected = inject(attribute(OID.signingTime, der.utcTime(new Date(0))))
    assert.deepEqual(cadesFacts(injected, content).signatures[0]?.facts.claimedTime, new Date('2025-06-01T00:00:00Z'))
  })

  test('anything else is named and believed in nothing', () => {
    const [signature] = cadesFacts(inject(attribute('1.2.3.4', der.utf8('true'))), content).signatures
    assert.deepEqual([signature?.facts.sound, signature?.unread, signature?.level], [true, ['1.2.3.4'], 'B-B'])
  })

  test('a token that is none, or stamps something else, gives no time and no level', () => {
    for (const token of [der.nothing(), der.octets(Buffer.alloc(9)), der.raw(message)]) {
      const [signature] = cadesFacts(inject(attribute(OID.signatureTimeStampToken, token)), content).signatures
      assert.deepEqual([signature?.level, signature?.facts.timestamps], ['B-B', []])
      assert.equal(signature?.checks.at(-1)?.ok, false)
    }
  })

  test('what is not this signer’s is not put in', () => {
    const prepared = prepareOver(content, world.person)
    const foreign = signWith(world.time.key)(prepared.signedAttributes)
    assert.throws(() => addSigner(message, prepared, foreign), { fault: 'bad-signer' })
    assert.throws(() => growSignedData(message, { unsignedAttributes: { signer: 1, attributes: [] } }), {
      fault: 'bad-signer',
    })
    assert.equal(readSignedData(message).signers.length, 1)
  })
})
