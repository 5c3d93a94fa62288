import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authority, basicConstraints, day, extension, type Holder, issue, keyUsage, newKey } from '#test/support/pki.ts'
import { CertificateError } from '#trust/certificate/errors.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import * as der from '#trust/der/write.ts'
import { checkPath, createPathCache, type PathInput, type PathReport } from './check-path.ts'

const at = new Date('2025-06-01T12:00:00Z')
const root = authority({ subject: 'root' })

function check(end: Holder, others: Holder[], input: Partial<PathInput> = {}): PathReport {
  return checkPath({
    certificate: end.certificate,
    trustAnchors: [root.certificate],
    intermediates: others.map(({ certificate }) => certificate),
    at,
    revocation: 'none',
    ...input,
  })
}

const outcome = ({ indication, subIndication, checks }: PathReport): string =>
  indication === 'PASSED' ? indication : `${indication} ${subIndication} ${checks.at(-1)?.name}`

test('a path through several authorities passes, and tells each step', () => {
  const first = authority({ subject: 'first', issuer: root })
  const second = authority({ subject: 'second', issuer: first })
  const end = issue({ subject: 'end', issuer: second })
  const report = check(end, [second, first], { profile: 'strict' })
  assert.equal(outcome(report), 'PASSED')
  assert.deepEqual(
    report.path.map(({ sha256 }) => sha256),
    [root, first, second, end].map(({ certificate }) => certificate.sha256),
  )
  assert.equal(report.anchor?.sha256, root.certificate.sha256)
  assert.ok(report.checks.every(({ ok }) => ok))
})

test('of authorities with one name the key decides (RFC 4158, 3.5.12)', () => {
  const twins = Array.from({ length: 5 }, () => authority({ subject: 'AC UAT', issuer: root, noIdentifiers: true }))
  const end = issue({ subject: 'end', issuer: twins[3]!, noIdentifiers: true })
  assert.equal(outcome(check(end, twins)), 'PASSED')
  assert.equal(check(end, twins).path[1]?.sha256, twins[3]!.certificate.sha256)
  assert.equal(outcome(check(end, twins.toSpliced(3, 1))), 'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND chain')
})

