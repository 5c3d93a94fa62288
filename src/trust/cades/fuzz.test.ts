import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allLevels, openCadesWorld, signCades, stampArchive } from '#test/support/cades-world.ts'
import { indefinite } from '#test/support/indefinite-frame.ts'
import { mutateDer, seededRandom } from '#test/support/mutate-der.ts'
import { day } from '#test/support/pki.ts'
import { CmsError } from '#trust/cms/errors.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { OID } from '#trust/der/oids.ts'
import { type DerValue, readDer } from '#trust/der/read.ts'
import { cadesFacts } from './cades-facts.ts'
import { addValidationData, prepareArchiveTimestamp } from './grow-signature.ts'

const LONG = Boolean(process.env.LONG_TESTS)
const content = Buffer.from('an official act')
const world = openCadesWorld()
const bb = signCades(content, world.person)
const { 'B-LTA': blta } = allLevels(content, world)
const lasting = stampArchive(blta, content, world.time, day('2025-07-01'), { data: world.dataOn(day('2025-07-01')) })
const framed = indefinite(allLevels(content, world, { enveloping: true })['B-T'])
const original = readSignedData(lasting)
const covered = new Set(
  [
    ...original.choices.certificates,
    ...original.choices.revocation,
    ...tokensOf(lasting).flatMap(({ certificates }) => certificates),
  ].map((each) => each.toString('latin1')),
)

function tokensOf(message: Buffer) {
  const values = readSignedData(message).signers[0]!.unsignedAttributes!.values
  return [OID.signatureTimeStampToken, OID.archiveTimestampV3]
    .flatMap((type) => values.get(type) ?? [])
    .map(({ bytes }) => readSignedData(bytes))
}

/** How much of it holds. Whoever is said to have signed or stamped did so, and what is said to be covered was there. */
function judge(message: Uint8Array, given: Buffer | undefined = content): string {
  const { signatures, error } = cadesFacts(message, given)
  if (error) return 'refused'
  const told = signatures.map(({ facts, level }) => {
    const { sound, signer, timestamps } = facts
    assert.ok(!sound || signer?.sha256 === world.person.certificate.sha256)
    const holding = timestamps.filter(({ report }) => report.sound)
    for (const { report, covers } of holding) {
      assert.equal(report.signer?.sha256, world.time.certificate.sha256)
      for (const each of [...covers.certificates, ...covers.crls]) assert.ok(covered.has(each.toString('latin1')))
    }
    return sound ? `${level} ${holding.length}` : 'unsound'
  })
  return told.join()
}

function flip(bytes: Uint8Array, at: number, mask: number): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[at]! ^= mask
  return flipped
}

test('what is fuzzed here passes unharmed', () => {
  assert.equal(judge(bb), 'B-B 0')
  assert.equal(judge(lasting), 'B-LTA 3')
  assert.equal(cadesFacts(framed).signatures[0]?.level, 'B-T')
})

test('no flipped bit of a signature is accepted, but where nothing is signed: version and list of digests of the message', () => {
  const free = freeParts(bb)
  for (let i = 0; i < bb.length; i++)
    for (const mask of LONG ? [0x01, 0x80, 0xff] : [1 << (i % 8)])
      if (judge(flip(bb, i, mask)) === 'B-B 0') assert.ok(isWithin(i, free), `byte ${i}`)
})

test('no flipped bit of what an archive time-stamp covers, or of the token itself, is overlooked', () => {
  // The newest token is covered by none: of it those parts are free too.
  const newest = tokenPlace(lasting)
  const free = [
    ...freeParts(lasting),
    ...freeParts(newest.bytes).map(([a, b]) => [a + newest.start, b + newest.start] as const),
  ]
  for (let i = 0; i < lasting.length; i += LONG ? 1 : 5)
    for (const mask of LONG ? [0x01, 0x02, 0x10, 0x80, 0xff] : [1 << (i % 8)])
      if (judge(flip(lasting, i, mask)) === 'B-LTA 3') assert.ok(isWithin(i, free), `byte ${i}`)
})

type Range = readonly [start: number, end: number]

/** SignedData.version and .digestAlgorithms. */
function freeParts(message: Buffer): Range[] {
  const [version, digests] = readDer(message).children()[1]!.explicit().children() as [DerValue, DerValue]
  return [[version.start, digests.end]]
}

