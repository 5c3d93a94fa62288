import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  allLevels,
  openCadesWorld,
  prepareOver,
  signCades,
  stampArchive,
  tokenOver,
} from '#test/support/cades-world.ts'
import { indefinite } from '#test/support/indefinite-frame.ts'
import { day } from '#test/support/pki.ts'
import { timestampOver } from '#test/support/signed-pdf.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { growSignedData } from '#trust/cms/rewrite-signed-data.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { cadesFacts, cadesFactsOfStream, readSignedMessage } from './cades-facts.ts'
import { prepareArchiveTimestamp, signatureImprint } from './grow-signature.ts'
import { completeCades, prepareCades } from './make-signature.ts'

const content = Buffer.from('an official act')
const world = openCadesWorld()

/** One buffer over and over: whoever kept the pieces would see the last one everywhere. */
async function* pieces(count: number) {
  const piece = Buffer.alloc(64 * 1024)
  for (let i = 0; i < count; i++) {
    piece.fill(i % 251)
    yield piece
  }
}

test('a content of 64 MB is hashed piece by piece, once for the signature and its archive time-stamps', async () => {
  const hashes = { sha256: createHash('sha256'), sha512: createHash('sha512') }
  for await (const piece of pieces(1000)) for (const each of Object.values(hashes)) each.update(piece)
  const digests = { sha256: hashes.sha256.digest(), sha512: hashes.sha512.digest() }
  const { certificate, key } = world.person
  const signing = {
    certificate,
    digest: digests.sha512,
    digestAlgorithm: 'sha512',
    signingTime: day('2025-06-01'),
  } as const
  const prepared = prepareCades(signing)
  const message = completeCades(prepared, signWith(key, prepared)(prepared.signedAttributes))
  const digestOf = (hash: string) => digests[hash as 'sha256']
  const archive = prepareArchiveTimestamp(message, { digestOf })
  assert.equal(archive.imprint.length, 32)
  assert.deepEqual([...readSignedMessage(message).hashes], ['sha512'])
  const report = await cadesFactsOfStream(message, pieces(1000))
  assert.equal(report.signatures[0]?.facts.sound, true)
  const shorter = await cadesFactsOfStream(message, pieces(999))
  assert.equal(shorter.signatures[0]?.facts.failure, 'HASH_FAILURE')
  await assert.rejects(cadesFactsOfStream(message, broken()), /the disk/)
})

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1)
  throw new Error('the disk')
}

test('an archive time-stamp by another algorithm is asked of the stream too', async () => {
  const { 'B-LT': lasting } = allLevels(content, world)
  const message = stampArchive(lasting, content, world.time, day('2025-06-03'), { hash: 'sha512' })
  assert.deepEqual([...readSignedMessage(message).hashes], ['sha256', 'sha512'])
  async function* whole() {
    yield content
  }
  assert.equal((await cadesFactsOfStream(message, whole())).signatures[0]?.level, 'B-LTA')
})

test('an authority of time whose certificate is in the message and not in its token', () => {
  const signed = signCades(content, world.person)
  const bare = tokenOver(signatureImprint(signed), world.time, day('2025-06-02'), { chain: null })
  const stamped = growSignedData(signed, {
    unsignedAttributes: { signer: 0, attributes: [attribute(OID.signatureTimeStampToken, bare)] },
  })
  assert.equal(cadesFacts(stamped, content).signatures[0]?.level, 'B-B')
  const known = growSignedData(stamped, { certificates: [world.time.certificate.der] })
  assert.equal(cadesFacts(known, content).signatures[0]?.level, 'B-T')
})

test('too large, before anything is read or copied; larger where the caller says so', () => {
  const large = Buffer.alloc(33 * 1024 * 1024, 1)
  assert.equal(cadesFacts(large).error, 'too-large')
  const message = signCades(large, world.person, { enveloping: true })
  for (const each of [message, indefiniteHead(message)]) assert.equal(cadesFacts(each).error, 'too-large')
  assert.equal(cadesFacts(message, undefined, { maxBytes: 64 * 1024 * 1024 }).signatures[0]?.facts.sound, true)
})

const indefiniteHead = (message: Buffer): Buffer => Buffer.concat([Buffer.from([0x30, 0x80]), message.subarray(5)])

