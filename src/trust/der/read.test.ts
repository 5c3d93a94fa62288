import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSetOrder, DerError, type DerFault, firstDerLength, readDer, TAG } from './read.ts'
import * as der from './write.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

const refused: Array<[DerFault, string, string]> = [
  ['truncated', '', 'nothing at all'],
  ['truncated', '30', 'an identifier alone'],
  ['truncated', '3003 0201', 'content that is cut off'],
  ['truncated', '3003 020401', 'a value that reaches beyond the one around it'],
  ['trailing-bytes', '0500 00', 'bytes after the value'],
  ['indefinite-length', '3080 0500 0000', 'a length that is not told'],
  ['indefinite-length', '3002 0000', 'end-of-contents octets'],
  ['length-not-minimal', '308102 0500', 'a short length in long form'],
  ['length-not-minimal', `30820080${'0500'.repeat(64)}`, 'a leading zero in a length'],
  ['too-large', '30850100000000', 'a length of five bytes'],
  ['high-tag', '1f2000', 'a tag of more than one byte'],
  ['wrong-form', '1000', 'a primitive SEQUENCE'],
  ['wrong-form', '2403040161', 'an OCTET STRING in pieces'],
  ['bad-boolean', '010101', 'a TRUE that is not FF'],
  ['bad-boolean', '0100', 'an empty BOOLEAN'],
  ['bad-integer', '0200', 'an empty INTEGER'],
  ['bad-integer', '02020001', 'a needless zero byte'],
  ['bad-integer', '0202ff80', 'a needless FF byte'],
  ['bad-null', '050100', 'a NULL with content'],
  ['bad-oid', '0600', 'an empty OBJECT IDENTIFIER'],
  ['bad-oid', '06022a80', 'a component that does not end'],
  ['bad-oid', '06032a8001', 'a component with a leading zero'],
  ['bad-bit-string', '0300', 'a BIT STRING without its count'],
  ['bad-bit-string', '030208ff', 'eight unused bits'],
  ['bad-bit-string', '030203ff', 'unused bits that are set'],
  ['bad-bit-string', '030101', 'unused bits of nothing'],
]

for (const [code, hex, what] of refused) {
  test(`refuses ${what} (X.690: ${code})`, () => {
    assert.throws(
      () => readDer(bytes(hex)),
      (error) => error instanceof DerError && error.code === code,
    )
  })
}

test('refuses the same faults deep inside', () => {
  for (const [, hex] of refused.filter(([, hex]) => hex !== '')) {
    assert.throws(() => readDer(der.sequence(der.context(3, bytes(hex)))), DerError)
  }
})

test('keeps to its limits of depth, size and number before anything is allocated', () => {
  let nested: Buffer = der.nothing()
  for (let i = 0; i < 32; i++) nested = der.sequence(nested)
  assert.equal(readDer(nested).tag, TAG.sequence)
  const code = (run: () => unknown): unknown => {
    try {
      return run()
    } catch (error) {
      return error instanceof DerError ? error.code : error
    }
  }
  assert.equal(
    code(() => readDer(der.sequence(nested))),
    'too-deep',
  )
  assert.equal(
    code(() => readDer(der.octets(Buffer.alloc(100)), { maxBytes: 50 })),
    'too-large',
  )
  assert.equal(
    code(() => readDer(der.sequence(der.nothing(), der.nothing()), { maxValues: 2 })),
    'too-many-values',
  )
  assert.equal(
    code(() => readDer(bytes('3084ffffffff'))),
    'truncated',
  )
})

