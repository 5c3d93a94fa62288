import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute } from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import { readDer, TAG } from '#trust/der/read.ts'
import * as der from '#trust/der/write.ts'
import { attributeValue, attributeValues, parseName, sameName } from './name.ts'

const name = (...values: Buffer[]) =>
  parseName(readDer(der.sequence(...values.map((each) => attribute(OID.commonName, each)))))
const same = (a: Buffer, b: Buffer): boolean => sameName(name(a), name(b))

test('names are equal whatever their string type, capitals and blanks (RFC 5280, 7.1)', () => {
  assert.ok(same(der.printable('Banco de Mexico'), der.utf8('BANCO  DE mexico ')))
  assert.ok(same(der.utf8('Administración'), der.tlv(TAG.teletexString, Buffer.from('ADMINISTRACIÓN', 'latin1'))))
  assert.ok(same(der.utf8('A\u0301vila'), der.utf8('ávila')), 'composed or not')
  assert.ok(same(der.utf8('a\u00a0b'), der.utf8('a b')))
  assert.ok(same(der.utf8('Straße'), der.utf8('STRASSE')), 'folded, not made small')
  assert.ok(same(der.utf8('ΟΔΟΣ'), der.utf8('οδος')))
  assert.ok(same(der.utf8('a\u00adb'), der.utf8('ab')), 'a soft hyphen is nothing')
})

test('names that differ stay different', () => {
  assert.ok(!same(der.utf8('Nunez'), der.utf8('Nuñez')))
  assert.ok(!same(der.utf8('a b'), der.utf8('ab')))
  assert.ok(!sameName(name(der.utf8('a'), der.utf8('b')), name(der.utf8('b'), der.utf8('a'))), 'order counts')
  assert.ok(!sameName(name(der.utf8('a')), name(der.utf8('a'), der.utf8('b'))))
})

test('no text passes for a separator, nor for another type', () => {
  assert.ok(!sameName(name(der.utf8('a"\n2.5.4.3="b')), name(der.utf8('a'), der.utf8('b'))))
  const bits = der.bits(Buffer.from([1]))
  assert.ok(!same(bits, der.utf8(`#${bits.toString('hex')}`)))
})

test('the order inside one relative name does not count', () => {
  const [a, b] = [OID.commonName, OID.serialNumber].map((oid) => der.sequence(der.oid(oid), der.utf8('x')))
  const rdn = (...items: Buffer[]) => parseName(readDer(der.sequence(der.tlv(TAG.set, ...items))))
  assert.ok(sameName(rdn(a!, b!), rdn(b!, a!)))
})

test('values are given by kind, strings as text and others as their bytes', () => {
  const parsed = name(der.utf8('uno'), der.utf8('dos'), der.bits(Buffer.from([1])))
  assert.equal(attributeValue(parsed, OID.commonName), 'uno')
  assert.deepEqual(attributeValues(parsed, OID.commonName), ['uno', 'dos', '#03020001'])
  assert.equal(attributeValue(parsed, OID.serialNumber), undefined)
})
