import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newFolio, parseFolio } from './folio.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

test('a folio is read with or without dashes, in either case, O for 0 and I or L for 1', () => {
  for (let round = 0; round < 300; round += 1) {
    const folio = newFolio(2026)
    assert.match(folio, /^26-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/)
    assert.equal(parseFolio(folio), folio)
    assert.equal(parseFolio(folio.toLowerCase().replaceAll('-', ' ')), folio)
    assert.equal(parseFolio(folio.replaceAll('-', '').replaceAll('0', 'o').replaceAll('1', 'l')), folio)
  }
})

test('every single error and every swap of neighbours is caught', () => {
  for (let round = 0; round < 100; round += 1) {
    const plain = newFolio(2026).replaceAll('-', '')
    for (let i = 0; i < plain.length; i += 1) {
      for (const wrong of alphabet) {
        if (wrong !== plain[i]) assert.equal(parseFolio(plain.slice(0, i) + wrong + plain.slice(i + 1)), undefined)
      }
      const swapped = plain.slice(0, i) + (plain[i + 1] ?? '') + plain[i] + plain.slice(i + 2)
      if (swapped !== plain) assert.equal(parseFolio(swapped), undefined)
    }
  }
})

test('anything at all ends in a folio or in nothing, and a folio is read back as itself', () => {
  const property = fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9A-Za-z -]{10,16}$/)), (text) => {
    const folio = parseFolio(text)
    if (folio !== undefined) assert.equal(parseFolio(folio), folio)
  })
  fc.assert(property, { seed: 5, numRuns: 2000 })
})

test('it tells nothing about how many cases there are: no two alike, no order', () => {
  const folios = Array.from({ length: 2000 }, () => newFolio(2026))
  assert.equal(new Set(folios).size, folios.length)
  assert.notDeepEqual([...folios].sort(), folios)
})
