import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  authority,
  day,
  extension,
  type Holder,
  issue,
  keyUsage,
  type ListOptions,
  nameDer,
  newKey,
  reason,
  revocationList,
  SIGN_LISTS,
} from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { checkPath, createPathCache, type PathInput } from '#trust/path/check-path.ts'
import { checkRevocation } from './check-revocation.ts'
import { parseCrl } from './parse-crl.ts'

const at = day('2025-06-01')
const root = authority({ subject: 'root' })
const issuer = authority({ subject: 'issuer', issuer: root })
const rootList = revocationList({ issuer: root })

/** `PASSED`, or why not, in the terms of ETSI EN 319 102-1. */
function outcome(end: Holder, crls: Buffer[], input: Partial<PathInput> = {}, others: Holder[] = []): string {
  const report = checkPath({
    certificate: end.certificate,
    trustAnchors: [root.certificate],
    intermediates: [issuer, ...others].map(({ certificate }) => certificate),
    crls: [rootList, ...crls],
    at,
    ...input,
  })
  return report.subIndication ?? report.indication
}

const end = issue({ subject: 'end', issuer })
const { serial } = end.certificate
const list = (options: Partial<ListOptions> = {}): Buffer => revocationList({ issuer, ...options })

const directory = (...names: string[]): Buffer => der.context(4, nameDer(...names))
const fullName = (...names: Buffer[]): Buffer => der.context(0, der.context(0, ...names))
const flag = (number: number): Buffer => der.contextPrimitive(number, Buffer.from([0xff]))
const idp = (...parts: Buffer[]): Buffer => extension(OID.issuingDistributionPoint, der.sequence(...parts), true)
const point = (...parts: Buffer[]): Buffer => extension(OID.cRLDistributionPoints, der.sequence(der.sequence(...parts)))
const delta = (base: number): Buffer => extension(OID.deltaCRLIndicator, der.integer(base), true)
/** ReasonFlags by the numbers of its bits. */
const reasonFlags = (tag: number, ...numbers: number[]): Buffer => {
  const bits = numbers.reduce((sum, each) => sum | (0x8000 >> each), 0)
  return der.contextPrimitive(tag, Buffer.from([7, bits >> 8, bits & 0xff]))
}

test('a current list is needed for each certificate under the anchor, or for the last (RFC 5280, 6.3)', () => {
  assert.equal(outcome(end, [list()]), 'PASSED')
  assert.equal(outcome(end, []), 'TRY_LATER')
  assert.equal(outcome(end, [list()], { crls: [list()] }), 'TRY_LATER', "the authority's own status is not known")
  assert.equal(outcome(end, [], { crls: [list()], revocation: 'require-leaf' }), 'PASSED')
  assert.equal(outcome(end, [], { crls: [], revocation: 'none' }), 'PASSED')
})

test('whoever is listed is revoked, the last or an authority', () => {
  assert.equal(outcome(end, [list({ revoked: [{ serial }] })]), 'REVOKED')
  assert.equal(outcome(end, [list({ revoked: [{ serial: Buffer.from([0x7f]) }] })]), 'PASSED')
  const revokedIssuer = revocationList({ issuer: root, revoked: [{ serial: issuer.certificate.serial }] })
  assert.equal(outcome(end, [list()], { crls: [revokedIssuer, list()] }), 'REVOKED_CA_NO_POE')
})

test('a serial is found among thousands, whatever their order', () => {
  const serials = Array.from({ length: 3000 }, (_, i) =>
    Buffer.from([1, (i * 7919) & 0xff, ((i * 104729) >> 8) & 0xff, i >> 4, i & 0xff]),
  )
  const crl = parseCrl(list({ revoked: serials.map((each) => ({ serial: each, extensions: [reason(1)] })) }))
  assert.equal(crl.entries.count, 3000)
  for (const each of serials) assert.equal(crl.entries.find(each, issuer.certificate.subject)?.reason, 'keyCompromise')
  assert.equal(crl.entries.find(Buffer.from([2, 0, 0, 0, 0]), issuer.certificate.subject), undefined)
  assert.equal(crl.entries.find(serials[5]!, root.certificate.subject), undefined)
})