const isWithin = (at: number, ranges: readonly Range[]): boolean => ranges.some(([a, b]) => at >= a && at < b)

function tokenPlace(message: Buffer): { bytes: Buffer; start: number } {
  const tokens = readSignedData(message).signers[0]!.unsignedAttributes!.values.get(OID.archiveTimestampV3)!
  const sizes = tokens.map(({ bytes }) => readSignedData(bytes).signers[0]!.unsignedAttributes!.bytes.length)
  const { bytes } = tokens[sizes.indexOf(Math.max(...sizes))]!
  return { bytes, start: message.indexOf(bytes) }
}

describe('of what an archive time-stamp covers nothing can be taken away', () => {
  const levels = (message: Buffer) => cadesFacts(message, content).signatures[0]!
  for (const [what, part] of [
    ['a certificate', original.certificates[0]!],
    ['a list', original.crls[0]!],
    [
      'the signature’s time-stamp',
      attribute(
        OID.signatureTimeStampToken,
        original.signers[0]!.unsignedAttributes!.values.get(OID.signatureTimeStampToken)![0]!.bytes,
      ),
    ],
  ] as const)
    test(what, () => {
      const { checks, facts } = levels(without(lasting, part))
      assert.ok(checks.some(({ detail, ok }) => !ok && detail === 'it covers what is not there'))
      assert.ok(facts.timestamps.filter(({ kind }) => kind === 'archive').length < 2)
    })

  test('what is added since is there, and not covered', () => {
    const { timestamps } = levels(addValidationData(lasting, world.dataOn(day('2025-08-01')))).facts
    assert.equal(timestamps.filter(({ report }) => report.sound).length, 3)
    for (const { covers } of timestamps) for (const each of covers.crls) assert.ok(covered.has(each.toString('latin1')))
  })
})

/** The message without one of its values, wherever it is. */
function without(message: Buffer, part: Buffer): Buffer {
  const rebuild = (value: DerValue): Buffer => {
    if ((value.tag & 0x20) === 0) return value.bytes
    const kept = value.children().filter(({ bytes }) => !bytes.equals(part))
    const inside = Buffer.concat(kept.map(rebuild))
    return Buffer.concat([Buffer.from([value.tag]), lengthOf(inside.length), inside])
  }
  return rebuild(readDer(message))
}

const lengthOf = (length: number): Buffer =>
  length < 0x80
    ? Buffer.from([length])
    : length < 0x100
      ? Buffer.from([0x81, length])
      : Buffer.from([0x82, length >> 8, length & 0xff])

test('mutated structures end in a report, and cannot grow into anything but an error of their own', () => {
  const random = seededRandom(122)
  for (let i = 0; i < (LONG ? 5000 : 150); i++)
    for (const sample of [bb, lasting]) {
      const mutated = mutateDer(sample, random)
      judge(mutated)
      for (const grow of [
        () => addValidationData(mutated, world.dataOn(day('2025-08-01'))),
        () => prepareArchiveTimestamp(mutated, { digestOf: () => Buffer.alloc(32) }),
      ])
        try {
          grow()
        } catch (error) {
          if (!(error instanceof CmsError)) throw error
        }
    }
})

test('a frame with indefinite lengths: flipped, cut, or with bytes behind it', () => {
  for (let i = 0; i < framed.length; i += LONG ? 1 : 3) {
    for (const mask of LONG ? [0x01, 0x80, 0xff] : [1 << (i % 8)]) judge(flip(framed, i, mask), undefined)
    if (LONG || i % 7 === 0) assert.equal(judge(framed.subarray(0, i), undefined), 'refused')
  }
  assert.equal(judge(Buffer.concat([framed, Buffer.from([0])]), undefined), 'refused')
  assert.equal(judge(Buffer.from('30800609', 'hex'), undefined), 'refused')
})

test('noise is never read', () => {
  const random = seededRandom(2)
  for (let i = 0; i < 2000; i++) {
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)))
    if (noise.length > 2 && i % 2 === 0) noise.set(i % 4 === 0 ? [0x30, 0x80] : [0x30], 0)
    assert.equal(judge(noise), 'refused')
  }
})
