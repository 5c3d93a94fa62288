import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Authorities } from '#modules/identity/index.ts'
import { cadesOver, containerOf, part } from '#test/support/asic.ts'
import { type ForgedEntry, forgeZip } from '#test/support/forge-zip.ts'
import { authority, day, type Holder, issue } from '#test/support/pki.ts'
import { basePdf, signPdf, stamper } from '#test/support/signed-pdf.ts'
import { writeManifest } from '#trust/asic/manifest.ts'
import { readZip } from '#trust/asic/read-zip.ts'
import { explainFile } from './explain-file.ts'
import { tell } from './tell.ts'
import type { TrustedHere } from './trusted-here.ts'

const root = authority({ subject: 'root', notAfter: day('2040-01-01') })
const seal = issue({ subject: 'SELLO', issuer: root, notBefore: day('2025-01-01'), notAfter: day('2026-01-01') })
const somebody = issue({ subject: 'ALGUIEN', issuer: root, notBefore: day('2025-01-01'), notAfter: day('2026-01-01') })
const clock = stamper(root, { notBefore: day('2025-01-01'), notAfter: day('2035-01-01') })
const believed = (...holders: Holder[]): Authorities =>
  holders.map(({ certificate }) => ({
    certificate,
    sha256: certificate.sha256,
    name: 'root',
    anchor: true,
    source: 'given' as const,
  }))
const ours: TrustedHere = {
  authorities: believed(root),
  seals: [{ holder: 'platform', certificate: seal.certificate, until: undefined, lost: false }],
  log: undefined,
}
const inForce = day('2025-06-02')
const later = day('2027-01-01')
const said = JSON.stringify({ format: 'ventanilla case-file 1', folio: 'ABC' })
const pdf = { name: 'documentos/01-solicitud.pdf', mimeType: 'application/pdf', bytes: signPdf(basePdf(), somebody) }
const parts = [part('case.json', said, 'application/json'), pdf]
const whole = await containerOf(parts, seal)
const verdictOf = (bytes: Buffer, at = inForce, trusted = ours) => explainFile(bytes, trusted, at).verdict

function changed(change: (entries: Map<string, Buffer>) => void): Buffer {
  const entries = new Map(readZip(whole).map(({ name, read }) => [name, Buffer.from(read())]))
  change(entries)
  return forgeZip([...entries].map(([name, bytes]): ForgedEntry => ({ name, bytes })))
}

describe('a case file', () => {
  test('is sound under the platform’s seal, and each document in it is looked at by itself', () => {
    const explanation = explainFile(whole, ours, inForce)
    const { verdict, kind, folio, findings, inside } = explanation
    assert.deepEqual([verdict, kind, folio], ['sound', 'case-file', 'ABC'])
    assert.deepEqual(
      findings.map(({ ofPlatform, coversWholeFile, level }) => [ofPlatform, coversWholeFile, level]),
      [[true, true, 'B-B']],
    )
    assert.deepEqual(inside, [{ name: pdf.name, kind: undefined, verdict: 'sound' }])
    assert.match(tell(explanation, 'es', String).title, /auténtico/)
  })

  test('of somebody else’s making does not pass for one of ours', async () => {
    assert.equal(verdictOf(await containerOf(parts, somebody)), 'unsealed')
    assert.equal(verdictOf(await containerOf([pdf], somebody)), 'sound')
    assert.equal(verdictOf(whole, inForce, { authorities: [], seals: [], log: undefined }), 'untrusted')
  })

  test('was changed where a file is another, is gone or is nobody’s, or where a document inside was changed', async () => {
    assert.equal(verdictOf(changed((entries) => entries.set('case.json', Buffer.from('{}')))), 'altered')
    assert.equal(verdictOf(changed((entries) => entries.delete(pdf.name))), 'altered')
    assert.equal(verdictOf(changed((entries) => entries.set('extra.pdf', pdf.bytes))), 'altered')
    const broken = Buffer.from(pdf.bytes)
    broken[20]! ^= 1
    const file = await containerOf([parts[0]!, { ...pdf, bytes: broken }], seal)
    assert.deepEqual(explainFile(file, ours, inForce).inside?.[0]?.verdict, 'altered')
    assert.equal(verdictOf(file), 'altered')
  })

  test('holds nothing that the platform did not seal, whoever else signed it', async () => {
    const extra = Buffer.from('granted')
    const signature = 'META-INF/signature002.p7s'
    const digest = createHash('sha256').update(extra).digest()
    const objects = [
      { name: 'resolucion.txt', mimeType: 'text/plain', hash: 'sha256', digest, rootFile: false } as const,
    ]
    const manifest = writeManifest({ signature, signatureType: undefined, objects })
    const message = await cadesOver(manifest, somebody)
    const added = changed((entries) =>
      entries.set('resolucion.txt', extra).set('META-INF/ASiCManifest002.xml', manifest).set(signature, message),
    )
    assert.deepEqual(
      explainFile(added, ours, inForce).findings.map(({ ofPlatform, indication }) => [ofPlatform, indication]),
      [
        [true, 'TOTAL-PASSED'],
        [false, 'TOTAL-PASSED'],
      ],
    )
    assert.equal(verdictOf(added), 'altered')
  })

  test('whose documents take too long is not called sound: what was not looked at is not known', async () => {
    const file = await containerOf([parts[0]!, ...['1', '2', '3'].map((i) => ({ ...pdf, name: `${i}.pdf` }))], seal)
    let seconds = 0
    const elapsed = () => {
      seconds += 7
      return seconds
    }
    const { verdict, trusted, inside } = explainFile(file, ours, inForce, {}, elapsed)
    assert.deepEqual([verdict, trusted], ['undetermined', false])
    assert.deepEqual(
      inside?.map((each) => each.verdict),
      ['sound', 'sound', 'undetermined'],
    )
  })

  test('after the end of the seal’s certificate is as good as its time-stamp', async () => {
    const bare = [parts[0]!]
    assert.equal(verdictOf(await containerOf(bare, seal), later), 'undetermined')
    assert.equal(verdictOf(await containerOf(bare, seal, clock), later), 'sound')
  })

  test('that nobody signed, or that is no container, proves nothing', () => {
    const unsigned = changed((entries) => {
      for (const name of entries.keys()) if (name.startsWith('META-INF/')) entries.delete(name)
    })
    assert.equal(verdictOf(unsigned), 'unsigned')
    assert.equal(verdictOf(Buffer.concat([whole, Buffer.from('x')])), 'unreadable')
    assert.equal(verdictOf(whole.subarray(0, 100)), 'unreadable')
    const bomb = forgeZip([{ name: 'a', bytes: Buffer.alloc(8 * 1024 * 1024), deflate: true }])
    assert.equal(explainFile(bomb, ours, inForce).problem, 'too-large')
  })
})