test('more certificates, signers, attributes or values than anybody needs', () => {
  const message = signCades(content, world.person)
  const many = (count: number, make: (i: number) => Buffer): Buffer[] =>
    Array.from({ length: count }, (_, i) => make(i))
  const grown = (attributes: Buffer[]) =>
    cadesFacts(growSignedData(message, { unsignedAttributes: { signer: 0, attributes } }), content)
  const tokens = many(64, (i) => attribute(OID.signatureTimeStampToken, der.integer(i)))
  assert.equal(grown(tokens).signatures[0]?.checks.filter(({ name }) => name === 'time-stamp').length, 64)
  assert.equal(grown([...tokens, ...tokens.slice(0, 1)]).error, 'bad-attributes')
  const twice = many(2, (i) => attribute(OID.signatureTimeStampToken, ...many(40, (j) => der.integer(i * 40 + j))))
  assert.equal(grown(twice).signatures[0]?.checks.at(-1)?.detail, 'there are more time-stamps than are read')
  const values = attribute(OID.signatureTimeStampToken, ...many(65, (i) => der.integer(i)))
  assert.equal(grown([values]).error, 'bad-attributes')
  const certificates = growSignedData(message, { certificates: many(201, (i) => der.sequence(der.integer(i))) })
  assert.equal(cadesFacts(certificates, content).error, 'not-signed-data')
})

test('time-stamps that cover more, all together, than is hashed for them are not read', () => {
  const lists = Array.from({ length: 20 }, (_, i) => der.sequence(der.octets(Buffer.alloc(400_000, i))))
  let message = growSignedData(signCades(content, world.person), { crls: lists })
  for (let i = 0; i < 18; i++) message = stampArchive(message, content, world.time, new Date(Date.UTC(2025, 6, 1, i)))
  const { facts, checks } = cadesFacts(message, content).signatures[0]!
  assert.ok(facts.timestamps.length < 18 && facts.timestamps.length > 10)
  assert.ok(checks.some(({ detail }) => detail === 'the time-stamps cover more than is read'))
})

test('a message that is stamped as a whole does not grow', () => {
  const signed = signCades(content, world.person)
  const frozen = growSignedData(signed, {
    unsignedAttributes: {
      signer: 0,
      attributes: [attribute(OID.archiveTimestampV2, timestampOver(content, world.time))],
    },
  })
  assert.deepEqual(cadesFacts(frozen, content).signatures[0]?.unread, [OID.archiveTimestampV2])
  assert.throws(
    () => prepareArchiveTimestamp(frozen, { digestOf: () => Buffer.alloc(32), data: world.dataOn(day('2025-06-01')) }),
    {
      fault: 'cannot-grow',
    },
  )
})

test('what grows stays as it was, byte for byte, and comes out in DER whatever its frame was', () => {
  const signed = signCades(content, world.person, { enveloping: true })
  const before = readSignedData(signed)
  for (const message of [signed, indefinite(signed)]) {
    const grown = growSignedData(message, { crls: world.dataOn(day('2025-06-01')).crls })
    const after = readSignedData(grown)
    assert.deepEqual(after.signers[0]!.fields, before.signers[0]!.fields)
    assert.deepEqual(after.encapsulated, before.encapsulated)
    assert.ok(before.certificates.every((each) => after.certificates.some((one) => one.equals(each))))
    assert.deepEqual(growSignedData(grown, { crls: world.dataOn(day('2025-06-01')).crls.slice(0, 0) }), grown)
  }
  assert.equal(prepareOver(content, world.person).signedAttributes[0], 0x31)
})

test('an index that names more than a message can have, and evidence without end inside of tokens', () => {
  const names = der.tlv(0x30, Buffer.concat(Array.from({ length: 60_000 }, () => der.octets(Buffer.alloc(2)))))
  const index = der.sequence(der.sequence(der.oid(OID.sha256)), names, der.sequence(), der.sequence())
  const carrier = (attributes: Buffer[], certificates: Buffer[]) =>
    growSignedData(signCades(content, world.time), { certificates, unsignedAttributes: { signer: 0, attributes } })
  const flooded = carrier([attribute(OID.atsHashIndexV3, index)], [])
  const stuffed = carrier(
    [attribute('1.2.3', der.nothing())],
    Array.from({ length: 150 }, (_, i) => der.sequence(der.integer(i))),
  )
  const message = growSignedData(signCades(content, world.person), {
    unsignedAttributes: {
      signer: 0,
      attributes: [
        attribute(OID.archiveTimestampV3, flooded),
        ...Array.from({ length: 30 }, () =>
          der.sequence(der.oid(OID.contentTimestamp), der.tlv(0x31, ...Array.from({ length: 60 }, () => stuffed))),
        ),
      ],
    },
  })
  const { signatures, evidence } = cadesFacts(message, content)
  assert.equal(signatures[0]?.facts.sound, true)
  assert.ok(signatures[0]?.checks.some(({ detail }) => detail === 'it does not say what it covers'))
  assert.ok(evidence.certificates.length < 200_000)
})
