import assert from 'node:assert/strict'
import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import { type CmsSigner, root, signContent } from '#test/support/cms-signers.ts'
import {
  content,
  digest,
  ec,
  ed,
  messageOf,
  own,
  rsa,
  sha256,
  signAttributes,
  sorted,
  told,
  type,
} from '#test/support/forge-cms.ts'
import { issue, newKey } from '#test/support/pki.ts'
import { signatureIdentifier, signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute, signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { issuerAndSerial, type SignerParts, writeSignedData, writeSigner } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { cadesFacts } from './cades-facts.ts'

describe('algorithms', () => {
  test('another digest than the value’s, in either place', () => {
    const parts = signContent(ec, content)
    const message = (more: Partial<SignerParts>) => told(writeSignedData({ signers: [{ ...parts, ...more }] }), content)
    assert.equal(message({ digestAlgorithm: 'sha512' }), 'HASH_FAILURE')
    assert.equal(
      message({ signatureAlgorithm: der.sequence(der.oid(OID.ecdsaWithSha512)) }),
      'CRYPTO_CONSTRAINTS_FAILURE',
    )
    assert.equal(
      message({ signatureAlgorithm: der.sequence(der.oid(OID.sha256WithRsa), der.nothing()) }),
      'CRYPTO_CONSTRAINTS_FAILURE',
    )
  })

  test('PSS whose hash, mask or digest are not one', () => {
    const { certificate, key } = rsa
    const pss = signatureIdentifier(certificate.publicKey, { digestAlgorithm: 'sha512', pss: true })
    const attributes = signedAttributesFor({ digest: sha256(content), certificate })
    const signature = signWith(key, { digestAlgorithm: 'sha512', pss: true })(attributes)
    const parts = { ...signContent(rsa, content), signedAttributes: attributes, signature, signatureAlgorithm: pss }
    assert.equal(told(writeSignedData({ signers: [parts] }), content), 'CRYPTO_CONSTRAINTS_FAILURE')
  })

  test('PSS with another hash in its mask than for the message, or a trailer that is not the one', () => {
    const { certificate, key } = rsa
    const { signedAttributes } = signContent(rsa, content)
    const value = sign('sha256', signedAttributes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
    const identifier = (mask: string, ...more: Buffer[]) => {
      const hash = (oid: string) => der.sequence(der.oid(oid), der.nothing())
      const parts = [der.context(0, hash(OID.sha256)), der.context(1, der.sequence(der.oid(OID.mgf1), hash(mask)))]
      return der.sequence(der.oid(OID.rsaPss), der.sequence(...parts, der.context(2, der.integer(32)), ...more))
    }
    const message = (signatureAlgorithm: Buffer) =>
      told(
        writeSignedData({ signers: [{ certificate, signedAttributes, signature: value, signatureAlgorithm }] }),
        content,
      )
    assert.equal(message(identifier(OID.sha256)), 'sound')
    assert.equal(message(identifier(OID.sha1)), 'CRYPTO_CONSTRAINTS_FAILURE')
    assert.equal(message(identifier(OID.sha256, der.context(3, der.integer(2)))), 'CRYPTO_CONSTRAINTS_FAILURE')
    assert.equal(message(der.sequence(der.oid(OID.rsaPss))), 'CRYPTO_CONSTRAINTS_FAILURE')
  })

  test('Ed25519 over a content that is digested with less than SHA-512 (RFC 8419, 3.1)', () => {
    const attributes = signedAttributesFor({ digest: sha256(content), certificate: ed.certificate })
    const parts = {
      ...signContent(ed, content),
      digestAlgorithm: 'sha256' as const,
      signedAttributes: attributes,
      signature: sign(null, attributes, ed.key),
    }
    assert.equal(told(writeSignedData({ signers: [parts] }), content), 'CRYPTO_CONSTRAINTS_FAILURE')
  })

  test('CMSAlgorithmProtection that says others (RFC 6211)', () => {
    const protect = (hash: string, signature: string) =>
      attribute(
        OID.cmsAlgorithmProtection,
        der.sequence(der.sequence(der.oid(hash)), der.context(1, der.oid(signature))),
      )
    const message = (hash: string, signature: string) =>
      told(signAttributes(sorted(type, digest, own, protect(hash, signature))), content)
    assert.equal(message(OID.sha256, OID.ecdsaWithSha256), 'sound')
    assert.equal(message(OID.sha512, OID.ecdsaWithSha256), 'SIG_CONSTRAINTS_FAILURE')
    assert.equal(message(OID.sha256, OID.ecdsaWithSha384), 'SIG_CONSTRAINTS_FAILURE')
  })

  test('MD5, a key of another kind, an RSA key of 1024 bits', () => {
    const parts = signContent(ec, content)
    const info = der.sequence(
      der.integer(1),
      issuerAndSerial(ec.certificate),
      der.sequence(der.oid(OID.md5)),
      Buffer.concat([Buffer.from([0xa0]), Buffer.from(parts.signedAttributes).subarray(1)]),
      signatureIdentifier(ec.certificate.publicKey),
      der.octets(parts.signature),
    )
    assert.equal(told(messageOf(info), content), 'CRYPTO_CONSTRAINTS_FAILURE')
    const ed25519 = der.sequence(der.oid(OID.ed25519))
    assert.equal(
      told(writeSignedData({ signers: [{ ...parts, signatureAlgorithm: ed25519 }] }), content),
      'CRYPTO_CONSTRAINTS_FAILURE',
    )
    const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    const short: CmsSigner = { ...issue({ subject: 'short', issuer: root, key }), digestAlgorithm: 'sha256' }
    const message = writeSignedData({ signers: [signContent(short, content)] })
    assert.equal(told(message, content), 'CRYPTO_CONSTRAINTS_FAILURE')
    assert.equal(cadesFacts(message, content, { allowLegacyAlgorithms: true }).signatures[0]?.facts.sound, true)
  })
})

describe('certificates', () => {
  test('another one of the same name and number beside the signer’s changes nothing; in its place it does not pass', () => {
    const { issuer, serial } = ec.certificate
    const twin = issue({ subject: 'twin', issuer: root, key: newKey(), serial })
    assert.ok(twin.certificate.issuer.der.equals(issuer.der) && twin.certificate.serial.equals(serial))
    const parts = signContent(ec, content)
    for (const certificates of [
      [twin.certificate.der, ec.certificate.der],
      [ec.certificate.der, twin.certificate.der],
    ])
      assert.equal(told(withCertificates(parts, certificates), content), 'sound')
    assert.equal(told(withCertificates(parts, [twin.certificate.der]), content), 'SIG_CRYPTO_FAILURE')
  })

  test('another certificate of the same key: the attributes name the one', () => {
    const again = issue({ subject: 'again', issuer: root, key: ec.key })
    const parts = { ...signContent(ec, content), certificate: again.certificate }
    assert.equal(told(writeSignedData({ signers: [parts] }), content), 'NO_SIGNING_CERTIFICATE_FOUND')
  })

  test('signing-certificate of both versions, of which one says otherwise; v1 alone; issuer and number that differ', () => {
    const { certificate } = ec
    const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest()
    const v1 = (bytes: Buffer, ...more: Buffer[]) =>
      attribute(OID.signingCertificate, der.sequence(der.sequence(der.sequence(der.octets(sha1(bytes)), ...more))))
    const issuerSerial = (number: Buffer) =>
      der.sequence(der.sequence(der.context(4, der.raw(certificate.issuer.der))), der.integer(number))
    const message = (...more: Buffer[]) => told(signAttributes(sorted(type, digest, ...more)), content)
    assert.equal(message(v1(certificate.der)), 'sound')
    assert.equal(message(v1(certificate.der, issuerSerial(certificate.serial))), 'sound')
    assert.equal(message(v1(certificate.der), own), 'sound')
    assert.equal(message(v1(root.certificate.der), own), 'NO_SIGNING_CERTIFICATE_FOUND')
    assert.equal(message(v1(certificate.der, issuerSerial(Buffer.from([1, 2, 3])))), 'NO_SIGNING_CERTIFICATE_FOUND')
    const weak = der.sequence(
      der.sequence(der.sequence(der.sequence(der.oid(OID.sha1)), der.octets(sha1(certificate.der)))),
    )
    assert.equal(message(attribute(OID.signingCertificateV2, weak)), 'NO_SIGNING_CERTIFICATE_FOUND')
  })
})

const withCertificates = ({ certificate, ...parts }: SignerParts, certificates: Buffer[]): Buffer => {
  const signer = writeSigner({ certificate, ...parts })
  const data = der.sequence(
    der.integer(1),
    der.set(der.sequence(der.oid(OID.sha256))),
    der.sequence(der.oid(OID.data)),
    der.context(0, ...certificates),
    der.tlv(0x31, signer),
  )
  return der.sequence(der.oid(OID.signedData), der.context(0, data))
}

describe('several signers', () => {
  test('one of them over something else: each is told apart', () => {
    const parts = [signContent(rsa, content), signContent(ec, Buffer.from('pay 900 pesos')), signContent(ed, content)]
    const failures = told(writeSignedData({ signers: parts }), content).split(',')
    assert.deepEqual(failures.toSorted(), ['HASH_FAILURE', 'sound', 'sound'])
  })

  test('a value that the same key made of something else', () => {
    const swapped = { ...signContent(rsa, content), signature: signContent(rsa, Buffer.from('else')).signature }
    assert.equal(told(writeSignedData({ signers: [swapped] }), content), 'SIG_CRYPTO_FAILURE')
  })

  test('nobody', () => {
    assert.equal(told(writeSignedData({ signers: [] }), content), '')
  })
})
