import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CmsSigner, makeSigners, signContent } from '#test/support/cms-signers.ts'
import { stamper, timestampOver } from '#test/support/signed-pdf.ts'
import { attribute } from '#trust/cms/signed-attributes.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { cadesFacts, cadesFactsOfStream } from './cades-facts.ts'

const content = Buffer.from('the whole file of a case')
const signers = makeSigners()

for (const [name, signer] of Object.entries(signers))
  test(`${name}: detached, and with its content`, () => {
    const parts = signContent(signer, content, { signingTime: new Date('2025-06-01T10:00:00Z') })
    for (const report of [
      cadesFacts(writeSignedData({ signers: [parts] }), content),
      cadesFacts(writeSignedData({ signers: [parts], content })),
    ]) {
      const [signature] = report.signatures
      assert.equal(signature?.facts.sound, true)
      assert.equal(signature.level, 'B-B')
      assert.deepEqual(signature.facts.claimedTime, new Date('2025-06-01T10:00:00Z'))
      assert.equal(signature.facts.signer?.sha256, signer.certificate.sha256)
    }
  })

test('several signers, each with a time-stamp of its own; the content is a stream', async () => {
  const time = stamper()
  const stamped = Object.values(signers).map((each: CmsSigner) => {
    const parts = signContent(each, content)
    const token = timestampOver(Buffer.from(parts.signature), time)
    return { ...parts, unsignedAttributes: [attribute(OID.signatureTimeStampToken, token)] }
  })
  async function* pieces() {
    for (const byte of content) yield Buffer.from([byte])
  }
  const { signatures, error } = await cadesFactsOfStream(writeSignedData({ signers: stamped }), pieces())
  assert.equal(error, undefined)
  assert.deepEqual(
    signatures.map(({ level }) => level),
    stamped.map(() => 'B-T'),
  )
})

test('what is signed has to be there, once, and the same', () => {
  const [signer] = Object.values(signers) as [CmsSigner]
  const parts = signContent(signer, content)
  const failure = (message: Buffer, given?: Buffer) => cadesFacts(message, given).signatures[0]?.facts.failure
  assert.equal(failure(writeSignedData({ signers: [parts] })), 'SIGNED_DATA_NOT_FOUND')
  assert.equal(failure(writeSignedData({ signers: [parts], content }), content), 'SIGNED_DATA_NOT_FOUND')
  assert.equal(failure(writeSignedData({ signers: [parts] }), Buffer.from('another')), 'HASH_FAILURE')
})

test('what is no message is said to be none', () => {
  assert.deepEqual(cadesFacts(Buffer.from('hello')).signatures, [])
  assert.equal(cadesFacts(Buffer.from('hello')).error, 'not-der')
})
