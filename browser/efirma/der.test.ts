import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDer, readItems, readNumber, readWhole, SEQUENCE, writeDer } from './der.ts'

test('any bytes are read as DER or refused, and what is read is written the same', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, offset) => {
    try {
      const { tag, content, whole } = readDer(bytes, offset)
      assert.deepEqual(Uint8Array.from(writeDer(tag, content)), Uint8Array.from(whole))
      readItems({ content })
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error))
    }
  })
  fc.assert(property, { seed: 3, numRuns: 2000 })
})

test('what is written is read again, of any length', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535]) {
    const content = new Uint8Array(length).fill(7)
    assert.deepEqual(readWhole(writeDer(4, content), 4).content, content)
  }
})

for (const [why, hex] of Object.entries({
  'an indefinite length': '308000000000',
  'a length longer than needed': '30810100',
  'a length with a leading zero': '3082000100',
  'a length past the end': '300401',
  'a length of four bytes': '308400000001aa',
  'a tag of several bytes': '3f810100',
  'half a head': '30',
}))
  test(`${why} is not DER`, () => {
    assert.throws(() => readWhole(Buffer.from(hex, 'hex'), Number.parseInt(hex.slice(0, 2), 16)), RangeError)
  })

test('bytes after the one value, or another tag, are refused', () => {
  assert.throws(() => readWhole(Buffer.from('300000', 'hex'), SEQUENCE), RangeError)
  assert.throws(() => readWhole(Buffer.from('3100', 'hex'), SEQUENCE), RangeError)
})

test('numbers: small, not negative, in their shortest form', () => {
  const number = (hex: string) => readNumber(readDer(Buffer.from(hex, 'hex')))
  assert.equal(number('02020800'), 2048)
  assert.equal(number('02020080'), 128)
  for (const hex of ['0200', '0201ff', '0202007f', '02050100000000', '040101'])
    assert.throws(() => number(hex), RangeError, hex)
})
