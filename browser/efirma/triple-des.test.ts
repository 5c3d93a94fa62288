import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTripleDes } from './triple-des.ts'

test('what OpenSSL sealed with DES-EDE3-CBC opens to the same bytes', () => {
  const property = fc.property(
    fc.uint8Array({ minLength: 24, maxLength: 24 }),
    fc.uint8Array({ minLength: 8, maxLength: 8 }),
    fc.uint8Array({ maxLength: 60 }),
    (key, iv, plain) => {
      const cipher = createCipheriv('des-ede3-cbc', key, iv)
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
      assert.deepEqual(Buffer.from(openTripleDes(key, iv, sealed)), Buffer.from(plain))
    },
  )
  fc.assert(property, { seed: 46, numRuns: 60 })
})

test('a wrong key ends where OpenSSL ends: in nothing, or in the same bytes', () => {
  const sealed = randomBytes(64)
  const tryTo = (open: () => Uint8Array) => {
    try {
      return Buffer.from(open())
    } catch {
      return undefined
    }
  }
  for (let i = 0; i < 40; i += 1) {
    const [key, iv] = [randomBytes(24), randomBytes(8)]
    const cipher = createDecipheriv('des-ede3-cbc', key, iv)
    const expected = tryTo(() => Buffer.concat([cipher.update(sealed), cipher.final()]))
    assert.deepEqual(
      tryTo(() => openTripleDes(key, iv, sealed)),
      expected,
    )
  }
})

test('sizes that are not DES-EDE3-CBC are refused', () => {
  for (const [key, iv, sealed] of [
    [16, 8, 8],
    [24, 16, 8],
    [24, 8, 0],
    [24, 8, 9],
  ] as const)
    assert.throws(() => openTripleDes(randomBytes(key), randomBytes(iv), randomBytes(sealed)), RangeError)
})
