import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Authorities } from '#modules/identity/index.ts'
import { authority, day, type Holder, issue } from '#test/support/pki.ts'
import { addObjects, basePdf, detachedCms, signPdf, stamper } from '#test/support/signed-pdf.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { explainDocument } from './explain-document.ts'
import { tell } from './tell.ts'
import type { TrustedHere } from './trusted-here.ts'

const root = authority({ subject: 'root', notAfter: day('2040-01-01') })
const person = issue({ subject: 'PERSONA', issuer: root, notBefore: day('2025-01-01'), notAfter: day('2026-01-01') })
const believed = (...holders: Holder[]): Authorities =>
  holders.map(({ certificate }) => ({
    certificate,
    sha256: certificate.sha256,
    name: 'root',
    anchor: true,
    source: 'given' as const,
  }))
const trust = (...holders: Holder[]): TrustedHere => ({
  authorities: believed(...holders),
  seal: undefined,
  log: undefined,
})

const signed = signPdf(basePdf(), person)
const inForce = day('2025-06-02')
const later = day('2027-01-01')

function stamped(by: Holder): Buffer {
  const prepared = prepareSignature(basePdf(), {
    fieldName: 'citizen',
    signingTime: day('2025-06-01'),
    contentsSize: 5000,
  })
  return insertSignature(
    prepared.pdf,
    prepared.byteRange,
    detachedCms(person, byteRangeDigest(prepared.pdf, prepared.byteRange), by),
  )
}

test('signed by somebody whom a trusted authority named, and nothing changed since: sound', () => {
  const explanation = explainDocument(signed, trust(root), inForce)
  assert.equal(explanation.verdict, 'sound')
  assert.match(tell(explanation, 'es', String).proves.join(' '), /PERSONA/)
})

test('a byte, an added object, an appended byte: altered', () => {
  const changed = Buffer.from(signed)
  changed[40] = changed[40]! ^ 1
  for (const bytes of [
    changed,
    addObjects(signed, { 4: '<< /Length 0 >>\nstream\n\nendstream' }),
    Buffer.concat([signed, Buffer.from('%')]),
  ])
    assert.equal(explainDocument(bytes, trust(root), inForce).verdict, 'altered')
})

test('by nobody we trust: untrusted; by nobody at all: unsigned; not a PDF: unreadable', () => {
  assert.equal(explainDocument(signed, trust(), inForce).verdict, 'untrusted')
  assert.equal(explainDocument(basePdf(), trust(root), inForce).verdict, 'unsigned')
  assert.equal(explainDocument(Buffer.from('hola'), trust(root), inForce).verdict, 'unreadable')
})

test('after its certificate’s end a signature without proof of its time cannot be told (EN 319 102-1, NO_POE)', () => {
  assert.equal(explainDocument(signed, trust(root), later).verdict, 'undetermined')
})

test('a time-stamp of a trusted authority proves the time, anybody else’s does not', () => {
  const tsa = stamper(root)
  assert.equal(explainDocument(stamped(tsa), trust(root), later).verdict, 'sound')
  const own = stamper()
  const forged = explainDocument(stamped(own), trust(root), later)
  assert.equal(forged.verdict, 'undetermined')
  assert.equal(forged.findings[0]!.timestamp, undefined)
})
