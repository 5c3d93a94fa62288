import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { openCadesWorld, prepareOver, signCades } from '#test/support/cades-world.ts'
import { type CmsSigner, makeSigners, root, signContent } from '#test/support/cms-signers.ts'
import { type Holder, issue, newKey } from '#test/support/pki.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { growSignedData } from '#trust/cms/rewrite-signed-data.ts'
import { signatureIdentifier, signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute, signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { issuerAndSerial, type SignerParts, writeSignedData, writeSigner } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { cadesFacts } from './cades-facts.ts'
import { addSigner } from './make-signature.ts'

const content = Buffer.from('pay 100 pesos')
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const {
  'RSA PKCS #1 v1.5 with SHA-256': rsa,
  'ECDSA P-256 with SHA-256': ec,
  Ed25519: ed,
} = makeSigners() as Record<string, CmsSigner>
const world = openCadesWorld()

/** Failures of each signature; `sound` where there is none, the fault where nothing is read. */
function told(message: Buffer, given?: Buffer): string {
  const { error, signatures } = cadesFacts(message, given)
  return error ?? signatures.map(({ facts }) => facts.failure ?? (facts.sound ? 'sound' : 'unsound')).join()
}

/** A message whose signer signs exactly these attributes, in this order. */
function signAttributes(attributes: Buffer[], parts: Partial<SignerParts> = {}, by = ec!): Buffer {
  const signedAttributes = der.tlv(0x31, ...attributes)
  return writeSignedData({
    signers: [
      { ...signContent(by, content), signedAttributes, signature: signWith(by.key)(signedAttributes), ...parts },
    ],
  })
}

const certificateV2 = ({ certificate }: Holder): Buffer =>
  attribute(
    OID.signingCertificateV2,
    der.sequence(der.sequence(der.sequence(der.octets(Buffer.from(certificate.sha256, 'hex'))))),
  )
const type = attribute(OID.contentType, der.oid(OID.data))
const digest = attribute(OID.messageDigest, der.octets(sha256(content)))
const own = certificateV2(ec!)
const sorted = (...all: Buffer[]): Buffer[] => all.toSorted(Buffer.compare)

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
    const { signedAttributes, signature } = signContent(ec!, content)
    const { certificate } = ec!
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
    const parts = { ...signContent(ec!, content), signedAttributes: bytes, signature: sign('sha256', bytes, ec!.key) }
    assert.equal(told(writeSignedData({ signers: [parts] }), Buffer.from('forged')), 'NO_SIGNING_CERTIFICATE_FOUND')
  })
})

function messageOf(signer: Buffer, parts: { certificate?: Buffer; content?: Buffer; digest?: string } = {}): Buffer {
  const data = der.sequence(
    der.integer(1),
    der.set(der.sequence(der.oid(parts.digest ?? OID.sha256))),
    der.sequence(der.oid(OID.data), ...(parts.content ? [der.context(0, der.octets(parts.content))] : [])),
    der.context(0, der.raw(parts.certificate ?? ec!.certificate.der)),
    der.tlv(0x31, signer),
  )
  return der.sequence(der.oid(OID.signedData), der.context(0, data))
}

