import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { type ForgedEntry, forgeZip } from '#test/support/forge-zip.ts'
import { authority, day, issue, newKey } from '#test/support/pki.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { makeSigner, writeSignedData } from '#trust/cms/write-signed-data.ts'
import { boundEvidence } from '#trust/validation/bounded-evidence.ts'
import { writeManifest } from './manifest.ts'
import { ASIC_E_TYPE } from './open-container.ts'
import { readXml } from './read-xml.ts'
import { verifyAsic } from './verify-asic.ts'

const root = authority({ subject: 'root' })
const key = newKey()
const data = { name: 'a', bytes: Buffer.from('data') }
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** A container whose every message has so many signers. */
async function crowd(messages: number, signers: number): Promise<Buffer> {
  const people = Array.from({ length: signers }, (_, i) => issue({ subject: `person ${i}`, issuer: root, key }))
  const entries: ForgedEntry[] = [{ name: 'mimetype', bytes: Buffer.from(ASIC_E_TYPE) }, data]
  for (let i = 0; i < messages; i += 1) {
    const signature = `META-INF/signature${i}.p7s`
    const objects = [
      { name: 'a', mimeType: `text/${i}`, hash: 'sha256', digest: digestOf(data.bytes), rootFile: false } as const,
    ]
    const manifest = writeManifest({ signature, signatureType: undefined, objects })
    const question = { digest: digestOf(manifest), signingTime: day('2025-06-01') }
    const made = people.map(({ certificate }) => makeSigner({ ...question, certificate }, signWith(key)))
    entries.push({ name: `META-INF/ASiCManifest${i}.xml`, bytes: manifest })
    entries.push({ name: signature, bytes: writeSignedData({ signers: await Promise.all(made) }) })
  }
  return forgeZip(entries)
}

test('many signers in many messages: each file is told once by whom it is covered; more than are anybody’s are refused', async () => {
  const { signatures, dataObjects, evidence } = verifyAsic(await crowd(4, 50))
  assert.equal(signatures.length, 200)
  assert.equal(dataObjects[0]!.coveredBy.length, 4)
  assert.equal(dataObjects[0]!.mimeType, 'text/0')
  assert.equal(evidence.certificates.length, 200, 'what a message carries is not told anew for each of its signers')
  assert.equal(verifyAsic(await crowd(5, 50)).error?.problem, 'too-large')
})

test('manifests that are long together are refused before they are read', () => {
  const long = Buffer.from(`<a b="${'x'.repeat(2 * 1024 * 1024 - 100)}"/>`)
  const manifests = Array.from({ length: 13 }, (_, i) => ({
    name: `META-INF/ASiCManifest${i}.xml`,
    bytes: long,
  }))
  const file = forgeZip([{ name: 'mimetype', bytes: Buffer.from(ASIC_E_TYPE) }, data, ...manifests])
  assert.equal(verifyAsic(file).error?.problem, 'too-large')
})

test('an element with more attributes or namespaces than anybody writes is refused at the first too many', () => {
  for (const prefix of ['', 'xmlns:']) {
    const many = Array.from({ length: 65 }, (_, i) => ` ${prefix}a${i}="u${i}"`)
    assert.throws(() => readXml(Buffer.from(`<x${many.join('')}/>`)), /more in it than is read/)
    // Not even looked at to its end.
    assert.throws(() => readXml(Buffer.from(`<x${many.join('')} ${'b="1" '.repeat(100)}<`)), /more in it than is read/)
    assert.equal(readXml(Buffer.from(`<x${many.slice(1).join('')}/>`)).name, 'x')
  }
})

test('what a file carries is taken once, and not without end', () => {
  const once = Buffer.from('list')
  const { crls } = boundEvidence({ certificates: [], ocspResponses: [], crls: [once, Buffer.from(once), once] })
  assert.deepEqual(crls, [once])
  const many = Array.from({ length: 3000 }, (_, i) => Buffer.from(`certificate ${i}`))
  const large = Array.from({ length: 40 }, (_, i) => Buffer.alloc(1024 * 1024, i))
  const bound = boundEvidence({ certificates: many, ocspResponses: [], crls: large })
  assert.equal(bound.certificates.length, 1000)
  assert.equal(bound.crls.length, 31)
})
