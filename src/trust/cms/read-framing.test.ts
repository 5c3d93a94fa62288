import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { makeSigners, signContent } from '#test/support/cms-signers.ts'
import { indefinite } from '#test/support/indefinite-frame.ts'
import { stamper, timestampOver } from '#test/support/signed-pdf.ts'
import { cadesFacts } from '#trust/cades/cades-facts.ts'
import { readDer } from '#trust/der/read.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { CmsError } from './errors.ts'
import { readFraming } from './read-framing.ts'
import { readSignedData } from './read-signed-data.ts'
import { writeSignedData } from './write-signed-data.ts'

const content = Buffer.from('what is signed while it is read')
const { 'ECDSA P-256 with SHA-256': signer } = makeSigners()
const message = writeSignedData({ signers: [signContent(signer!, content)], content })
const framed = indefinite(message)

/** A value with an indefinite length, from one with a definite length of one or two bytes more. */
function soften(bytes: Buffer): Buffer {
  const head = bytes[1]! < 0x80 ? 2 : 2 + (bytes[1]! & 0x7f)
  return Buffer.concat([Buffer.from([bytes[0]!, 0x80]), bytes.subarray(head), Buffer.from([0, 0])])
}

const replaced = (bytes: Buffer, part: Buffer, by: Buffer): Buffer => {
  const at = bytes.indexOf(part)
  assert.ok(at >= 0)
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + part.length)])
}

const refused = (bytes: Buffer): void => assert.throws(() => readSignedData(readFraming(bytes)), { fault: 'not-der' })

describe('a frame with indefinite lengths', () => {
  test('is read as the same message, byte for byte, and only there', () => {
    assert.deepEqual(Buffer.from(readFraming(framed)), message)
    assert.equal(readFraming(message), message)
    assert.equal(cadesFacts(framed).signatures[0]?.facts.sound, true)
    assert.throws(() => readSignedData(framed), CmsError)
  })

  test('in a hundred pieces, in one, in none', () => {
    for (const pieces of [100, 1])
      assert.deepEqual(readSignedData(readFraming(indefinite(message, pieces))).content, content)
    const detached = writeSignedData({ signers: [signContent(signer!, content)] })
    assert.equal(cadesFacts(indefinite(detached), content).signatures[0]?.facts.sound, true)
  })

  test('does not reach what is signed, compared or hashed', () => {
    const { signers, certificates } = readSignedData(message)
    const attributes = Buffer.concat([Buffer.from([0xa0]), signers[0]!.signedAttributes!.bytes.subarray(1)])
    const set = readDer(message).children()[1]!.explicit().children().at(-1)!
    for (const part of [attributes, certificates[0]!, set.children()[0]!.bytes, set.bytes])
      refused(replaced(framed, part, soften(part)))
  })

  test('has no pieces inside of pieces, and none where the lengths are definite', () => {
    const pieces = framed.subarray(framed.indexOf(Buffer.from([0x24, 0x80])))
    const whole = pieces.subarray(0, pieces.indexOf(Buffer.from([0, 0])) + 2)
    refused(replaced(framed, whole, Buffer.concat([Buffer.from([0x24, 0x80]), whole, Buffer.from([0, 0])])))
    refused(replaced(framed, whole, Buffer.concat([Buffer.from([0x24, 0x80, 0x30, 0x00]), Buffer.from([0, 0])])))
    const octets = Buffer.concat([Buffer.from([0x04, content.length]), content])
    refused(replaced(message, octets, Buffer.concat([Buffer.from([0x24, content.length]), content])))
  })

  test('ends where it must: cut, with bytes behind it, or nothing but frames', () => {
    for (let length = 2; length < framed.length; length += 3) refused(framed.subarray(0, length))
    refused(Buffer.concat([framed, Buffer.from([0])]))
    refused(Buffer.concat([framed, framed]))
    refused(Buffer.from('3080'.repeat(50_000), 'hex'))
    refused(Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from('a080', 'hex'))))
  })

  test('is no time-stamp token', () => {
    const token = timestampOver(content, stamper())
    const digestOf = (hash: string) => createHash(hash).update(content).digest()
    assert.equal(verifyToken(token, digestOf).timestamp?.sound, true)
    assert.equal(verifyToken(indefinite(token), digestOf).timestamp, undefined)
  })
})
