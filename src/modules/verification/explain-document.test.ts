import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Authorities } from '#modules/identity/index.ts'
import { authority, day, type Holder, issue } from '#test/support/pki.ts'
import {
  addObjects,
  basePdf,
  detachedCms,
  type Objects,
  signDigest,
  signPdf,
  stamper,
  stream,
  timestampOver,
} from '#test/support/signed-pdf.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { addSecurityStore } from '#trust/pdf/security-store.ts'
import { explainDocument } from './explain-document.ts'
import type { KnownSeal } from './known-seals.ts'
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
const inUse = ({ certificate }: Holder): KnownSeal => ({
  holder: 'platform',
  certificate,
  until: undefined,
  lost: false,
})
const trust = (...holders: Holder[]): TrustedHere => ({
  authorities: believed(...holders),
  seals: [],
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

/** The person's document as the shop writes it: its data inside, its code as the keyword. */
const ours = (data: object): Buffer =>
  basePdf({
    1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(data.json) 5 0 R] >> >> /AcroForm 7 0 R >>',
    5: '<< /Type /Filespec /F (data.json) /UF (data.json) /EF << /F 6 0 R >> >>',
    6: stream('/Type /EmbeddedFile', JSON.stringify(data)),
    11: '<< /Title (Prueba) /Keywords (FVZV-BWTN-PA3F-VJTZ) >>',
  })
const application = signPdf(ours({ format: 'ventanilla application 1' }), person)
const verdictOf = (bytes: Buffer, trusted = trust(root)) => explainDocument(bytes, trusted, inForce).verdict

test('a seal that is out of use or lost does not count, also where an authority still answers for it', () => {
  const seal = issue({ subject: 'SELLO', issuer: root })
  const withSeal = (more: Partial<KnownSeal>) => ({ ...trust(root), seals: [{ ...inUse(seal), ...more }] })
  for (const holder of ['platform', 'inm'])
    for (const data of [{}, { format: 'ventanilla decision 1', institution: 'inm' }]) {
      const bytes = signPdf(ours(data), seal)
      assert.equal(verdictOf(bytes, withSeal({ holder })), 'sound')
      // It says to be of 1 June 2025.
      assert.equal(verdictOf(bytes, withSeal({ holder, until: day('2025-12-31') })), 'sound')
      assert.equal(verdictOf(bytes, withSeal({ holder, until: day('2025-05-01') })), 'undetermined')
      assert.equal(verdictOf(bytes, withSeal({ holder, until: day('2025-12-31'), lost: true })), 'undetermined')
      assert.equal(verdictOf(bytes, withSeal({ holder, lost: true })), 'undetermined')
    }
})

test('what follows the last signature is a change, also what PDF calls harmless: metadata, a date, nothing at all', () => {
  const later: Objects[] = [
    {},
    { 30: '(nobody refers to this)' },
    { 11: '<< /Title (Prueba) /Keywords (FVZV-BWTN-PA3F-VJTZ) /ModDate (D:2030) >>' },
  ]
  for (const objects of later) {
    const explanation = explainDocument(addObjects(application, objects), trust(root), inForce)
    assert.equal(explanation.verdict, 'altered')
    assert.deepEqual(explanation.findings[0]!.modificationReasons, ['Something was added after the last signature.'])
  }
  // Somebody who adds by signing says who they are.
  assert.equal(verdictOf(signPdf(application, person, 'second')), 'sound')
})

test('to a document that is not ours validation data may be added (EN 319 142-1, 6.3, B-LT), and nothing beside them', () => {
  const data = { certificates: [root.certificate.der], crls: [], ocspResponses: [] }
  const lasting = addSecurityStore(signed, data)
  const [first] = explainDocument(lasting, trust(root), inForce).findings
  assert.equal(verdictOf(lasting), 'sound')
  assert.equal(first!.modifications, 'allowed')
  assert.equal(verdictOf(addSecurityStore(lasting, { ...data, certificates: [person.certificate.der] })), 'sound')
  const filled = {
    9: '<< /FT /Tx /T (words) /V (new) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [10 70 90 90] >>',
  }
  const others: Objects[] = [filled, { 11: '<< /Title (Prueba) /ModDate (D:2030) >>' }]
  for (const objects of others) {
    assert.equal(verdictOf(addObjects(lasting, objects)), 'altered')
    assert.equal(verdictOf(addSecurityStore(addObjects(signed, objects), data)), 'altered')
  }
  assert.equal(verdictOf(addObjects(signed, {})), 'altered', 'nothing at all is no validation data')
  assert.equal(verdictOf(addSecurityStore(application, data)), 'altered', 'ours end in a signature')
})

test('no byte of the message itself can change unseen, nor be exchanged for its other form', () => {
  const text = application.toString('latin1')
  const start = text.lastIndexOf('/Contents <') + 11
  const length = text.indexOf('>', start) - start
  for (let at = start; at < start + length; at += 1)
    for (const bit of [0x01, 0x20]) {
      const changed = Buffer.from(application)
      changed[at] = changed[at]! ^ bit
      assert.notEqual(verdictOf(changed), 'sound', `digit ${at - start}`)
    }
})

test('a byte changed where the file can then no longer be read is told as a change too', () => {
  for (let at = 0; at < application.length; at += 7) {
    const changed = Buffer.from(application)
    changed[at] = changed[at]! ^ 1
    assert.equal(verdictOf(changed), 'altered', `byte ${at}`)
  }
})

test('a message that carries what nobody vouches for is not as it was issued', () => {
  const carrying = (certificates: Uint8Array[]) => {
    const prepared = prepareSignature(ours({ format: 'ventanilla application 1' }), {
      fieldName: 'citizen',
      signingTime: day('2025-06-01'),
      contentsSize: 5000,
    })
    const parts = signDigest(
      byteRangeDigest(prepared.pdf, prepared.byteRange),
      person.certificate,
      signWith(person.key),
    )
    return insertSignature(prepared.pdf, prepared.byteRange, writeSignedData({ signers: [parts], certificates }))
  }
  assert.equal(verdictOf(carrying([root.certificate.der])), 'sound')
  const broken = Buffer.from(root.certificate.der)
  broken[broken.length - 1] = broken.at(-1)! ^ 1
  assert.equal(verdictOf(carrying([broken])), 'altered')
  for (const nothing of ['300402020001', 'a10402020001'])
    assert.equal(verdictOf(carrying([Buffer.from(nothing, 'hex')])), 'altered')
})

test('whoever trusts nobody, or not the time-stamp’s authority, is not told that something was changed', () => {
  const issuer = authority({ subject: 'issuer', issuer: root, notAfter: day('2040-01-01') })
  const below = issue({ subject: 'ABAJO', issuer, notBefore: day('2025-01-01'), notAfter: day('2026-01-01') })
  const carrying = (timestampBy?: Holder) => {
    const prepared = prepareSignature(ours({ format: 'ventanilla application 1' }), {
      fieldName: 'citizen',
      signingTime: day('2025-06-01'),
      contentsSize: 6000,
    })
    const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
    const parts = signDigest(digest, below.certificate, signWith(below.key))
    const timestampToken = timestampBy && timestampOver(Buffer.from(parts.signature), timestampBy)
    const cms = writeSignedData({
      signers: [{ ...parts, timestampToken }],
      certificates: [issuer.certificate.der],
    })
    return insertSignature(prepared.pdf, prepared.byteRange, cms)
  }
  assert.equal(verdictOf(carrying(), trust()), 'untrusted')
  assert.equal(verdictOf(carrying()), 'sound')
  assert.equal(verdictOf(carrying(stamper())), 'sound')
  assert.equal(verdictOf(carrying(stamper(authority({ subject: 'elsewhere' })))), 'sound')
  const broken = carrying(stamper())
  const digits = broken.toString('latin1').lastIndexOf(broken.toString('latin1').match(/([0-9a-f]{20})0{40}/)![1]!)
  broken[digits] = broken[digits] === 0x30 ? 0x31 : 0x30
  assert.equal(verdictOf(broken), 'altered')
})

describe('what only the platform issues', () => {
  const seal = issue({ subject: 'Ventanilla', issuer: root, notBefore: day('2025-01-01'), notAfter: day('2026-01-01') })
  const renewed = issue({
    subject: 'Ventanilla',
    issuer: root,
    notBefore: day('2024-01-01'),
    notAfter: day('2026-01-01'),
  })
  const receipt = ours({ format: 'ventanilla receipt 1', folio: '26-AAAA-BBBB-CC', application: { sha256: 'ab' } })
  const here: TrustedHere = {
    ...trust(root),
    seals: [inUse(seal)],
  }

  test('bears its seal, or one that was renewed; signed by anybody else it is refused in plain words', () => {
    assert.equal(verdictOf(signPdf(receipt, seal), here), 'sound')
    assert.equal(verdictOf(signPdf(receipt, renewed), here), 'sound')
    const forged = explainDocument(signPdf(receipt, person), here, inForce)
    assert.equal(forged.verdict, 'unsealed')
    assert.match(tell(forged, 'es', String).title, /no lleva su sello/)
    assert.match(tell(forged, 'en', String).body, /Do not accept it/)
  })

  test('is not signed by anybody else after its seal, whoever they are', () => {
    const added = explainDocument(signPdf(signPdf(receipt, seal), person, 'mine'), here, inForce)
    assert.ok(added.findings.every(({ indication }) => indication === 'TOTAL-PASSED'))
    assert.equal(added.verdict, 'altered')
    assert.deepEqual(added.findings[0]!.modificationReasons, ['Somebody else signed after the seal.'])
    assert.deepEqual(
      tell(added, 'es', String).signatures.map(({ mark }) => mark),
      ['bad', 'good'],
    )
    assert.equal(verdictOf(signPdf(signPdf(receipt, person), seal, 'seal'), here), 'sound')
  })

  test('a seal that was renewed stands for what it sealed until then, and for nothing after', () => {
    const retired = (until: string, lost = false) =>
      verdictOf(signPdf(receipt, seal), { ...here, seals: [{ ...inUse(seal), until: day(until), lost }, ...others] })
    const other = issue({ subject: 'Ventanilla since', issuer: root })
    const others = [inUse(other)]
    assert.equal(retired('2025-12-31'), 'sound')
    assert.equal(retired('2025-01-02'), 'unsealed')
    assert.equal(retired('2025-12-31', true), 'unsealed', 'lost: a time that it claims itself is nobody’s word')
  })

  test('an institution’s seal stands for its own acts, for nobody else’s, and never for the platform’s', () => {
    const own = issue({ subject: 'INM', issuer: root, notBefore: day('2025-01-01'), notAfter: day('2026-01-01') })
    const known: TrustedHere = {
      ...here,
      seals: [...here.seals, { ...inUse(own), holder: 'inm' }],
    }
    const sealedBy = (data: object) => explainDocument(signPdf(ours(data), own), known, inForce)
    const certificate = { format: 'ventanilla tacit-certificate 1', folio: '26-AAAA-BBBB-CC' }
    const right = sealedBy({ ...certificate, institution: 'inm' })
    assert.deepEqual([right.verdict, right.findings[0]!.ofInstitution], ['sound', 'inm'])
    assert.match(tell(right, 'es', String).proves.join(' '), /INM/)
    assert.equal(sealedBy({ ...certificate, institution: 'sat' }).verdict, 'unsealed')
    assert.equal(sealedBy(certificate).verdict, 'unsealed')
    assert.equal(sealedBy({ format: 'ventanilla receipt 1', institution: 'inm' }).verdict, 'unsealed')
    assert.equal(sealedBy({ format: 'ventanilla decision 1', institution: 'sat' }).verdict, 'unsealed')
  })

  test('a public servant’s act says that the office is to be checked', () => {
    const decision = explainDocument(signPdf(ours({ format: 'ventanilla decision 1' }), person), here, inForce)
    assert.equal(decision.code, 'FVZV-BWTN-PA3F-VJTZ')
    assert.match(tell(decision, 'es', String).doesNotProve.join(' '), /cargo/)
  })
})

test('a file that is locked or too large is not told to be damaged', () => {
  const locked = addObjects(basePdf(), {}, { trailer: '/Size 40 /Root 1 0 R /Encrypt 12 0 R' })
  const told = (language: 'es' | 'en') => tell(explainDocument(locked, trust(root), inForce), language, String).body
  assert.match(told('es'), /cifrado/)
  assert.match(told('en'), /encrypted/)
})
