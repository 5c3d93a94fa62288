import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { authority, issue, revocationList } from '#test/support/pki.ts'
import { basePdf, signPdf, stamper, timestampOverDigest } from '#test/support/signed-pdf.ts'
import { samplePdf } from '#test/support/typst.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { byteRangeDigest, insertSignature } from './byte-range.ts'
import { prepareDocumentTimestamp } from './document-timestamp.ts'
import { PdfFile } from './file.ts'
import { addSecurityStore } from './security-store.ts'
import { verifyPdf } from './verify-pdf.ts'

const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root })
const clock = stamper(root)
const list = revocationList({ issuer: root })
const data: ValidationData = { certificates: [root.certificate.der], crls: [list], ocspResponses: [] }

function stampPdf(pdf: Buffer, fieldName: string, more?: ValidationData): Buffer {
  const prepared = prepareDocumentTimestamp(pdf, { fieldName, contentsSize: 3000, data: more })
  const token = timestampOverDigest(byteRangeDigest(prepared.pdf, prepared.byteRange), clock)
  return insertSignature(prepared.pdf, prepared.byteRange, token)
}

const told = (pdf: Buffer) =>
  verifyPdf(pdf).signatures.map(({ sound, modifications, level }) => [sound, modifications, level].join(' '))

for (const [what, pdf] of [
  ['any file', basePdf()],
  ['a document of the shop', samplePdf()],
] as const)
  describe(`what makes a signature last: ${what}`, () => {
    const signed = signPdf(pdf, citizen)
    const stored = addSecurityStore(signed, data)
    const stamped = stampPdf(stored, 'time')

    test('the store, a time-stamp of all, and their renewal', () => {
      assert.deepEqual(told(stored), ['true allowed B-B'])
      assert.deepEqual(told(stamped), ['true allowed B-LTA', 'true none none'])
      const renewed = stampPdf(stamped, 'time-2', {
        ...data,
        certificates: [root.certificate.der, clock.certificate.der],
      })
      assert.deepEqual(told(renewed), ['true allowed B-LTA', 'true allowed none', 'true none none'])
      assert.ok(renewed.subarray(0, stamped.length).equals(stamped))
      assert.deepEqual(verifyPdf(renewed).evidence.crls, [list])
    })

    test('what is stored already is not stored again', () => {
      const again = addSecurityStore(stored, data)
      const store = new PdfFile(again).dict(new PdfFile(again).catalog.get('DSS'))!
      assert.deepEqual(
        [...store].map(([key, value]) => [key, Array.isArray(value) && value.length]),
        [
          ['Type', false],
          ['Certs', 1],
          ['CRLs', 1],
        ],
      )
    })

    test('a file of before PDF 2.0 says which extension it uses, once', () => {
      const { catalog } = new PdfFile(stamped)
      const esic = (catalog.get('Extensions') as Map<string, Map<string, unknown>>).get('ESIC')!
      assert.equal(esic.get('ExtensionLevel'), 5)
      assert.equal(stamped.toString('latin1').match(/\/ESIC/g)?.length, 1)
    })
  })
