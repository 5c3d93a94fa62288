import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { authority, issue, revocationList } from '#test/support/pki.ts'
import { basePdf, detachedCms, stamper, timestampOverDigest } from '#test/support/signed-pdf.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { byteRangeDigest, insertSignature } from './byte-range.ts'
import { prepareDocumentTimestamp } from './document-timestamp.ts'
import { pdfFacts } from './pdf-facts.ts'
import { prepareSignature } from './prepare-signature.ts'
import { addSecurityStore } from './security-store.ts'
import { verifyPdf } from './verify-pdf.ts'

const root = authority({ subject: 'root' })
const citizen = issue({ subject: 'citizen', issuer: root })
const clock = stamper(root)
const list = revocationList({ issuer: root })
const data: ValidationData = { certificates: [root.certificate.der], crls: [list], ocspResponses: [] }
const later = (days: number) => new Date(Date.UTC(2025, 5, 1 + days))

function signAndStamp(pdf: Buffer): Buffer {
  const prepared = prepareSignature(pdf, { fieldName: 'citizen', signingTime: later(0), contentsSize: 5000 })
  const cms = detachedCms(citizen, byteRangeDigest(prepared.pdf, prepared.byteRange), clock)
  return insertSignature(prepared.pdf, prepared.byteRange, cms)
}

function stampAll(pdf: Buffer, fieldName: string, at: Date, more?: ValidationData): Buffer {
  const prepared = prepareDocumentTimestamp(pdf, { fieldName, contentsSize: 3000, data: more })
  const token = timestampOverDigest(byteRangeDigest(prepared.pdf, prepared.byteRange), clock, at)
  return insertSignature(prepared.pdf, prepared.byteRange, token)
}

describe('the facts of the signatures of a PDF', () => {
  const signed = signAndStamp(basePdf())
  const stored = addSecurityStore(signed, data)
  const stamped = stampAll(stored, 'first', later(1))
  const renewed = stampAll(stamped, 'second', later(2), { ...data, certificates: [clock.certificate.der] })

  test('each time-stamp covers what was there before it, the oldest first', () => {
    const [signature, first, second, ...others] = pdfFacts(verifyPdf(renewed))
    assert.equal(others.length, 0)
    assert.deepEqual(
      signature!.facts.timestamps.map(({ kind, report, covers }) => [kind, report.sound, covers.crls.length]),
      [
        ['signature', true, 0],
        ['archive', true, 1],
        ['archive', true, 1],
      ],
    )
    const [, inner, outer] = signature!.facts.timestamps
    const holds = (stamp: typeof inner, der: Buffer) => stamp!.covers.certificates.some((each) => each.equals(der))
    assert.ok(holds(inner, root.certificate.der) && holds(outer, clock.certificate.der))
    assert.equal(signature!.facts.digest, 'sha256')
    assert.equal(first!.facts.timestamps.length, 1)
    assert.equal(first!.facts.claimedTime?.getTime(), later(1).getTime())
    assert.deepEqual(second!.facts.timestamps, [])
    assert.equal(signature!.constraintFailure, undefined)
  })

  test('a store that is added after the time-stamp is not covered by it', () => {
    const bare = stampAll(signed, 'first', later(1))
    const [signature] = pdfFacts(verifyPdf(addSecurityStore(bare, data)))
    assert.deepEqual(
      signature!.facts.timestamps.map(({ covers }) => covers.crls.length),
      [0, 0],
    )
  })

  test('a time-stamp over other bytes covers nothing; what was changed since is said', () => {
    const wrong = Buffer.from(stamped)
    wrong[20] = wrong[20]! ^ 1
    const [signature] = pdfFacts(verifyPdf(wrong))
    assert.equal(signature?.facts.failure, 'HASH_FAILURE')
    assert.equal(
      signature?.facts.timestamps.some(({ kind, report }) => kind === 'archive' && report.sound),
      false,
    )
    const changed = Buffer.concat([signed, Buffer.from('x')])
    assert.match(pdfFacts(verifyPdf(changed))[0]!.constraintFailure ?? '', /./)
  })
})