test('reads what the writer writes', () => {
  const instant = new Date('2049-12-31T23:59:59Z')
  const written = der.sequence(
    der.integer(-129),
    der.integer(2n ** 70n),
    der.integer(Buffer.from([0, 0, 0x80])),
    der.oid('2.999.4294967296.18446744073709551616'),
    der.utf8('Ñandú 🇲🇽'),
    der.utcTime(instant),
    der.time(new Date('2050-01-01T00:00:00Z')),
    der.bits(Buffer.from([0xf0]), 4),
    der.boolean(true),
    der.context(1, der.octets(Buffer.from('x'))),
    der.contextPrimitive(2, Buffer.from([5])),
  )
  const cursor = readDer(written).sequence()
  assert.equal(cursor.next().smallInteger(), -129)
  assert.equal(cursor.next().bigint(), 2n ** 70n)
  assert.deepEqual(cursor.next().integer(), Buffer.from([0, 0x80]))
  assert.equal(cursor.next().oid(), '2.999.4294967296.18446744073709551616')
  assert.equal(cursor.next().text(), 'Ñandú 🇲🇽')
  assert.equal(cursor.next().time().getTime(), instant.getTime())
  assert.equal(cursor.next().time().toISOString(), '2050-01-01T00:00:00.000Z')
  assert.deepEqual(cursor.next().bits(), { bytes: Buffer.from([0xf0]), unusedBits: 4 })
  assert.equal(cursor.next().boolean(), true)
  assert.deepEqual(cursor.next().explicit().octets(), Buffer.from('x'))
  assert.equal(cursor.next().as(TAG.integer).smallInteger(), 5)
  cursor.done()
})

test('hands out views, not copies', () => {
  const written = der.octets(Buffer.from('abc'))
  assert.equal(readDer(written).octets().buffer, written.buffer)
})

test('reads every kind of string, and Ñ where it does not belong', () => {
  const text = (tag: number, content: Buffer): string => readDer(der.tlv(tag, content)).text()
  assert.equal(text(TAG.printableString, Buffer.from('IAÑL', 'utf8')), 'IAÑL')
  assert.equal(text(TAG.printableString, Buffer.from('IAÑL', 'latin1')), 'IAÑL')
  assert.equal(text(TAG.teletexString, Buffer.from('MÉXICO', 'latin1')), 'MÉXICO')
  assert.equal(text(TAG.ia5String, Buffer.from('a@b.mx')), 'a@b.mx')
  assert.equal(text(TAG.bmpString, Buffer.from('00d10061', 'hex')), 'Ña')
  assert.equal(text(TAG.universalString, Buffer.from('0001f1f2', 'hex')), '\u{1f1f2}')
  for (const [tag, hex] of [
    [TAG.utf8String, 'd1'],
    [TAG.bmpString, '00'],
    [TAG.bmpString, 'd800'],
    [TAG.universalString, '00110000'],
    [TAG.octetString, '61'],
  ] as const)
    assert.throws(() => text(tag, Buffer.from(hex, 'hex')), DerError)
})

test('takes only times that exist, in seconds, in UTC (RFC 5280, 4.1.2.5)', () => {
  const time = (tag: number, text: string): string =>
    readDer(der.tlv(tag, Buffer.from(text)))
      .time()
      .toISOString()
  assert.equal(time(TAG.utcTime, '500101000000Z'), '1950-01-01T00:00:00.000Z')
  assert.equal(time(TAG.utcTime, '491231235959Z'), '2049-12-31T23:59:59.000Z')
  assert.equal(time(TAG.generalizedTime, '20240229120000Z'), '2024-02-29T12:00:00.000Z')
  for (const text of [
    '2402291200Z',
    '240229120000+0000',
    '240230120000Z',
    '240229240000Z',
    '24022912000OZ',
    '241301000000Z',
  ])
    assert.throws(() => time(TAG.utcTime, text), DerError, text)
  for (const text of ['20230229120000Z', '20240229120000', '20240229120000.5Z', '240229120000Z'])
    assert.throws(() => time(TAG.generalizedTime, text), DerError, text)
  const fraction = readDer(der.tlv(TAG.generalizedTime, Buffer.from('20240229120000.25Z'))).time({ fractions: true })
  assert.equal(fraction.toISOString(), '2024-02-29T12:00:00.250Z')
})

test('knows the order of a SET OF, and the length of what is padded', () => {
  const [a, b] = [der.integer(1), der.integer(2)]
  checkSetOrder(readDer(der.set(b, a)))
  assert.throws(() => checkSetOrder(readDer(der.tlv(TAG.set, b, a))), DerError)
  assert.equal(firstDerLength(Buffer.concat([der.octets(Buffer.alloc(200)), Buffer.alloc(50)])), 203)
})
