import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { containerOf, part } from '#test/support/asic.ts'
import { allLevels, openCadesWorld, signCades } from '#test/support/cades-world.ts'
import { mutateDer, seededRandom } from '#test/support/mutate-der.ts'
import { day, issue, revocationList } from '#test/support/pki.ts'
import { basePdf, signPdf, timestampOver, timestampOverDigest } from '#test/support/signed-pdf.ts'
import { addValidationData } from '#trust/cades/grow-signature.ts'
import { DerError } from '#trust/der/read.ts'
import { byteRangeDigest, insertSignature } from '#trust/pdf/byte-range.ts'
import { prepareDocumentTimestamp } from '#trust/pdf/document-timestamp.ts'
import { examine } from './examine.ts'
import { noData, type ValidationData } from './facts.ts'

const LONG = Boolean(process.env.LONG_TESTS)
const world = openCadesWorld()
const { root, person, people, time } = world
const content = Buffer.from('an official act')
const stampedOn = day('2025-06-01')
const known = world.dataOn(day('2025-06-02'))

function lastingPdf(signer = person, data: ValidationData = known): Buffer {
  const prepared = prepareDocumentTimestamp(signPdf(basePdf(), signer), { fieldName: 't', contentsSize: 3000, data })
  const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
  return insertSignature(prepared.pdf, prepared.byteRange, timestampOverDigest(digest, time, stampedOn))
}

interface Sample {
  file: Buffer
  beside?: Buffer
  evidence?: ValidationData
}

/** What is there of each format, and passes. */
const good: Record<string, Sample> = {
  pdf: { file: lastingPdf() },
  cms: { file: allLevels(content, world)['B-LTA'], beside: content },
  'time-stamp': { file: timestampOver(content, time, stampedOn), beside: content, evidence: known },
  certificate: { file: person.certificate.der, evidence: known },
  'asic-e': { file: await containerOf([part('a.txt', 'an act')], person, time), evidence: known },
}

const revoked = {
  ...known,
  crls: [
    revocationList({ issuer: root, thisUpdate: day('2025-06-02'), nextUpdate: day('2025-06-09') }),
    revocationList({
      issuer: people,
      revoked: [{ serial: person.certificate.serial, at: day('2025-05-01') }],
      thisUpdate: day('2025-06-02'),
      nextUpdate: day('2025-06-09'),
    }),
  ],
}
const stranger = issue({ subject: 'person', notBefore: day('2024-01-01'), notAfter: day('2028-01-01') })

/** What must not pass, whatever is done to what no signature covers: revoked, and of nobody. */
const bad: Record<string, Sample> = {
  'revoked CMS': { file: addValidationData(signCades(content, person), revoked), beside: content },
  'revoked PDF': { file: lastingPdf(person, revoked) },
  'CMS of a stranger': { file: addValidationData(signCades(content, stranger), known), beside: content },
  'PDF of a stranger': { file: lastingPdf(stranger) },
}

const at = day('2025-06-03')

/** Whether somebody would believe it. Whoever is said to have signed or stamped did so. */
function judge(file: Buffer, { beside, evidence = noData() }: Sample): boolean {
  const report = examine(file, { trustAnchors: [root.certificate], evidence }, at, { content: beside })
  for (const { trusted, sound, signer, found, bestSignatureTime } of report.signatures) {
    if (!trusted) continue
    assert.ok(sound)
    const expected = found.kind === 'time-stamp' ? time : person
    assert.equal(signer?.sha256, expected.certificate.sha256)
    assert.ok(bestSignatureTime >= stampedOn)
  }
  for (const { indication, certificate } of report.parts)
    assert.ok(indication !== 'PASSED' || certificate?.sha256 === person.certificate.sha256)
  return report.trusted
}

const flip = (bytes: Buffer, place: number, mask: number): Buffer => {
  const flipped = Buffer.from(bytes)
  flipped[place]! ^= mask
  return flipped
}

/** Where it is as before, in other words: the digits of a hexadecimal text may be large or small. */
const isSame = (file: Buffer, place: number, mask: number): boolean =>
  mask === 0x20 && /[a-f]/i.test(String.fromCharCode(file[place]!))

/** All of them in the long run, and of the small ones; else some. */
function* placesOf({ length }: Buffer, most: number, random: () => number): Generator<number> {
  if (LONG ? length <= 8192 : length <= most) for (let i = 0; i < length; i++) yield i
  else for (let i = 0; i < (LONG ? 2000 : most); i++) yield Math.floor(random() * length)
}

describe('the whole of a judgement, from bytes to whom to believe', () => {
  test('the good pass and the bad do not, unharmed', () => {
    for (const [name, sample] of Object.entries(good)) assert.equal(judge(sample.file, sample), true, name)
    for (const [name, sample] of Object.entries(bad)) assert.equal(judge(sample.file, sample), false, name)
  })

  test('a flipped bit ends in a report: it is not believed, or what it says is as true as before', () => {
    const random = seededRandom(36)
    for (const [name, sample] of [...Object.entries(good), ...Object.entries(bad)])
      for (const place of placesOf(sample.file, 300, random)) {
        const mask = 1 << Math.floor(random() * 8)
        const believed = judge(flip(sample.file, place, mask), sample)
        if (believed && name === 'pdf') assert.ok(isSame(sample.file, place, mask), `${name} at ${place}`)
        if (believed) assert.ok(name in good && name !== 'certificate', `${name} at ${place}`)
      }
  })

  test('cut or grown, never believed', () => {
    const random = seededRandom(7)
    for (const [name, sample] of Object.entries(good)) {
      for (let i = 0; i < (LONG ? 1000 : 60); i++) {
        const cut = sample.file.subarray(0, Math.floor(random() * sample.file.length))
        assert.equal(judge(cut, sample), false, `${name} to ${cut.length}`)
      }
      assert.equal(judge(Buffer.concat([sample.file, Buffer.from('%')]), sample), false, name)
    }
  })

  test('mutated structures end in a report, and nobody else is believed', () => {
    const random = seededRandom(2036)
    const messages = [...Object.values(good), ...Object.values(bad)].filter(({ file }) => file[0] === 0x30)
    assert.equal(messages.length, 5)
    for (const sample of messages)
      for (let i = 0; i < (LONG ? 10_000 : 150); i++) {
        const mutated = mutate(sample.file, random)
        const believed = mutated && judge(mutated, sample)
        if (believed) assert.ok(Object.values(good).includes(sample))
      }
  })

  test('noise behind every beginning', () => {
    const random = seededRandom(1)
    for (const beginning of ['%PDF-1.7\n', 'PK\x03\x04', '0\x82', '-----BEGIN CMS-----\n', 'ventanilla/log\n', '']) {
      for (let i = 0; i < 40; i++) {
        const noise = Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)))
        assert.equal(judge(Buffer.concat([Buffer.from(beginning, 'latin1'), noise]), {} as Sample), false)
      }
    }
  })
})

function mutate(file: Buffer, random: () => number): Buffer | undefined {
  try {
    return mutateDer(file, random)
  } catch (error) {
    // What was mutated no longer fits the writer.
    if (error instanceof DerError || error instanceof RangeError) return undefined
    throw error
  }
}
