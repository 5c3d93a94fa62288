import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { basePdf, signPdf } from '#test/support/signed-pdf.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { firstDerLength } from '#trust/der/read.ts'
import { issueCertificate } from '../../modules/demo/issue-certificate.ts'
import { CmsError, readSignedData } from './read-signed-data.ts'
import { signWith } from './signature-algorithm.ts'
import { signedAttributesFor } from './signed-attributes.ts'
import { verifySigner } from './verify-signed-data.ts'
import { writeSignedData } from './write-signed-data.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signer = parseCertificate(
  issueCertificate({
    issuer: { name: [['commonName', 'ISSUER']], key: privateKey },
    subject: [['commonName', 'SIGNER']],
    publicKey,
    serial: '00000000000000000001',
    profile: 'authority',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2030-01-01T00:00:00Z'),
  }),
)
const digest = createHash('sha256').update('the document').digest()
const signedAttributes = signedAttributesFor({ digest, certificate: signer })
const cms = writeSignedData({
  signers: [{ certificate: signer, signedAttributes, signature: signWith(privateKey)(signedAttributes) }],
})

const judge = (bytes: Buffer) => {
  const data = readSignedData(bytes)
  return verifySigner(data, data.signers[0]!, () => digest, { requireSigningCertificate: true })
}

test('what is written is read and holds', () => {
  assert.equal(judge(cms).sound, true)
})

test('of another document it does not hold', () => {
  const data = readSignedData(cms)
  const foreign = verifySigner(data, data.signers[0]!, () => createHash('sha256').update('another').digest(), {
    requireSigningCertificate: true,
  })
  assert.equal(foreign.sound, false)
})

test('no bit of what is signed can change: it is refused or does not hold, and never a fault', () => {
  const attributes = cms.indexOf(signedAttributes.subarray(1))
  for (let i = attributes; i < cms.length; i += 1) {
    const changed = Buffer.from(cms)
    changed[i] = changed[i]! ^ (1 << (i % 8))
    try {
      assert.equal(judge(changed).sound, false, `byte ${i}`)
    } catch (error) {
      assert.ok(error instanceof CmsError, `byte ${i}: ${error}`)
    }
  }
})

test('a cut or grown message is refused', () => {
  for (let length = 0; length < cms.length; length += 37)
    assert.throws(() => readSignedData(cms.subarray(0, length)), CmsError)
  assert.throws(() => readSignedData(Buffer.concat([cms, Buffer.from([0])])), CmsError)
})

test('for a PDF no time is claimed among the attributes (EN 319 142-1, 5.3); what there is stands in DER’s order, each once', () => {
  const types = (bytes: Buffer): string[] =>
    readSignedData(bytes).signers[0]!.signedAttributes!.items.map(({ type }) => type)
  assert.deepEqual(types(cms), [OID.contentType, OID.messageDigest, OID.signingCertificateV2])
  const contents = /\/Contents <([0-9a-f]+)>/i.exec(
    signPdf(basePdf(), { certificate: signer, key: privateKey }).toString('latin1'),
  )
  const inPdf = Buffer.from(contents![1]!, 'hex')
  assert.deepEqual(types(inPdf.subarray(0, firstDerLength(inPdf))).toSorted(), types(cms).toSorted())
})
