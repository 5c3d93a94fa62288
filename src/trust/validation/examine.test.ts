import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import { makeSigners, signContent } from '#test/support/cms-signers.ts'
import { authority, day, issue, revocationList } from '#test/support/pki.ts'
import { addObjects, basePdf, signPdf, stamper, timestampOver, timestampOverDigest } from '#test/support/signed-pdf.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import * as der from '#trust/der/write.ts'
import { hashLeaf } from '#trust/merkle/tree.ts'
import { checkpointText } from '#trust/note/checkpoint.ts'
import { parseVerifierKey, signNote, verifierKey } from '#trust/note/signed-note.ts'
import { writeTlogProof } from '#trust/note/tlog-proof.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareDocumentTimestamp } from '#trust/pdf/document-timestamp.ts'
import { type ExamineTrust, examine } from './examine.ts'
import { describeReport } from './report-json.ts'

const root = authority({ subject: 'root', notAfter: day('2040-01-01') })
const citizen = issue({ subject: 'citizen', issuer: root })
const clock = stamper(root)
const list = revocationList({ issuer: root })
const at = day('2025-06-02')
const content = Buffer.from('what is signed')
const trust: ExamineTrust = {
  trustAnchors: [root.certificate],
  evidence: { certificates: [], crls: [list], ocspResponses: [] },
}
const pem = (label: string, bytes: Buffer): Buffer =>
  Buffer.from(
    `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`,
  )

const message = (embedded: boolean): Buffer =>
  writeSignedData({
    signers: [signContent({ ...citizen, digestAlgorithm: 'sha256' }, content)],
    ...(embedded && { content }),
  })

describe('one examination for every format, told apart by its bytes', () => {
  const answer = (file: Buffer, beside?: Buffer, trusted = trust) => {
    const {
      format,
      sound,
      trusted: believed,
      signatures,
      parts,
      error,
    } = examine(file, trusted, at, { content: beside })
    const told = [...signatures, ...parts].map(
      ({ indication, subIndication }) => `${indication} ${subIndication ?? ''}`,
    )
    return [format, error?.problem ?? `${sound} ${believed}`, ...told.map((each) => each.trim())]
  }

  test('PDF', () => {
    assert.deepEqual(answer(signPdf(basePdf(), citizen)), ['pdf', 'true true', 'TOTAL-PASSED'])
    assert.deepEqual(answer(basePdf()), ['pdf', 'false false'])
    assert.deepEqual(answer(Buffer.from('%PDF-1.7')), ['pdf', 'not-a-pdf'])
  })

  test('CMS: with its content, with the content beside it, in PEM; without it nothing can be said (5.1.3, SIGNED_DATA_NOT_FOUND)', () => {
    assert.deepEqual(answer(message(true)), ['cms', 'true true', 'TOTAL-PASSED'])
    assert.deepEqual(answer(message(false), content), ['cms', 'true true', 'TOTAL-PASSED'])
    assert.deepEqual(answer(pem('CMS', message(true))), ['cms', 'true true', 'TOTAL-PASSED'])
    assert.deepEqual(answer(message(false)), ['cms', 'false false', 'INDETERMINATE SIGNED_DATA_NOT_FOUND'])
    assert.deepEqual(answer(message(false), Buffer.from('x')), ['cms', 'false false', 'TOTAL-FAILED HASH_FAILURE'])
    assert.deepEqual(answer(message(true), content), ['cms', 'true true', 'TOTAL-PASSED'])
    assert.deepEqual(answer(message(true), Buffer.from('x')), ['cms', 'false false', 'TOTAL-FAILED HASH_FAILURE'])
  })

  test('a time-stamp, alone and in its authority’s answer, is a building block of its own (5.4)', () => {
    const token = timestampOver(content, clock, day('2025-06-01'))
    const response = der.sequence(der.sequence(der.integer(0)), der.raw(token))
    const refusal = der.sequence(der.sequence(der.integer(2), der.sequence(der.utf8('no'))))
    assert.deepEqual(answer(token, content), ['time-stamp', 'true true', 'PASSED'])
    assert.deepEqual(answer(response, content), ['time-stamp-response', 'true true', 'PASSED'])
    assert.deepEqual(answer(token), ['time-stamp', 'false false', 'INDETERMINATE SIGNED_DATA_NOT_FOUND'])
    assert.deepEqual(answer(token, Buffer.from('x')), ['time-stamp', 'false false', 'FAILED HASH_FAILURE'])
    assert.deepEqual(answer(refusal), ['time-stamp-response', 'no-token'])
    const foreign = timestampOver(content, stamper())
    assert.deepEqual(answer(foreign, content), ['time-stamp', 'true false', 'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND'])
  })

  test('a certificate, DER or PEM', () => {
    assert.deepEqual(answer(citizen.certificate.der), ['certificate', 'true true', 'PASSED'])
    assert.deepEqual(answer(pem('CERTIFICATE', citizen.certificate.der)), ['certificate', 'true true', 'PASSED'])
    const broken = citizen.certificate.der.subarray(0, -1)
    assert.deepEqual(answer(Buffer.from(broken)), ['certificate', 'false false', 'FAILED FORMAT_FAILURE'])
  })

  test('a proof of the log with its entry, and the log’s checkpoint', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const checkpoint = signNote(checkpointText({ origin: 'log', size: 1, root: hashLeaf(content) }), 'log', privateKey)
    const proof = Buffer.from(writeTlogProof({ index: 0, path: [], checkpoint }))
    const known = { ...trust, log: parseVerifierKey(verifierKey('log', publicKey)) }
    assert.deepEqual(answer(proof, content, known), ['log-proof', 'true true', 'PASSED'])
    assert.deepEqual(answer(proof, Buffer.from('x'), known), ['log-proof', 'false false', 'FAILED SIG_CRYPTO_FAILURE'])
    assert.deepEqual(answer(proof, undefined, known), [
      'log-proof',
      'false false',
      'INDETERMINATE SIGNED_DATA_NOT_FOUND',
    ])
    assert.deepEqual(answer(Buffer.from(checkpoint), undefined, known), ['checkpoint', 'true true', 'PASSED'])
    assert.equal(answer(Buffer.from(checkpoint))[2], 'INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND')
  })

  test('anything else, and nothing', () => {
    for (const each of [Buffer.alloc(0), Buffer.from('hola'), Buffer.from([0x30]), Buffer.from('3080', 'hex')])
      assert.deepEqual(answer(each), ['unknown', 'unknown-format'])
  })
})

