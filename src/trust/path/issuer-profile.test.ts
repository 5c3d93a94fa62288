import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  authority,
  basicConstraints,
  day,
  extension,
  type Holder,
  issue,
  keyIdOf,
  keyUsage,
  nameDer,
  SIGN_CERTIFICATES,
  signed,
} from '#test/support/pki.ts'
import { CertificateError } from '#trust/certificate/errors.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { readDer } from '#trust/der/read.ts'
import * as der from '#trust/der/write.ts'
import { checkPath } from './check-path.ts'

const at = day('2025-06-01')
const root = authority({ subject: 'root' })
const middle = authority({ subject: 'middle', issuer: root })

/** What the strict and the lenient profile say: `PASSED`, or the check that failed. */
function judge(
  end: Holder,
  { anchor = root, others = [middle] }: { anchor?: Holder; others?: Holder[] } = {},
): string[] {
  return (['strict', 'lenient'] as const).map((profile) => {
    const report = checkPath({
      certificate: end.certificate,
      trustAnchors: [anchor.certificate],
      intermediates: others.map(({ certificate }) => certificate),
      at,
      revocation: 'none',
      profile,
    })
    return report.indication === 'PASSED' ? 'PASSED' : report.checks.at(-1)!.name
  })
}

const STRICT_ONLY = ['profile', 'PASSED']
const BOTH = ['PASSED', 'PASSED']
const never = (check: string) => [check, check]

/** The same certificate with its parts changed, signed again. */
function rewrite({ certificate, key }: Holder, by: Holder, change: (fields: Buffer[]) => Buffer[]): Holder {
  const fields = readDer(certificate.tbs)
    .children()
    .map(({ bytes }) => Buffer.from(bytes))
  return { certificate: parseCertificate(signed(der.sequence(...change(fields)), by.key)), key }
}

const end = (...extensions: Buffer[]): Holder => issue({ subject: 'end', issuer: middle, extensions })
const names = (critical: boolean, ...all: Buffer[]): Buffer =>
  extension(OID.subjectAltName, der.sequence(...all), critical)
const dns = (text: string): Buffer => der.contextPrimitive(2, Buffer.from(text))
const email = (text: string): Buffer => der.contextPrimitive(1, Buffer.from(text))
const uri = (text: string): Buffer => der.contextPrimitive(6, Buffer.from(text))
const ski = (key: Holder['key'], critical = false) =>
  extension(OID.subjectKeyIdentifier, der.octets(keyIdOf(key)), critical)
const aki = (key: Holder['key'], critical = false) =>
  extension(OID.authorityKeyIdentifier, der.sequence(der.contextPrimitive(0, keyIdOf(key))), critical)

test('serials are positive and have at most 20 bytes (4.1.2.2)', () => {
  const withSerial = (hex: string) =>
    rewrite(end(), middle, ([version, , ...rest]) => [version!, der.tlv(2, Buffer.from(hex, 'hex')), ...rest])
  assert.deepEqual(judge(withSerial('01')), BOTH)
  assert.deepEqual(judge(withSerial('7f'.repeat(20))), BOTH)
  for (const hex of ['00', 'ff', '80', '7f'.repeat(21), `00${'ff'.repeat(20)}`])
    assert.deepEqual(judge(withSerial(hex)), STRICT_ONLY, hex)
})

test('dates are UTCTime until 2049 and GeneralizedTime after, and in order (4.1.2.5)', () => {
  const withDates = (...dates: Buffer[]) =>
    rewrite(end(), middle, (fields) => fields.map((each, i) => (i === 4 ? der.sequence(...dates) : each)))
  assert.deepEqual(judge(withDates(der.utcTime(day('2020-01-01')), der.generalizedTime(day('2050-01-01')))), BOTH)
  assert.deepEqual(
    judge(withDates(der.generalizedTime(day('2020-01-01')), der.utcTime(day('2049-01-01')))),
    STRICT_ONLY,
  )
  assert.deepEqual(
    judge(withDates(der.utcTime(day('2020-01-01')), der.generalizedTime(day('2049-12-31')))),
    STRICT_ONLY,
  )
  const twisted = withDates(der.utcTime(day('2026-01-01')), der.utcTime(day('2025-01-01')))
  assert.deepEqual(judge(twisted), ['profile', 'validity'])
})

test('key identifiers are there and not critical (4.2.1.1, 4.2.1.2)', () => {
  const own = (extensions: (key: Holder['key']) => Buffer[], ca = false) => {
    const { key } = end()
    const more = ca ? [basicConstraints(true), keyUsage(SIGN_CERTIFICATES)] : []
    const issuer = ca ? root : middle
    return issue({ subject: 'own', key, issuer, noIdentifiers: true, extensions: [...extensions(key), ...more] })
  }
  assert.deepEqual(judge(own((key) => [ski(key), aki(middle.key)])), BOTH)
  assert.deepEqual(judge(own(() => [aki(middle.key)])), BOTH, 'an end needs none of its own')
  assert.deepEqual(judge(own((key) => [ski(key)])), STRICT_ONLY)
  assert.deepEqual(judge(own((key) => [ski(key, true), aki(middle.key)])), never('critical-extensions'))
  assert.deepEqual(judge(own((key) => [ski(key), aki(middle.key, true)])), never('critical-extensions'))
  const under = (ca: Holder) => judge(issue({ subject: 'end', issuer: ca }), { others: [ca] })
  assert.deepEqual(under(own((key) => [ski(key), aki(root.key)], true)), BOTH)
  assert.deepEqual(under(own(() => [aki(root.key)], true)), STRICT_ONLY)
  assert.deepEqual(under(own((key) => [ski(key)], true)), STRICT_ONLY)
})

