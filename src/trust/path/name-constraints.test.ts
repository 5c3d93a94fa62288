import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, extension, type Holder, issue, nameDer } from '#test/support/pki.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { checkPath } from './check-path.ts'

const at = new Date('2025-06-01T12:00:00Z')
const email = (text: string): Buffer => der.contextPrimitive(1, Buffer.from(text))
const dns = (text: string): Buffer => der.contextPrimitive(2, Buffer.from(text))
const uri = (text: string): Buffer => der.contextPrimitive(6, Buffer.from(text))
const ip = (hex: string): Buffer => der.contextPrimitive(7, Buffer.from(hex, 'hex'))
const directory = (...names: string[]): Buffer => der.context(4, nameDer(...names))
const registered = (): Buffer => der.contextPrimitive(8, der.oid('1.2.3').subarray(2))

function constraints(permitted: Buffer[], excluded: Buffer[] = []): Buffer {
  const trees = (number: number, bases: Buffer[]): Buffer[] =>
    bases.length > 0 ? [der.context(number, ...bases.map((each) => der.sequence(each)))] : []
  return extension(OID.nameConstraints, der.sequence(...trees(0, permitted), ...trees(1, excluded)), true)
}

const root = authority({ subject: 'root' })

function passes(limits: Buffer, names: Buffer[], subject = 'end'): boolean {
  const middle = authority({ subject: 'middle', issuer: root, extensions: [limits] })
  return passesUnder(middle, [middle], names, subject)
}

function passesUnder(issuer: Holder, authorities: Holder[], names: Buffer[], subject = 'end'): boolean {
  const extensions = names.length > 0 ? [extension(OID.subjectAltName, der.sequence(...names))] : []
  const end = issue({ subject, subjectDer: nameDer('org', subject), issuer, extensions })
  const report = checkPath({
    certificate: end.certificate,
    trustAnchors: [root.certificate],
    intermediates: authorities.map(({ certificate }) => certificate),
    at,
    revocation: 'none',
  })
  if (report.indication !== 'PASSED') assert.equal(report.checks.at(-1)?.name, 'name-constraints')
  return report.indication === 'PASSED'
}

const cases: Array<[string, boolean, Buffer, Buffer]> = [
  ['host itself', true, dns('gob.mx'), dns('GOB.mx')],
  ['host below', true, dns('gob.mx'), dns('www.sat.gob.mx')],
  ['host that only ends alike', false, dns('gob.mx'), dns('malgob.mx')],
  ['host beside', false, dns('gob.mx'), dns('com.mx')],
  ['mailbox itself', true, email('a@gob.mx'), email('a@GOB.mx')],
  ['another mailbox', false, email('a@gob.mx'), email('b@gob.mx')],
  ['mailbox with other capitals', false, email('a@gob.mx'), email('A@gob.mx')],
  ['mailbox of the host', true, email('gob.mx'), email('b@gob.mx')],
  ['mailbox below the host', false, email('gob.mx'), email('b@sat.gob.mx')],
  ['mailbox below the domain', true, email('.gob.mx'), email('b@sat.gob.mx')],
  ['mailbox without a host', false, email('.gob.mx'), email('gob.mx')],
  ['address of the host', true, uri('gob.mx'), uri('https://u@gob.mx:8443/a?b')],
  ['address below the domain', true, uri('.gob.mx'), uri('https://sat.gob.mx')],
  ['address elsewhere with the host in its path', false, uri('.gob.mx'), uri('https://x.mx/.gob.mx')],
  ['address elsewhere with the host as its user', false, uri('gob.mx'), uri('https://gob.mx@x.mx/')],
  ['address without a host name', false, uri('gob.mx'), uri('urn:gob.mx')],
  ['IPv4 within', true, ip('c0000200ffffff00'), ip('c0000263')],
  ['IPv4 without', false, ip('c0000200ffffff00'), ip('c0000363')],
  ['IPv6 against IPv4', false, ip('0000000000000000'), ip('00'.repeat(16))],
  ['directory below', true, directory('org'), directory('ORG', 'x')],
  ['directory elsewhere', false, directory('org'), directory('x', 'org')],
]

for (const [what, inside, base, name] of cases) {
  test(`RFC 5280, 4.2.1.10: ${what} is ${inside ? 'permitted' : 'not permitted'}`, () => {
    assert.equal(passes(constraints([base]), [name]), inside)
  })
}

