import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { authority, day, extension, issue, reason, revocationList } from '#test/support/pki.ts'
import { dataOf, factsOf, stampedBy } from '#test/support/signature-facts.ts'
import { stamper } from '#test/support/signed-pdf.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { noData, type SignatureFacts, type ValidationData } from './facts.ts'
import { type GroundsInput, readGrounds } from './grounds.ts'
import { type SignatureQuestion, validateSignature } from './validate-signature.ts'

const root = authority({ subject: 'root', notAfter: day('2050-01-01') })
const signer = issue({
  subject: 'signer',
  issuer: root,
  notBefore: day('2024-01-01'),
  notAfter: day('2027-01-01'),
})
const tsaExtensions = [extension(OID.extKeyUsage, der.sequence(der.oid(OID.timeStamping)), true)]
const tsaOf = (notBefore: string, notAfter: string, issuer = root) =>
  issue({
    subject: `time ${notBefore}`,
    issuer,
    notBefore: day(notBefore),
    notAfter: day(notAfter),
    extensions: tsaExtensions,
  })
const tsa = tsaOf('2024-01-01', '2029-01-01')

/** A list of the root's, good for a month. */
const list = (from: string, ...revoked: Array<{ serial: Buffer; at?: Date; extensions?: Buffer[] }>): Buffer => {
  const thisUpdate = day(from)
  return revocationList({
    issuer: root,
    thisUpdate,
    nextUpdate: new Date(thisUpdate.getTime() + 31 * 86_400_000),
    revoked,
  })
}
const revoke = (holder: { certificate: { serial: Buffer } }, at: string, code?: number) => ({
  serial: holder.certificate.serial,
  at: day(at),
  ...(code === undefined ? {} : { extensions: [reason(code)] }),
})

function validate(
  facts: SignatureFacts,
  at: string,
  evidence: ValidationData,
  more: Partial<GroundsInput & SignatureQuestion> = {},
) {
  const grounds = readGrounds({ trustAnchors: [root.certificate], evidence, at: day(at), ...more })
  return validateSignature({ facts, ...more }, grounds)
}

const verdict = (...args: Parameters<typeof validate>): string => {
  const { indication, subIndication } = validate(...args)
  return [indication, subIndication].filter(Boolean).join(' ')
}