test('an authority says what it is: basic constraints critical, key usage, a name; an anchor too (4.2.1.3, 4.2.1.9)', () => {
  const plain = extension(OID.basicConstraints, der.sequence(der.boolean(true)))
  const usage = keyUsage(SIGN_CERTIFICATES)
  const chain = (extensions: Buffer[], subjectDer?: Buffer) => {
    const ca = issue({ subject: 'ca', issuer: root, extensions, ...(subjectDer && { subjectDer }) })
    const anchor = issue({ subject: 'ca', extensions, ...(subjectDer && { subjectDer }) })
    return [
      judge(issue({ subject: 'end', issuer: ca }), { others: [ca] }),
      judge(issue({ subject: 'end', issuer: anchor }), { anchor, others: [] }),
    ]
  }
  assert.deepEqual(chain([basicConstraints(true), usage]), [BOTH, BOTH])
  assert.deepEqual(chain([plain, usage]), [STRICT_ONLY, STRICT_ONLY])
  assert.deepEqual(chain([basicConstraints(true)]), [STRICT_ONLY, STRICT_ONLY])
  for (const extensions of [[usage], [basicConstraints(false), usage], [basicConstraints(true), keyUsage(0)]])
    for (const [strict, lenient] of chain(extensions))
      assert.deepEqual([strict === 'PASSED', lenient], [false, 'authorities'])
  assert.equal(chain([basicConstraints(true), usage], der.sequence())[0]![0], 'profile', 'without a name')
})

test('an end neither certifies nor constrains, and is somebody (4.2.1.3, 4.2.1.6, 4.2.1.10)', () => {
  assert.deepEqual(judge(end(keyUsage(SIGN_CERTIFICATES))), STRICT_ONLY)
  const constraint = der.sequence(der.context(0, der.sequence(dns('mx'))))
  for (const critical of [true, false])
    assert.deepEqual(judge(end(extension(OID.nameConstraints, constraint, critical))), STRICT_ONLY)
  const nameless = (...extensions: Buffer[]) =>
    issue({ subject: '', subjectDer: der.sequence(), issuer: middle, extensions })
  assert.deepEqual(judge(nameless()), STRICT_ONLY)
  assert.deepEqual(judge(nameless(names(false, dns('gob.mx')))), STRICT_ONLY)
  assert.deepEqual(judge(nameless(names(true, dns('gob.mx')))), BOTH)
  assert.deepEqual(judge(end(names(true, dns('gob.mx')))), BOTH)
})

test('alternative names are of their kind (4.2.1.6)', () => {
  for (const name of [
    dns('gob.mx'),
    dns('_a.gob.mx'),
    dns('*.gob.mx'),
    email('a@gob.mx'),
    uri('urn:x:y'),
    uri('https://gob.mx'),
  ])
    assert.deepEqual(judge(end(names(false, name))), BOTH)
  for (const name of [
    dns(''),
    dns(' '),
    dns('.gob.mx'),
    dns('a..mx'),
    email('gob.mx'),
    email('a@b@c'),
    uri('/x'),
    uri('x:'),
    der.context(4, nameDer()),
  ])
    assert.deepEqual(judge(end(names(false, name))), STRICT_ONLY)
})

test('constraints are critical, whoever has them (4.2.1.10, 4.2.1.11, 4.2.1.14)', () => {
  const [tree, policy, any] = [
    der.sequence(der.context(0, der.sequence(dns('mx')))),
    der.sequence(der.contextPrimitive(1, Buffer.from([0]))),
    der.integer(3),
  ]
  for (const [oid, value] of [
    [OID.nameConstraints, tree],
    [OID.policyConstraints, policy],
    [OID.inhibitAnyPolicy, any],
  ] as Array<[string, Buffer]>) {
    const ca = (critical: boolean) =>
      authority({ subject: 'ca', issuer: root, extensions: [extension(oid, value, critical)] })
    const under = (holder: Holder) => judge(issue({ subject: 'end', issuer: holder }), { others: [holder] })
    assert.deepEqual([under(ca(true)), under(ca(false))], [BOTH, STRICT_ONLY])
  }
})

test('what is nonsense is not read at all (4.2)', () => {
  const nonsense = [
    extension(OID.extKeyUsage, der.sequence()),
    extension(OID.subjectAltName, der.sequence()),
    extension(OID.certificatePolicies, der.sequence()),
    extension(OID.policyConstraints, der.sequence(), true),
    extension(OID.keyUsage, der.bits(Buffer.from([0]), 7), true),
    extension(OID.authorityInfoAccess, der.sequence()),
    extension(OID.cRLDistributionPoints, der.sequence()),
    extension(OID.inhibitAnyPolicy, der.integer(-1), true),
    extension(OID.basicConstraints, der.sequence(der.boolean(true), der.integer(-1)), true),
    extension(OID.basicConstraints, Buffer.concat([der.sequence(), Buffer.from([0])]), true),
  ]
  for (const each of nonsense) assert.throws(() => end(each), CertificateError, each.toString('hex'))
})
