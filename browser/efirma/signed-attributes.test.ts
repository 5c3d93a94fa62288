import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import {
  failsWith,
  makePerson,
  PASSWORD,
  readSample,
  SAMPLE_PASSWORD,
  sampleNames,
  withoutSamples,
} from '#test/support/efirma-person.ts'
import { samplePdf } from '#test/support/typst.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { verifySigner } from '#trust/cms/verify-signed-data.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { byteRangeDigest } from '#trust/pdf/byte-range.ts'
import { type PreparedPdf, prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { openEfirma } from './sign.ts'
import { checkDocument, type PreparedDocument, signedAttributes } from './signed-attributes.ts'

const signingTime = new Date('2026-11-24T15:04:05Z')
let prepared: PreparedPdf
let document: PreparedDocument
before(() => {
  prepared = prepareSignature(samplePdf(), { fieldName: 'citizen', name: 'Ñandú & Cía', signingTime })
  document = { pdf: Uint8Array.from(prepared.pdf), range: prepared.byteRange, signingTime }
})

test('the signed attributes are the server’s, byte for byte', async () => {
  const certificate = Uint8Array.from(randomBytes(900))
  const expected = signedAttributesFor({
    digest: byteRangeDigest(prepared.pdf, prepared.byteRange),
    certificate: { sha256: createHash('sha256').update(certificate).digest('hex') },
  })
  assert.deepEqual(Buffer.from(await signedAttributes(document, certificate)), expected)
})

async function signAndVerify(files: { certificate: Buffer; key: Buffer }, password: string): Promise<void> {
  const efirma = await openEfirma({ ...files, password })
  const attributes = await signedAttributes(document, efirma.certificate)
  assert.equal(attributes[0], 0x31)
  const cms = writeSignedData({
    signers: [
      {
        certificate: parseCertificate(files.certificate),
        signedAttributes: Buffer.from(attributes),
        signature: Buffer.from(await efirma.sign(attributes)),
      },
    ],
  })
  const data = readSignedData(cms)
  const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
  const report = verifySigner(data, data.signers[0]!, () => digest, { requireSigningCertificate: true })
  assert.deepEqual(
    report.checks.filter(({ ok }) => !ok),
    [],
  )
  assert.ok(report.sound)
  const other = verifySigner(data, data.signers[0]!, () => Buffer.alloc(32), { requireSigningCertificate: true })
  assert.equal(other.sound, false)
}

test('what is signed here is sound to the verifier of documents', async () => {
  await signAndVerify(makePerson(), PASSWORD)
})

test('so it is with the tax service’s test people', { skip: withoutSamples }, async () => {
  for (const name of sampleNames) await signAndVerify(readSample(name), SAMPLE_PASSWORD)
})

test('another certificate’s key is told from a wrong password', async () => {
  const [one, other] = [makePerson(), makePerson()]
  const mixed = { certificate: one.certificate, key: other.key }
  await assert.rejects(openEfirma({ ...mixed, password: PASSWORD }), failsWith('key-mismatch'))
  await assert.rejects(openEfirma({ ...mixed, password: 'otra' }), failsWith('wrong-password-or-key'))
})

test('a range that leaves anything out but one empty gap is not signed', () => {
  checkDocument(document)
  const [a, b, c, d] = document.range
  for (const range of [
    [a, b - 1, c, d],
    [a, b, c + 1, d - 1],
    [a, b, c, d - 1],
    [1, b, c, d],
    [a, b, b, d],
    [a, b + 0.5, c, d],
    [a, Number.NaN, c, d],
  ] as const)
    assert.throws(() => checkDocument({ ...document, range }), failsWith('document-differs'), String(range))
})

test('a gap that is not empty, another time than the page says, another kind of file: not signed', () => {
  const [, gap] = document.range
  const changed = (at: number, text: string) => {
    const pdf = Uint8Array.from(document.pdf)
    pdf.set(Buffer.from(text), at)
    return { ...document, pdf }
  }
  const refused = (each: PreparedDocument) => assert.throws(() => checkDocument(each), failsWith('document-differs'))
  refused(changed(gap + 3, 'A'))
  refused(changed(gap, '('))
  refused(changed(0, '%PS'))
  // Its own byte range, and the name of what is left out.
  refused(changed(gap - 13, '9'))
  refused(changed(gap - 5, 'X'))
  refused({ ...document, signingTime: new Date('2026-11-24T15:04:06Z') })
  refused({ ...document, signingTime: new Date('never') })
  refused({ ...document, pdf: new Uint8Array() })
})