test('lists that are stale, early, unsigned or strange prove nothing, and never that all is well', () => {
  const unknown = extension('1.3.6.1.4.1.99999.1', der.nothing(), true)
  assert.equal(outcome(end, [list({ nextUpdate: day('2025-05-31') })]), 'TRY_LATER')
  assert.equal(outcome(end, [list({ nextUpdate: null })]), 'TRY_LATER')
  assert.equal(outcome(end, [list({ thisUpdate: day('2025-06-02') })]), 'TRY_LATER')
  assert.equal(outcome(end, [list({ extensions: [unknown] })]), 'TRY_LATER')
  assert.equal(outcome(end, [list({ revoked: [{ serial: Buffer.from([1]), extensions: [unknown] }] })]), 'TRY_LATER')
  const stranger = authority({ subject: 'issuer' })
  assert.equal(outcome(end, [revocationList({ issuer: stranger })]), 'TRY_LATER')
  assert.equal(outcome(end, [revocationList({ issuer: stranger })], {}, [stranger]), 'TRY_LATER')
  assert.equal(outcome(end, [list().subarray(1)]), 'TRY_LATER')
})

test('an authority that may not sign lists signs none (6.3.3 f)', () => {
  const mute = issue({
    subject: 'mute',
    issuer: root,
    extensions: [extension(OID.basicConstraints, der.sequence(der.boolean(true)), true), keyUsage(5)],
  })
  const under = issue({ subject: 'end', issuer: mute })
  assert.equal(outcome(under, [revocationList({ issuer: mute })], {}, [mute]), 'TRY_LATER')
})

test('a key of its own for lists is certified by the same anchor, says so, and is not revoked itself', () => {
  const signer = issue({ subject: 'issuer', issuer: root, extensions: [keyUsage(SIGN_LISTS)] })
  const crl = revocationList({ issuer: signer })
  assert.equal(outcome(end, [crl], {}, [signer]), 'PASSED')
  assert.equal(outcome(end, [crl]), 'TRY_LATER')
  const other = authority({ subject: 'other root' })
  const foreign = issue({ subject: 'issuer', issuer: other, key: signer.key, extensions: [keyUsage(SIGN_LISTS)] })
  const lists = [rootList, revocationList({ issuer: other }), crl]
  const trustAnchors = [root.certificate, other.certificate]
  assert.equal(outcome(end, [], { crls: lists, trustAnchors }, [foreign]), 'TRY_LATER', 'of another anchor')
  const silent = issue({ subject: 'issuer', issuer: root, key: signer.key })
  assert.equal(outcome(end, [crl], {}, [silent]), 'TRY_LATER')
  const revoked = revocationList({ issuer: root, revoked: [{ serial: signer.certificate.serial }] })
  assert.equal(outcome(end, [crl], { crls: [revoked, crl] }, [signer]), 'TRY_LATER')
  const own = issue({ subject: 'issuer', issuer, extensions: [keyUsage(SIGN_LISTS)] })
  assert.equal(outcome(end, [revocationList({ issuer: own })], {}, [own]), 'TRY_LATER', 'it may not vouch for itself')
})

test('the scope of a list is kept (6.3.3 b 2)', () => {
  assert.equal(outcome(end, [list({ extensions: [idp(flag(1))] })]), 'PASSED')
  assert.equal(outcome(end, [list({ extensions: [idp(flag(2))] })]), 'TRY_LATER')
  assert.equal(outcome(end, [list({ extensions: [idp(flag(5))] })]), 'TRY_LATER')
  assert.equal(
    outcome(end, [list()], { crls: [list(), revocationList({ issuer: root, extensions: [idp(flag(1))] })] }),
    'TRY_LATER',
  )
  assert.throws(() => parseCrl(list({ extensions: [idp(flag(1), flag(2))] })))
})

test('a list for one distribution point speaks for the certificates that name it', () => {
  const [here, there] = [fullName(directory('here')), fullName(directory('there'))]
  const pointed = issue({ subject: 'end', issuer, extensions: [point(here)] })
  assert.equal(outcome(pointed, [list({ extensions: [idp(here)] })]), 'PASSED')
  assert.equal(outcome(pointed, [list({ extensions: [idp(there)] })]), 'TRY_LATER')
  assert.equal(outcome(pointed, [list()]), 'PASSED')
  assert.equal(outcome(end, [list({ extensions: [idp(here)] })]), 'TRY_LATER')
  const relative = der.context(0, der.context(1, der.sequence(der.oid(OID.commonName), der.utf8('part'))))
  const whole = fullName(directory('issuer', 'part'))
  const byPart = issue({ subject: 'end', issuer, extensions: [point(relative)] })
  assert.equal(outcome(byPart, [list({ extensions: [idp(whole)] })]), 'PASSED')
  assert.equal(outcome(byPart, [list({ extensions: [idp(relative)] })]), 'PASSED')
  assert.equal(outcome(byPart, [list({ extensions: [idp(here)] })]), 'TRY_LATER')
})