test('what is excluded stays excluded, also where it is permitted, and where it cannot be compared', () => {
  assert.equal(passes(constraints([dns('mx')], [dns('gob.mx')]), [dns('sat.gob.mx')]), false)
  assert.equal(passes(constraints([], [dns('gob.mx')]), [dns('com.mx')]), true)
  assert.equal(passes(constraints([], [dns('sat.gob.mx')]), [dns('*.gob.mx')]), false)
  assert.equal(passes(constraints([], [dns('gob.mx')]), [dns('sat.gob.mx.')]), false)
  assert.equal(passes(constraints([], [uri('gob.mx')]), [uri('urn:x')]), false)
  assert.equal(passes(constraints([], [registered()]), [registered()]), false)
  assert.equal(passes(constraints([registered()]), [registered()]), false)
})

test('the subject counts as a directory name, and its e-mail as one (4.2.1.10)', () => {
  assert.equal(passes(constraints([directory('org')]), []), true)
  assert.equal(passes(constraints([directory('other')]), []), false)
  assert.equal(passes(constraints([dns('gob.mx')]), []), true, 'a kind that the certificate does not have')
})

test('an authority below narrows and never widens', () => {
  const first = authority({ subject: 'first', issuer: root, extensions: [constraints([dns('gob.mx')])] })
  const second = authority({ subject: 'second', issuer: first, extensions: [constraints([dns('mx')])] })
  assert.equal(passesUnder(second, [first, second], [dns('x.mx')]), false)
  assert.equal(passesUnder(second, [first, second], [dns('x.gob.mx')]), true)
})

test('an authority under the constraints keeps to them too, one that only renews its key need not (6.1.3 b)', () => {
  const first = authority({ subject: 'first', issuer: root, extensions: [constraints([directory('org')])] })
  const outside = authority({ subject: 'second', issuer: first })
  const inside = authority({ subject: 'org', issuer: first })
  const renewed = authority({ subject: 'first', issuer: first })
  assert.equal(passesUnder(outside, [first, outside], []), false)
  assert.equal(passesUnder(inside, [first, inside], []), true)
  assert.equal(passesUnder(renewed, [first, renewed], []), true)
})

test('constraints that mean nothing make the authority unreadable', () => {
  for (const base of [dns('.gob.mx'), dns('*.gob.mx'), ip('c0000200'), ip('c0000200ff00ff00')])
    assert.throws(() => authority({ subject: 'middle', issuer: root, extensions: [constraints([base])] }))
  assert.throws(() => authority({ subject: 'middle', issuer: root, extensions: [constraints([])] }))
})

test('thousands of names against thousands of constraints are refused, not compared', () => {
  const many = Array.from({ length: 2000 }, (_, i) => dns(`a${i}.mx`))
  assert.equal(
    passes(
      constraints(
        [dns('mx')],
        many.map((_, i) => dns(`b${i}.mx`)),
      ),
      many,
    ),
    false,
  )
})

test('parsing keeps an address of an odd size out (4.2.1.6)', () => {
  const end = (name: Buffer) =>
    issue({ subject: 'x', issuer: root, extensions: [extension(OID.subjectAltName, der.sequence(name))] })
  assert.throws(() => end(ip('0102030405060708')))
  assert.equal(parseCertificate(end(ip('01020304')).certificate.der).subjectAltNames?.length, 1)
})

const mailbox8 = (text: string): Buffer => der.context(0, der.oid(OID.smtpUtf8Mailbox), der.context(0, der.utf8(text)))

