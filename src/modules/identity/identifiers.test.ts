import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCurp } from './curp.ts'
import { readRfc } from './rfc.ts'

test('RFC: people and companies, with Ñ and &', () => {
  for (const [rfc, kind] of [
    ['GODE561231GR8', 'person'],
    ['EKU9003173C9', 'company'],
    ['H&E951128469', 'company'],
    ['OÑO120726RX3', 'company'],
  ] as const) {
    assert.deepEqual(readRfc(rfc), { rfc, kind, digit: 'right', generic: false })
  }
  assert.equal(readRfc(' gode-561231-gr8 ')?.rfc, 'GODE561231GR8')
})

test('RFC: a wrong digit is a question, also for those the authority assigned so', () => {
  for (const rfc of ['AAA010101AAA', 'DAA020218JY1', 'EDG811007RB3', 'LME060822IH5'])
    assert.equal(readRfc(rfc)?.digit, 'questioned', rfc)
})

test('RFC: a wrong shape or an impossible date is none; the generic ones are nobody’s', () => {
  for (const text of ['', 'GODE561331GR8', 'GODE560230GR8', 'GO561231GR8', 'GODE561231GR8X', 'GODE561231GRB'])
    assert.equal(readRfc(text), undefined, text)
  assert.equal(readRfc('XAXX010101000')?.generic, true)
  assert.equal(readRfc('XEXX010101000')?.generic, true)
})

test('CURP: key, day of birth with its century, state', () => {
  assert.deepEqual(readCurp('CACX760510MGTSHC04'), {
    curp: 'CACX760510MGTSHC04',
    bornOn: '1976-05-10',
    sex: 'M',
    state: 'GT',
    digit: 'right',
  })
  assert.equal(readCurp('xoji740919mqtdmn02')?.digit, 'right')
  assert.equal(readCurp('HEGT761003MDFRNN09')?.digit, 'questioned', 'in a real test certificate')
})

test('CURP: unknown state, impossible day, wrong shape are none', () => {
  for (const text of ['CACX760510MZZSHC04', 'CACX760230MGTSHC04', 'CACX760510QGTSHC04', 'CACX760510MGTSHC0', ''])
    assert.equal(readCurp(text), undefined, text)
  assert.equal(readCurp('CACX000229MGTSHCA4')?.bornOn, '2000-02-29')
  assert.equal(readCurp('CACX000229MGTSHC04'), undefined, '1900 had no 29 February')
})

test('a changed character of the RFC or CURP changes the verdict, but for the homoglyphs of the sum', () => {
  const digits = fc.integer({ min: 4, max: 9 })
  const property = fc.property(digits, fc.integer({ min: 0, max: 9 }), (at, digit) => {
    const rfc = 'GODE561231GR8'
    const changed = rfc.slice(0, at) + digit + rfc.slice(at + 1)
    const reading = readRfc(changed)
    if (changed !== rfc && reading) assert.equal(reading.digit, 'questioned')
  })
  fc.assert(property, { seed: 2, numRuns: 200 })
})

test('anything at all is read or not, never a fault', () => {
  const property = fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
    assert.ok(readRfc(text) === undefined || readRfc(readRfc(text)!.rfc)?.rfc === readRfc(text)!.rfc)
    assert.ok(readCurp(text) === undefined || readCurp(text)!.curp.length === 18)
  })
  fc.assert(property, { seed: 11, numRuns: 2000 })
})