describe('sound and trusted are two answers', () => {
  test('a signature that holds, of somebody whom nobody here knows', () => {
    const report = examine(signPdf(basePdf(), citizen), { trustAnchors: [] }, at)
    assert.deepEqual([report.sound, report.trusted], [true, false])
    assert.equal(report.signatures[0]!.anchor, undefined)
  })

  test('what was changed is not sound, whoever signed it', () => {
    const changed = addObjects(signPdf(basePdf(), citizen), { 4: '<< /Length 1 >>\nstream\nx\nendstream' })
    const report = examine(changed, trust, at)
    assert.deepEqual([report.sound, report.trusted], [false, false])
    assert.equal(report.signatures[0]!.subIndication, 'SIG_CONSTRAINTS_FAILURE')
  })

  test('whom it rests on is named, and a demo’s is marked', () => {
    const isDemo = ({ sha256 }: { sha256: string }) => sha256 === root.certificate.sha256
    const [signature] = examine(signPdf(basePdf(), citizen), { ...trust, isDemo }, at).signatures
    assert.equal(signature!.anchor?.certificate.sha256, root.certificate.sha256)
    assert.equal(signature!.anchor?.demo, true)
    const known = examine(signPdf(basePdf(), citizen), { trustAnchors: [], knowsSigner: () => true }, at)
    assert.deepEqual([known.trusted, known.signatures[0]!.anchor?.itself], [true, true])
  })
})

describe('a PDF with time-stamps of the whole document (5.6, 5.4)', () => {
  const stampAll = (pdf: Buffer, on: string, by = clock): Buffer => {
    const prepared = prepareDocumentTimestamp(pdf, { fieldName: on, contentsSize: 3000 })
    const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
    return insertSignature(prepared.pdf, prepared.byteRange, timestampOverDigest(digest, by, day(on)))
  }
  const lasting = stampAll(stampAll(signPdf(basePdf(), citizen), '2025-06-01'), '2025-07-01')
  const late = { ...trust, revocation: 'if-known' as const }

  test('each is PASSED, and proves the signature and the one before it', () => {
    const { signatures, trusted } = examine(lasting, trust, day('2025-07-02'))
    assert.deepEqual(
      signatures.map(({ found, indication }) => [found.kind, indication]),
      [
        ['signature', 'TOTAL-PASSED'],
        ['time-stamp', 'PASSED'],
        ['time-stamp', 'PASSED'],
      ],
    )
    assert.ok(trusted)
    const [signature, first, second] = signatures
    assert.deepEqual(signature!.bestSignatureTime, day('2025-06-01'))
    assert.deepEqual(
      signature!.proofs.map(({ by }) => by),
      ['time-stamp', 'time-stamp'],
    )
    assert.deepEqual(first!.bestSignatureTime, day('2025-07-01'))
    assert.deepEqual(second!.proofs, [])
  })

  test('one by nobody who is believed is INDETERMINATE, and proves nothing', () => {
    const file = stampAll(signPdf(basePdf(), citizen), '2025-06-01', stamper())
    const [signature, stamp] = examine(file, late, day('2031-01-01')).signatures
    assert.deepEqual([stamp!.indication, stamp!.subIndication], ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND'])
    assert.deepEqual([signature!.indication, signature!.proofs], ['INDETERMINATE', []])
  })

  test('as data: the same words, instants in UTC, what is not known is null', () => {
    const json = JSON.parse(JSON.stringify(describeReport(examine(lasting, trust, day('2025-07-02')))))
    const [signature] = json.signatures
    assert.equal(json.version, 1)
    assert.equal(signature.bestSignatureTime, '2025-06-01T00:00:00.000Z')
    assert.deepEqual(
      signature.timestamps.map(({ indication }: { indication: string }) => indication),
      ['PASSED', 'PASSED'],
    )
    assert.equal(signature.subIndication, null)
    assert.equal(signature.path.certificates.at(-1).sha256, citizen.certificate.sha256)
    assert.equal(signature.anchor.sha256, root.certificate.sha256)
    const revocation = signature.checks.find(({ name }: { name: string }) => name === 'revocation')
    assert.deepEqual([revocation.result, revocation.evidence[0].kind], ['ok', 'crl'])
    assert.equal('file' in json, false)
  })
})

for (const [name, signer] of Object.entries(makeSigners()))
  test(`a message by ${name} is examined`, () => {
    const file = writeSignedData({ signers: [signContent(signer, content)], content })
    const { sound, trusted } = examine(file, { trustAnchors: [], trusted: new Set([signer.certificate.sha256]) }, at)
    assert.deepEqual([sound, trusted], [true, true])
  })