describe('basic validation (EN 319 102-1, 5.3)', () => {
  const facts = factsOf(signer)
  const fresh = dataOf(list('2026-01-01'))

  test('in force, trusted and with a good status: passed', () => {
    const report = validate(facts, '2026-01-10', fresh)
    assert.equal(report.indication, 'TOTAL-PASSED')
    assert.deepEqual(report.notKnown, [])
    const revocation = report.checks.find(({ name }) => name === 'revocation')
    assert.equal(revocation?.result, 'ok')
    assert.match(revocation?.evidence[0]?.sha256 ?? '', /^[0-9a-f]{64}$/)
    assert.deepEqual(revocation?.evidence[0]?.thisUpdate, day('2026-01-01'))
  })

  test('what the bytes are comes first, whoever signed', () => {
    const failed = (failure: SignatureFacts['failure']) =>
      verdict(factsOf(signer, { sound: false, failure }), '2026-01-10', fresh)
    assert.equal(failed('FORMAT_FAILURE'), 'TOTAL-FAILED FORMAT_FAILURE')
    assert.equal(failed('HASH_FAILURE'), 'TOTAL-FAILED HASH_FAILURE')
    assert.equal(failed('SIG_CRYPTO_FAILURE'), 'TOTAL-FAILED SIG_CRYPTO_FAILURE')
    assert.equal(failed('NO_SIGNING_CERTIFICATE_FOUND'), 'INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND')
    assert.equal(failed('SIG_CONSTRAINTS_FAILURE'), 'INDETERMINATE SIG_CONSTRAINTS_FAILURE')
  })

  test('sound and trusted are two answers', () => {
    const stranger = issue({ subject: 'stranger', issuer: authority({ subject: 'elsewhere' }) })
    const report = validate(factsOf(stranger), '2026-01-10', fresh)
    assert.equal(report.sound, true)
    assert.equal(report.indication, 'INDETERMINATE')
    assert.equal(report.subIndication, 'NO_CERTIFICATE_CHAIN_FOUND')
  })

  test('nobody says, too old, ended, not begun, changed since', () => {
    assert.equal(verdict(facts, '2026-01-10', dataOf()), 'INDETERMINATE TRY_LATER')
    assert.equal(verdict(facts, '2026-06-10', fresh), 'INDETERMINATE TRY_LATER')
    assert.equal(verdict(facts, '2027-01-10', dataOf(list('2026-12-20'))), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE')
    assert.equal(verdict(facts, '2023-01-10', dataOf(list('2023-01-01'))), 'TOTAL-FAILED NOT_YET_VALID')
    assert.equal(
      verdict(facts, '2026-01-10', fresh, { constraintFailure: 'A page was replaced.' }),
      'INDETERMINATE SIG_CONSTRAINTS_FAILURE',
    )
  })

  test('ended, but its authority still vouches for its whole life: known not to be revoked', () => {
    const keeping = revocationList({
      issuer: root,
      thisUpdate: day('2027-01-05'),
      nextUpdate: day('2027-02-05'),
      extensions: [extension(OID.expiredCertsOnCRL, der.generalizedTime(day('2020-01-01')))],
    })
    assert.equal(verdict(facts, '2027-01-10', dataOf(keeping)), 'INDETERMINATE OUT_OF_BOUNDS_NOT_REVOKED')
  })

  test('where a status is only wished for, one that is not known passes and is said; revoked does not, however old the list', () => {
    const lenient = { revocation: 'if-known' as const }
    const report = validate(facts, '2026-01-10', dataOf(), lenient)
    assert.equal(report.indication, 'TOTAL-PASSED')
    assert.deepEqual(report.notKnown, [{ what: 'revocation-of-signer', since: day('2024-01-01') }])
    assert.equal(report.checks.find(({ name }) => name === 'revocation')?.result, 'unknown')
    const old = dataOf(list('2025-01-01', revoke(signer, '2024-12-01')))
    assert.equal(verdict(facts, '2026-01-10', old, lenient), 'INDETERMINATE REVOKED_NO_POE')
  })
})

describe('with time (5.5)', () => {
  const revokedIn2026 = list('2026-06-10', revoke(signer, '2026-06-01', 1))

  test('a revoked signer is saved by a proof of existence before the revocation, and by nothing else', () => {
    const stampedAt = (time: string, by = tsa) =>
      verdict(factsOf(signer, { timestamps: [stampedBy(by, day(time))] }), '2026-06-20', dataOf(revokedIn2026))
    assert.equal(verdict(factsOf(signer), '2026-06-20', dataOf(revokedIn2026)), 'INDETERMINATE REVOKED_NO_POE')
    assert.equal(stampedAt('2026-05-01'), 'TOTAL-PASSED')
    assert.equal(stampedAt('2026-06-01'), 'INDETERMINATE REVOKED_NO_POE')
    assert.equal(stampedAt('2026-06-05'), 'INDETERMINATE REVOKED_NO_POE')
    assert.equal(stampedAt('2026-05-01', stamper()), 'INDETERMINATE REVOKED_NO_POE', 'of nobody')
    const elsewhere = stamper(authority({ subject: 'elsewhere' }))
    assert.equal(stampedAt('2026-05-01', elsewhere), 'INDETERMINATE REVOKED_NO_POE', 'of an authority of nobody')
  })

  test('the date that the signer claims proves nothing, an older one least', () => {
    const claims = (claimedTime: string) =>
      verdict(factsOf(signer, { claimedTime: day(claimedTime) }), '2026-06-20', dataOf(revokedIn2026))
    assert.equal(claims('2024-02-01'), 'INDETERMINATE REVOKED_NO_POE')
    assert.equal(claims('2026-06-15'), 'TOTAL-FAILED REVOKED')
    const ended = factsOf(signer, { claimedTime: day('2026-01-01') })
    assert.equal(verdict(ended, '2027-02-01', dataOf(list('2027-01-20'))), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  test('the authority’s suspicion reaches back to when the key was lost', () => {
    const invalidity = extension(OID.invalidityDate, der.generalizedTime(day('2026-04-01')))
    const backdated = list('2026-06-10', {
      serial: signer.certificate.serial,
      at: day('2026-06-01'),
      extensions: [invalidity],
    })
    const facts = factsOf(signer, { timestamps: [stampedBy(tsa, day('2026-05-01'))] })
    assert.equal(verdict(facts, '2026-06-20', dataOf(backdated)), 'INDETERMINATE REVOKED_NO_POE')
  })

  test('after the signer’s end a time-stamp within its life proves the time; one after it does not', () => {
    const [then, now] = [list('2026-12-20'), list('2027-01-20')]
    const at = (time: string) => factsOf(signer, { timestamps: [stampedBy(tsa, day(time))] })
    const passed = validate(at('2026-12-24'), '2027-02-01', dataOf(then, now))
    assert.equal(passed.indication, 'TOTAL-PASSED')
    assert.deepEqual(passed.bestSignatureTime, day('2026-12-24'))
    assert.equal(passed.proofs[0]?.by, 'time-stamp')
    assert.equal(verdict(at('2027-01-15'), '2027-02-01', dataOf(then, now)), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  test('a signature that is older than its certificate', () => {
    const early = factsOf(signer, { timestamps: [stampedBy(tsaOf('2022-01-01', '2029-01-01'), day('2023-05-01'))] })
    assert.equal(verdict(early, '2026-01-10', dataOf(list('2026-01-01'))), 'TOTAL-FAILED NOT_YET_VALID')
  })

  test('a time-stamp’s date is not believed before its authority’s certificate, nor in the time to come', () => {
    const at = (time: string) =>
      validate(factsOf(signer, { timestamps: [stampedBy(tsa, day(time))] }), '2026-01-10', dataOf(list('2026-01-01')))
    const early = at('2023-01-01')
    assert.equal(early.timestamps[0]?.subIndication, 'NOT_YET_VALID')
    assert.deepEqual(early.bestSignatureTime, day('2026-01-10'))
    const late = at('2026-03-01')
    assert.equal(late.timestamps[0]?.subIndication, 'TIMESTAMP_ORDER_FAILURE')
    assert.deepEqual(late.proofs, [])
  })

  test('a time-stamp authority that lost its key proves nothing, not even earlier; one that ended in order does', () => {
    const facts = factsOf(signer, { timestamps: [stampedBy(tsa, day('2026-05-01'))] })
    const ended = (code?: number) =>
      verdict(
        facts,
        '2026-06-20',
        dataOf(list('2026-06-10', revoke(signer, '2026-06-01'), revoke(tsa, '2026-06-05', code))),
      )
    assert.equal(ended(1), 'INDETERMINATE REVOKED_NO_POE', 'keyCompromise')
    assert.equal(ended(), 'INDETERMINATE REVOKED_NO_POE', 'no reason given')
    assert.equal(ended(4), 'TOTAL-PASSED', 'superseded')
    assert.equal(ended(5), 'TOTAL-PASSED', 'cessationOfOperation')
    const after = factsOf(signer, { timestamps: [stampedBy(tsa, day('2026-06-07'))] })
    const evidence = dataOf(list('2026-06-10', revoke(signer, '2026-06-09'), revoke(tsa, '2026-06-05', 4)))
    assert.equal(verdict(after, '2026-06-20', evidence), 'INDETERMINATE REVOKED_NO_POE', 'stamped after its end')
  })

  test('the log’s checkpoint proves existence like a time-stamp, where the caller says so', () => {
    const existence = { time: day('2026-05-01'), by: 'log' as const }
    const report = validate(factsOf(signer), '2026-06-20', dataOf(revokedIn2026), { existence })
    assert.equal(report.indication, 'TOTAL-PASSED')
    assert.equal(report.proofs[0]?.by, 'log')
  })

  test('an algorithm counts by its date', () => {
    const algorithms = [{ hash: 'sha256' as const, until: day('2026-03-01') }]
    const of = (timestamps: SignatureFacts['timestamps']) =>
      verdict(factsOf(signer, { digest: 'sha256', timestamps }), '2026-06-20', dataOf(list('2026-06-10')), {
        algorithms,
      })
    assert.equal(of([]), 'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
    const by512 = (at: string, covers?: ValidationData) => stampedBy(tsa, day(at), covers, 'sha512')
    assert.equal(of([by512('2026-02-01')]), 'TOTAL-PASSED')
    assert.equal(of([by512('2026-04-01')]), 'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
    // A time-stamp made with what ended too proves only what a later one proves for it, made in time and with something better.
    const old = stampedBy(tsa, day('2026-02-01'))
    assert.equal(of([old]), 'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
    assert.equal(of([old, by512('2026-02-20', noData())]), 'TOTAL-PASSED')
    assert.equal(of([old, by512('2026-03-20', noData())]), 'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
  })
})

describe('with archival data (5.6)', () => {
  const second = tsaOf('2028-01-01', '2033-01-01')
  const third = tsaOf('2032-01-01', '2037-01-01')
  const [e2026, e2028, e2032] = [list('2026-05-02'), list('2028-06-01'), list('2032-06-01')]
  const chain = [
    stampedBy(tsa, day('2026-05-01')),
    stampedBy(tsa, day('2026-05-03'), dataOf(e2026)),
    stampedBy(second, day('2028-06-02'), dataOf(e2026, e2028)),
    stampedBy(third, day('2032-06-02'), dataOf(e2026, e2028, e2032)),
  ]
  const all = dataOf(e2026, e2028, e2032)
  const archived = factsOf(signer, { timestamps: chain })

  test('in 2036, all signers ended and nobody to ask: each time-stamp is vouched for by the next, the last by what it carries', () => {
    const own = dataOf(...all.crls, list('2032-06-03'))
    const report = validate(archived, '2036-01-01', own)
    assert.equal(report.indication, 'TOTAL-PASSED', JSON.stringify(report.timestamps, null, 1))
    assert.deepEqual(report.bestSignatureTime, day('2026-05-01'))
    assert.deepEqual(
      report.timestamps.map(({ indication }) => indication),
      ['PASSED', 'PASSED', 'PASSED', 'PASSED'],
    )
    assert.deepEqual(report.timestamps[0]?.existedAt, day('2026-05-03'))
    assert.deepEqual(report.notKnown, [{ what: 'revocation-of-time-stamp-authority', since: day('2032-06-03') }])
    const used = report.checks.find(({ name }) => name === 'revocation')?.evidence ?? []
    assert.deepEqual(used[0]?.existedAt, day('2026-05-03'))
  })

  test('when the last time-stamp’s certificate has ended too, nothing holds any more', () => {
    const report = validate(archived, '2037-06-01', all)
    assert.equal(report.indication, 'INDETERMINATE')
    assert.equal(report.timestamps.at(-1)?.subIndication, 'OUT_OF_BOUNDS_NO_POE')
    assert.deepEqual(report.bestSignatureTime, day('2037-06-01'))
  })

  test('a link that is missing breaks what is below it', () => {
    const without = factsOf(signer, { timestamps: chain.filter((_, i) => i !== 2) })
    assert.equal(verdict(without, '2036-01-01', all), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  test('two trusted time-stamps that contradict each other', () => {
    const swapped = factsOf(signer, {
      timestamps: [stampedBy(tsa, day('2026-05-20')), stampedBy(tsa, day('2026-05-03'), dataOf(e2026))],
    })
    assert.equal(verdict(swapped, '2026-05-25', dataOf(e2026)), 'INDETERMINATE TIMESTAMP_ORDER_FAILURE')
  })

  test('a time-stamp authority that lost its key: what a later time-stamp proves older still holds', () => {
    const lost = list('2028-06-01', revoke(tsa, '2027-01-01', 1))
    const covered = factsOf(signer, { timestamps: chain.slice(0, 3) })
    const revokedLater = list('2028-07-01', revoke(tsa, '2028-06-20', 1))
    assert.equal(verdict(covered, '2028-07-10', dataOf(e2026, e2028, revokedLater)), 'TOTAL-PASSED')
    assert.equal(verdict(covered, '2028-06-10', dataOf(e2026, lost)), 'INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })
})

describe('evidence has to be proven itself', () => {
  const middle = authority({ subject: 'middle', issuer: root, notAfter: day('2028-01-01') })
  const person = issue({ subject: 'person', issuer: middle, notBefore: day('2024-01-01'), notAfter: day('2027-01-01') })
  const lateTsa = tsaOf('2024-01-01', '2033-01-01')
  const ofMiddle = (...revoked: Array<{ serial: Buffer; at: Date }>) =>
    revocationList({ issuer: middle, thisUpdate: day('2026-05-02'), nextUpdate: day('2026-06-02'), revoked })
  const ofRoot = list('2026-05-02')
  const fresh = list('2029-01-01')
  const intermediates = [middle.certificate]
  const factsWith = (covers: ValidationData) =>
    factsOf(person, {
      timestamps: [stampedBy(lateTsa, day('2026-05-03')), stampedBy(lateTsa, day('2026-05-04'), covers)],
    })

  test('covered by an archive time-stamp it counts after its authority’s end', () => {
    const own = ofMiddle()
    const covered = factsWith(dataOf(own, ofRoot))
    assert.equal(verdict(covered, '2029-01-10', dataOf(own, ofRoot, fresh), { intermediates }), 'TOTAL-PASSED')
  })

  test('not covered it does not: whoever has the old key may have made it since', () => {
    const own = ofMiddle()
    const uncovered = factsWith(dataOf(ofRoot))
    assert.equal(
      verdict(uncovered, '2029-01-10', dataOf(own, ofRoot, fresh), { intermediates }),
      'INDETERMINATE NO_POE',
    )
  })

  test('evidence that says to be newer than the time-stamp that covers it is not believed', () => {
    const ahead = revocationList({ issuer: middle, thisUpdate: day('2026-05-20'), nextUpdate: day('2026-06-20') })
    const facts = factsWith(dataOf(ahead, ofRoot))
    assert.equal(verdict(facts, '2029-01-10', dataOf(ahead, ofRoot, fresh), { intermediates }), 'INDETERMINATE NO_POE')
  })

  test('of two that contradict each other the one that says revoked is believed', () => {
    const [good, bad] = [ofMiddle(), ofMiddle({ serial: person.certificate.serial, at: day('2026-04-01') })]
    for (const both of [
      [good, bad],
      [bad, good],
    ]) {
      const facts = factsWith(dataOf(...both, ofRoot))
      assert.equal(
        verdict(facts, '2029-01-10', dataOf(...both, ofRoot, fresh), { intermediates }),
        'INDETERMINATE REVOKED_NO_POE',
      )
    }
  })

  test('a revoked authority takes with it what is not proven older', () => {
    const own = ofMiddle()
    const gone = list('2026-07-01', revoke(middle, '2026-06-20', 2))
    const stamped = factsWith(dataOf(own, ofRoot))
    const all = dataOf(own, ofRoot, gone)
    assert.equal(verdict(stamped, '2026-07-10', all, { intermediates }), 'TOTAL-PASSED')
    assert.equal(verdict(factsOf(person), '2026-07-10', all, { intermediates }), 'INDETERMINATE REVOKED_CA_NO_POE')
    const late = factsOf(person, { timestamps: [stampedBy(lateTsa, day('2026-06-25'))] })
    assert.equal(verdict(late, '2026-07-10', all, { intermediates }), 'INDETERMINATE REVOKED_CA_NO_POE')
  })

  test('a list that a revoked authority signed after its loss is not believed, whatever date it bears', () => {
    const gone = list('2026-07-01', revoke(middle, '2026-05-10', 2))
    const facts = factsOf(person, { timestamps: [stampedBy(lateTsa, day('2026-05-03'))] })
    const answer = verdict(facts, '2026-07-10', dataOf(ofMiddle(), ofRoot, gone), { intermediates })
    assert.equal(answer, 'INDETERMINATE NO_POE')
  })
})