describe('algorithms', () => {
  test('another digest than the value’s, in either place', () => {
    const parts = signContent(ec!, content)
    const message = (more: Partial<SignerParts>) => told(writeSignedData({ signers: [{ ...parts, ...more }] }), content)
    assert.equal(message({ digestAlgorithm: 'sha512' }), 'HASH_FAILURE')
    assert.equal(message({ signatureAlgorithm: der.sequence(der.oid(OID.ecdsaWithSha512)) }), 'SIG_CRYPTO_FAILURE')
    assert.equal(
      message({ signatureAlgorithm: der.sequence(der.oid(OID.sha256WithRsa), der.nothing()) }),
      'SIG_CRYPTO_FAILURE',
    )
  })

  test('PSS whose hash, mask or digest are not one', () => {
    const { certificate, key } = rsa!
    const pss = signatureIdentifier(certificate.publicKey, { digestAlgorithm: 'sha512', pss: true })
    const attributes = signedAttributesFor({ digest: sha256(content), certificate })
    const signature = signWith(key, { digestAlgorithm: 'sha512', pss: true })(attributes)
    const parts = { ...signContent(rsa!, content), signedAttributes: attributes, signature, signatureAlgorithm: pss }
    assert.equal(told(writeSignedData({ signers: [parts] }), content), 'SIG_CRYPTO_FAILURE')
  })

  test('Ed25519 over a content that is digested with less than SHA-512 (RFC 8419, 3.1)', () => {
    const attributes = signedAttributesFor({ digest: sha256(content), certificate: ed!.certificate })
    const parts = {
      ...signContent(ed!, content),
      digestAlgorithm: 'sha256' as const,
      signedAttributes: attributes,
      signature: sign(null, attributes, ed!.key),
    }
    assert.equal(told(writeSignedData({ signers: [parts] }), content), 'SIG_CRYPTO_FAILURE')
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
    const parts = signContent(ec!, content)
    const info = der.sequence(
      der.integer(1),
      issuerAndSerial(ec!.certificate),
      der.sequence(der.oid(OID.md5)),
      Buffer.concat([Buffer.from([0xa0]), Buffer.from(parts.signedAttributes).subarray(1)]),
      signatureIdentifier(ec!.certificate.publicKey),
      der.octets(parts.signature),
    )
    assert.equal(told(messageOf(info), content), 'HASH_FAILURE')
    const ed25519 = der.sequence(der.oid(OID.ed25519))
    assert.equal(
      told(writeSignedData({ signers: [{ ...parts, signatureAlgorithm: ed25519 }] }), content),
      'SIG_CRYPTO_FAILURE',
    )
    const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    const short: CmsSigner = { ...issue({ subject: 'short', issuer: root, key }), digestAlgorithm: 'sha256' }
    const message = writeSignedData({ signers: [signContent(short, content)] })
    assert.equal(told(message, content), 'SIG_CRYPTO_FAILURE')
    assert.equal(cadesFacts(message, content, { allowLegacyAlgorithms: true }).signatures[0]?.facts.sound, true)
  })
})

describe('certificates', () => {
  test('another one of the same name and number beside the signer’s changes nothing; in its place it does not pass', () => {
    const { issuer, serial } = ec!.certificate
    const twin = issue({ subject: 'twin', issuer: root, key: newKey(), serial })
    assert.ok(twin.certificate.issuer.der.equals(issuer.der) && twin.certificate.serial.equals(serial))
    const parts = signContent(ec!, content)
    for (const certificates of [
      [twin.certificate.der, ec!.certificate.der],
      [ec!.certificate.der, twin.certificate.der],
    ])
      assert.equal(told(withCertificates(parts, certificates), content), 'sound')
    assert.equal(told(withCertificates(parts, [twin.certificate.der]), content), 'SIG_CRYPTO_FAILURE')
  })

  test('another certificate of the same key: the attributes name the one', () => {
    const again = issue({ subject: 'again', issuer: root, key: ec!.key })
    const parts = { ...signContent(ec!, content), certificate: again.certificate }
    assert.equal(told(writeSignedData({ signers: [parts] }), content), 'NO_SIGNING_CERTIFICATE_FOUND')
  })

  test('signing-certificate of both versions, of which one says otherwise; v1 alone; issuer and number that differ', () => {
    const { certificate } = ec!
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
    const parts = [
      signContent(rsa!, content),
      signContent(ec!, Buffer.from('pay 900 pesos')),
      signContent(ed!, content),
    ]
    const failures = told(writeSignedData({ signers: parts }), content).split(',')
    assert.deepEqual(failures.toSorted(), ['HASH_FAILURE', 'sound', 'sound'])
  })

  test('a value that the same key made of something else', () => {
    const swapped = { ...signContent(rsa!, content), signature: signContent(rsa!, Buffer.from('else')).signature }
    assert.equal(told(writeSignedData({ signers: [swapped] }), content), 'SIG_CRYPTO_FAILURE')
  })

  test('nobody', () => {
    assert.equal(told(writeSignedData({ signers: [] }), content), '')
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