test('lists split by reason must together cover every reason (6.3.3 d)', () => {
  const some = list({ extensions: [idp(reasonFlags(3, 1, 2, 3, 4))] })
  const rest = (revoked: ListOptions['revoked'] = []): Buffer =>
    list({ extensions: [idp(reasonFlags(3, 5, 6, 7, 8))], revoked })
  assert.equal(outcome(end, [some]), 'TRY_LATER')
  assert.equal(outcome(end, [some, rest()]), 'PASSED')
  assert.equal(outcome(end, [some, rest([{ serial, extensions: [reason(5)] }])]), 'REVOKED')
})

test('a delta adds to its base, takes holds back, and is nothing without it (5.2.4)', () => {
  const base = list({ number: 5, revoked: [{ serial, extensions: [reason(6)] }] })
  const clean = list({ number: 5 })
  const freed = list({ number: 6, extensions: [delta(5)], revoked: [{ serial, extensions: [reason(8)] }] })
  const added = list({ number: 6, extensions: [delta(5)], revoked: [{ serial }] })
  assert.equal(outcome(end, [base]), 'REVOKED')
  assert.equal(outcome(end, [base, freed]), 'PASSED')
  assert.equal(outcome(end, [clean, added]), 'REVOKED')
  assert.equal(outcome(end, [freed]), 'TRY_LATER')
  const apart = list({ number: 9, extensions: [delta(8)], revoked: [{ serial, extensions: [reason(8)] }] })
  assert.equal(outcome(end, [base, apart]), 'REVOKED', 'a delta on a later base does not join on')
  const forged = revocationList({
    issuer: { ...issuer, key: newKey() },
    number: 6,
    extensions: [delta(5)],
    revoked: [{ serial, extensions: [reason(8)] }],
  })
  assert.equal(outcome(end, [base, forged]), 'REVOKED')
})

test('an indirect list speaks for the issuers that its entries name (5.3.3)', () => {
  const lister = issue({ subject: 'lister', issuer: root, extensions: [keyUsage(SIGN_LISTS)] })
  const pointed = issue({ subject: 'end', issuer, extensions: [point(der.context(2, directory('lister')))] })
  const of = (name: string): Buffer => extension(OID.certificateIssuer, der.sequence(directory(name)), true)
  const indirect = (revoked: ListOptions['revoked']): Buffer =>
    revocationList({ issuer: lister, extensions: [idp(flag(4))], revoked })
  const mine = pointed.certificate.serial
  assert.equal(outcome(pointed, [indirect([])], {}, [lister]), 'PASSED')
  assert.equal(outcome(pointed, [indirect([{ serial: mine, extensions: [of('issuer')] }])], {}, [lister]), 'REVOKED')
  assert.equal(outcome(pointed, [indirect([{ serial: mine, extensions: [of('other')] }])], {}, [lister]), 'PASSED')
  assert.equal(
    outcome(pointed, [indirect([{ serial: mine }])], {}, [lister]),
    'PASSED',
    "the entry is the lister's own",
  )
  const carried = [{ serial: Buffer.from([99]), extensions: [of('issuer')] }, { serial: mine }]
  assert.equal(
    outcome(pointed, [indirect(carried)], {}, [lister]),
    'REVOKED',
    'the issuer named holds for the entries after it',
  )
  const direct = revocationList({ issuer: lister })
  assert.equal(outcome(pointed, [direct], {}, [lister]), 'TRY_LATER', 'the list does not say that it is indirect')
})

test('a lister that its authority has told to speak for itself does, and only then', () => {
  const itself = point(der.context(2, directory('lister')))
  const lister = (extensions: Buffer[]): Holder =>
    issue({ subject: 'lister', issuer, extensions: [keyUsage(SIGN_LISTS), ...extensions] })
  const pointed = issue({ subject: 'end', issuer, extensions: [itself] })
  const by = (holder: Holder, revoked: ListOptions['revoked'] = []): string =>
    outcome(pointed, [revocationList({ issuer: holder, extensions: [idp(flag(4))], revoked })], {}, [holder])
  assert.equal(by(lister([itself])), 'PASSED')
  assert.equal(by(lister([])), 'TRY_LATER')
  const revoked = lister([itself])
  const entry = {
    serial: revoked.certificate.serial,
    extensions: [extension(OID.certificateIssuer, der.sequence(directory('issuer')), true)],
  }
  assert.equal(by(revoked, [entry]), 'TRY_LATER')
})

test('asked about a moment in the past, a later revocation does not touch it, a suspicion before it does', () => {
  const later = list({ thisUpdate: day('2025-08-01'), revoked: [{ serial, at: day('2025-07-01') }] })
  const now = day('2025-09-01')
  assert.equal(outcome(end, [later], { now }), 'PASSED')
  assert.equal(
    outcome(end, [list({ revoked: [{ serial, at: day('2025-07-01') }] })]),
    'REVOKED',
    'listed in the present is revoked',
  )
  const suspect = [extension(OID.invalidityDate, der.generalizedTime(day('2025-05-01')))]
  assert.equal(
    outcome(
      end,
      [list({ thisUpdate: day('2025-08-01'), revoked: [{ serial, at: day('2025-07-01'), extensions: suspect }] })],
      { now },
    ),
    'REVOKED',
  )
})