test('a name that can be read in two ways is neither permitted nor safe from exclusion', () => {
  const odd: Array<[Buffer, Buffer]> = [
    [dns('gob.mx'), dns('sat..gob.mx')],
    [dns('gob.mx'), dns('.gob.mx')],
    [dns('gob.mx'), dns('sat gob.mx')],
    [dns('gob.mx'), dns('s*.gob.mx')],
    [dns('gob.mx'), dns('*.*.gob.mx')],
    [dns('gob.mx'), dns(`${'a'.repeat(64)}.gob.mx`)],
    [dns('gob.mx'), dns('')],
    [email('gob.mx'), email('gob.mx')],
    [email('gob.mx'), email('a@gob.mx ')],
    [email('gob.mx'), email('a@x.mx@')],
    [email('gob.mx'), email('@gob.mx')],
    [uri('gob.mx'), uri('https://x.mx\\@gob.mx/')],
    [uri('gob.mx'), uri('https://x.mx\\.gob.mx/')],
    [uri('gob.mx'), uri('https://a@b@gob.mx/')],
    [uri('gob.mx'), uri('https://[2001:db8::1]/')],
    [uri('gob.mx'), uri('https://192.0.2.1/')],
    [uri('gob.mx'), uri('mailto:a@gob.mx')],
    [uri('gob.mx'), uri('//gob.mx/')],
  ]
  for (const [base, name] of odd) {
    assert.equal(passes(constraints([base]), [name]), false, `permitted: ${name}`)
    assert.equal(passes(constraints([], [base]), [name]), false, `excluded: ${name}`)
  }
})

test('a wildcard is within what is permitted only where all that it stands for is', () => {
  assert.equal(passes(constraints([dns('gob.mx')]), [dns('*.gob.mx')]), true)
  assert.equal(passes(constraints([dns('gob.mx')]), [dns('*.sat.gob.mx')]), true)
  assert.equal(passes(constraints([dns('sat.gob.mx')]), [dns('*.gob.mx')]), false)
  assert.equal(passes(constraints([], [dns('x.sat.gob.mx')]), [dns('*.gob.mx')]), false)
  assert.equal(passes(constraints([], [dns('com.mx')]), [dns('*.gob.mx')]), true)
})

test('the empty constraint holds every name of its kind, and no other kind', () => {
  for (const [base, name] of [
    [dns(''), dns('gob.mx')],
    [email(''), email('a@gob.mx')],
    [uri(''), uri('https://gob.mx/')],
    [ip('0000000000000000'), ip('c0000201')],
  ] as Array<[Buffer, Buffer]>) {
    assert.equal(passes(constraints([base]), [name]), true)
    assert.equal(passes(constraints([], [base]), [name]), false)
    assert.equal(passes(constraints([], [base]), [directory('org')]), true)
  }
})

test('every kind of name is held against the constraints, each name of a certificate too', () => {
  assert.equal(passes(constraints([dns('gob.mx')]), [dns('a.gob.mx'), dns('b.com.mx')]), false)
  assert.equal(passes(constraints([dns('gob.mx'), dns('com.mx')]), [dns('a.gob.mx'), dns('b.com.mx')]), true)
  assert.equal(passes(constraints([dns('gob.mx')], [ip('0000000000000000')]), [dns('a.gob.mx'), ip('c0000201')]), false)
  assert.equal(
    passes(constraints([directory('org')]), [directory('other')]),
    false,
    'a directory name that is no subject',
  )
  assert.equal(passes(constraints([], [directory('ORG ')]), []), false, 'the subject, by the rules of RFC 5280, 7.1')
})

test('an internationalised mailbox keeps to the constraints on e-mail (RFC 9598, 6)', () => {
  assert.equal(passes(constraints([email('gob.mx')]), [mailbox8('muñoz@gob.mx')]), true)
  assert.equal(passes(constraints([email('gob.mx')]), [mailbox8('muñoz@com.mx')]), false)
  assert.equal(passes(constraints([], [email('gob.mx')]), [mailbox8('muñoz@gob.mx')]), false)
})

test('the e-mail address in the subject counts, whatever string it is written as (4.2.1.10)', () => {
  const withMail = (value: Buffer): boolean => {
    const middle = authority({ subject: 'middle', issuer: root, extensions: [constraints([], [email('gob.mx')])] })
    const end = issue({
      subject: 'end',
      subjectDer: der.sequence(der.set(der.sequence(der.oid(OID.emailAddress), value))),
      issuer: middle,
    })
    const { indication } = checkPath({
      certificate: end.certificate,
      trustAnchors: [root.certificate],
      intermediates: [middle.certificate],
      at,
      revocation: 'none',
    })
    return indication === 'PASSED'
  }
  assert.equal(withMail(der.ia5('a@gob.mx')), false)
  assert.equal(withMail(der.utf8('a@gob.mx')), false)
  assert.equal(withMail(der.octets(Buffer.from('a@gob.mx'))), false, 'one that cannot be read')
  assert.equal(withMail(der.ia5('a@com.mx')), true)
})