test('another way is found where the first one fails', () => {
  const key = newKey()
  const other = authority({ subject: 'other root' })
  const expired = authority({ subject: 'middle', issuer: root, key, notAfter: day('2021-01-01') })
  const good = authority({ subject: 'middle', issuer: other, key })
  const end = issue({ subject: 'end', issuer: good })
  assert.equal(outcome(check(end, [expired, good], { trustAnchors: [root.certificate, other.certificate] })), 'PASSED')
  assert.equal(outcome(check(end, [expired, good])), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE validity')
})

test('the dates are those of the question, to the second (6.1.3 a 2)', () => {
  const end = issue({ subject: 'end', issuer: root, notBefore: day('2025-01-01'), notAfter: day('2025-12-31') })
  const on = (text: string): string => outcome(check(end, [], { at: new Date(text) }))
  assert.equal(on('2024-12-31T23:59:59Z'), 'FAILED NOT_YET_VALID validity')
  assert.equal(on('2025-01-01T00:00:00Z'), 'PASSED')
  assert.equal(on('2025-12-31T00:00:00Z'), 'PASSED')
  assert.equal(on('2025-12-31T00:00:01Z'), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE validity')
  assert.equal(on('never'), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE validity')
})

test('only an authority may certify, and only as deep as it may (6.1.4 k to n)', () => {
  const under = (middle: Holder, more: Holder[] = []): string =>
    outcome(check(issue({ subject: 'end', issuer: more.at(-1) ?? middle }), [middle, ...more]))
  const refused = 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE authorities'
  assert.equal(under(issue({ subject: 'middle', issuer: root })), refused)
  assert.equal(under(issue({ subject: 'middle', issuer: root, extensions: [basicConstraints(false)] })), refused)
  assert.equal(
    under(issue({ subject: 'middle', issuer: root, extensions: [basicConstraints(true), keyUsage(0)] })),
    refused,
  )
  const short = authority({ subject: 'short', issuer: root, pathLen: 0 })
  assert.equal(under(short), 'PASSED')
  assert.equal(under(short, [authority({ subject: 'below', issuer: short })]), refused)
  const rolled = authority({ subject: 'short', issuer: short })
  assert.equal(under(short, [rolled]), 'PASSED', 'a self-issued authority does not count')
})

test('critical extensions that nobody here understands end the path (6.1.4 o, 6.1.5 f)', () => {
  const unknown = extension('1.3.6.1.4.1.99999.1', der.nothing(), true)
  const refused = 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE critical-extensions'
  assert.equal(outcome(check(issue({ subject: 'end', issuer: root, extensions: [unknown] }), [])), refused)
  const middle = authority({ subject: 'middle', issuer: root, extensions: [unknown] })
  assert.equal(outcome(check(issue({ subject: 'end', issuer: middle }), [middle])), refused)
  const noted = extension('1.3.6.1.4.1.99999.1', der.nothing())
  assert.equal(outcome(check(issue({ subject: 'end', issuer: root, extensions: [noted] }), [])), 'PASSED')
})

test('extensions twice, or in a certificate without them, make it unreadable (4.2)', () => {
  const twice = extension('1.3.6.1.4.1.99999.1', der.nothing())
  assert.throws(() => issue({ subject: 'end', issuer: root, extensions: [twice, twice] }), CertificateError)
  const report = checkPath({ certificate: Buffer.from('3000', 'hex'), trustAnchors: [root.certificate], at })
  assert.equal(outcome(report), 'FAILED FORMAT_FAILURE format')
})

test('a certificate is not its own anchor, and a circle leads nowhere', () => {
  assert.equal(outcome(check(root, [])), 'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND chain')
  const [a, b] = [newKey(), newKey()]
  const first = authority({ subject: 'b', key: b })
  const one = authority({ subject: 'a', key: a, issuer: first })
  const two = authority({ subject: 'b', key: b, issuer: one })
  assert.equal(
    outcome(check(issue({ subject: 'end', issuer: one }), [one, two])),
    'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND chain',
  )
})

test('a thicket of authorities that certify each other is given up, not walked', () => {
  const keys = Array.from({ length: 12 }, newKey)
  const holders = keys.map((key, i) => authority({ subject: `n${i}`, key }))
  const thicket = holders.flatMap((issuer, i) =>
    holders.flatMap((_, j) => (i === j ? [] : [authority({ subject: `n${j}`, key: keys[j]!, issuer })])),
  )
  const report = check(issue({ subject: 'end', issuer: holders[0]! }), thicket)
  assert.equal(outcome(report), 'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND chain')
  assert.match(report.reason, /given up/)
})

test('the path is no longer than asked for', () => {
  const first = authority({ subject: 'first', issuer: root })
  const end = issue({ subject: 'end', issuer: first })
  assert.equal(outcome(check(end, [first], { maxDepth: 1 })), 'PASSED')
  assert.equal(outcome(check(end, [first], { maxDepth: 0 })), 'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND chain')
})

test('a kept cache answers the same, and never lets through what it should not', () => {
  const cache = createPathCache()
  const middle = authority({ subject: 'middle', issuer: root, pathLen: 0, notAfter: day('2026-01-01') })
  for (let i = 0; i < 3; i++) {
    const end = issue({ subject: `end ${i}`, issuer: middle })
    assert.equal(outcome(check(end, [middle], { cache })), 'PASSED')
    assert.equal(
      outcome(check(end, [middle], { cache, at: day('2027-01-01') })),
      'INDETERMINATE OUT_OF_BOUNDS_NO_POE validity',
    )
    assert.equal(
      outcome(check(end, [middle], { cache, policy: { explicitPolicy: true } })),
      'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE policies',
    )
    assert.equal(outcome(check(end, [middle], { cache, revocation: 'require' })), 'INDETERMINATE TRY_LATER revocation')
    const forged = Buffer.from(end.certificate.der)
    forged[forged.length - 1]! ^= 1
    assert.notEqual(check({ ...end, certificate: parseCertificate(forged) }, [middle], { cache }).indication, 'PASSED')
  }
})

test('the strict profile asks of issuers what RFC 5280 asks of them, the lenient and pinned ones do not', () => {
  const bare = issue({ subject: 'end', issuer: root, noIdentifiers: true })
  assert.equal(outcome(check(bare, [])), 'PASSED')
  assert.equal(outcome(check(bare, [], { profile: 'strict' })), 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE profile')
  const pinnedAnchors = new Set([root.certificate.sha256])
  assert.equal(outcome(check(bare, [], { profile: 'strict', pinnedAnchors })), 'PASSED')
})