test('the status alone can be asked for, with its evidence', () => {
  const crl = list({ revoked: [{ serial, at: day('2025-02-01'), extensions: [reason(1)] }] })
  const report = checkRevocation(end.certificate, issuer.certificate, { crls: [crl], at })
  assert.equal(report.status, 'revoked')
  assert.equal(report.revocationReason, 'keyCompromise')
  assert.equal(report.revokedAt?.toISOString(), '2025-02-01T00:00:00.000Z')
  assert.deepEqual(
    report.evidence.map((each) => each.der),
    [crl],
  )
  assert.equal(checkRevocation(end.certificate, issuer.certificate, { at }).status, 'unknown')
  assert.equal(checkRevocation(end.certificate, issuer.certificate, { crls: [list()], at }).status, 'good')
})

test('a list kept parsed, and a kept cache, see a revocation that came since', () => {
  const cache = createPathCache()
  assert.equal(outcome(end, [list({ number: 1 })], { cache }), 'PASSED')
  assert.equal(outcome(end, [list({ number: 2, revoked: [{ serial }] })], { cache }), 'REVOKED')
})

test('only a delta takes an entry back, and of two entries the worse counts (5.3.1)', () => {
  const [held, removed, stolen] = [reason(6), reason(8), reason(1)]
  const entries = (...all: Buffer[]) => all.map((each) => ({ serial, extensions: [each] }))
  assert.equal(outcome(end, [list({ revoked: entries(removed) })]), 'REVOKED', 'in a complete list')
  assert.equal(outcome(end, [list({ revoked: entries(removed, stolen) })]), 'REVOKED')
  const base = list({ revoked: entries(held), number: 5 })
  const change = (...all: Buffer[]) => list({ revoked: entries(...all), number: 6, extensions: [delta(5)] })
  assert.equal(outcome(end, [base, change(removed)]), 'PASSED')
  assert.equal(outcome(end, [base, change(removed, stolen)]), 'REVOKED')
  assert.equal(outcome(end, [base, change(stolen, removed)]), 'REVOKED')
})

test('an older list that still counts and revokes is not outdone by a newer one that does not, whatever their order', () => {
  const [older, newer] = [day('2025-01-01'), day('2025-05-01')]
  const clean = (thisUpdate: Date) => list({ thisUpdate, number: thisUpdate === older ? 1 : 2 })
  const revoking = (thisUpdate: Date, why: number) =>
    list({ thisUpdate, number: thisUpdate === older ? 1 : 2, revoked: [{ serial, extensions: [reason(why)] }] })
  const both = (a: Buffer, b: Buffer) => [outcome(end, [a, b]), outcome(end, [b, a])]
  assert.deepEqual(both(clean(older), revoking(newer, 1)), ['REVOKED', 'REVOKED'])
  assert.deepEqual(both(clean(newer), revoking(older, 1)), ['REVOKED', 'REVOKED'])
  assert.deepEqual(both(clean(older), revoking(newer, 6)), ['REVOKED', 'REVOKED'], 'put on hold since')
  assert.deepEqual(both(clean(newer), revoking(older, 6)), ['PASSED', 'PASSED'], 'the hold was taken back')
})

test('entries of another issuer in a list that is not indirect make it prove nothing (5.3.3)', () => {
  const another = extension(OID.certificateIssuer, der.sequence(directory('another')), true)
  const revoked = [
    { serial: Buffer.from([0x70]), extensions: [another] },
    { serial, extensions: [reason(1)] },
  ]
  assert.equal(outcome(end, [list({ revoked })]), 'TRY_LATER', 'whose entry ours is cannot be told')
})

test('a delta that is out of date takes no hold back, but what it has revoked for good stays so', () => {
  const entry = (why: number) => [{ serial, extensions: [reason(why)] }]
  const base = (why?: number) => list({ number: 5, revoked: why === undefined ? [] : entry(why) })
  const old = (why: number) =>
    list({
      number: 6,
      extensions: [delta(5)],
      revoked: entry(why),
      thisUpdate: day('2025-02-01'),
      nextUpdate: day('2025-03-01'),
    })
  assert.equal(outcome(end, [base(), old(1)]), 'REVOKED')
  assert.equal(outcome(end, [base(), old(6)]), 'PASSED', 'a hold that the complete list does not have')
  assert.equal(outcome(end, [base(6), old(8)]), 'REVOKED')
})
