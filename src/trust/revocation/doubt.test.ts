import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  authority,
  day,
  extension,
  issue,
  type ListOptions,
  nameDer,
  type OcspOptions,
  ocspResponse,
  reason,
  revocationList,
} from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { checkPath } from '#trust/path/check-path.ts'
import { checkRevocation, type RevocationInput } from './check-revocation.ts'

const at = new Date('2025-06-01T00:00:30Z')
const issuer = authority({ subject: 'Autoridad Uno' })
const { certificate } = issue({ subject: 'JUANA PERSONA SECRETA', issuer })
const { serial } = certificate

const ask = (input: Partial<RevocationInput>) => checkRevocation(certificate, issuer.certificate, { at, ...input })
const list = (options: Partial<ListOptions> = {}): Buffer => revocationList({ issuer, ...options })
const answer = (options: Partial<OcspOptions> = {}): Buffer => ocspResponse({ certificate, issuer, ...options })

test('nothing there is missing', () => {
  const { status, doubt, sources } = ask({})
  assert.equal(status, 'unknown')
  assert.deepEqual(sources, [])
  assert.equal(doubt?.cause, 'missing')
  assert.deepEqual(doubt?.settledBy, { by: 'list-or-answer' })
})

test('what is stale is told with its times, and from when on an answer would settle it', () => {
  const stale = { thisUpdate: day('2025-01-01'), nextUpdate: day('2025-05-01') }
  const { doubt } = ask({ crls: [list(stale)], ocspResponses: [answer(stale)] })
  assert.equal(doubt?.cause, 'stale')
  assert.deepEqual(
    doubt?.sources.map(({ kind, by, thisUpdate, nextUpdate, fault }) => ({ kind, by, thisUpdate, nextUpdate, fault })),
    ['ocsp', 'crl'].map((kind) => ({ kind, by: 'Autoridad Uno', ...stale, fault: 'out-of-date' })),
  )
  assert.deepEqual(doubt?.settledBy, { by: 'list-or-answer', after: day('2025-05-01') })
  assert.match(
    doubt.sentence.en,
    /The list of «Autoridad Uno» of 2025-01-01T00:00:00Z, good until 2025-05-01T00:00:00Z, is out of date\./,
  )
  assert.match(
    doubt.sentence.es,
    /La lista de «Autoridad Uno» del 2025-01-01T00:00:00Z, vigente hasta el 2025-05-01T00:00:00Z, ya no está vigente\./,
  )
  assert.match(doubt.sentence.es, /posterior al 2025-05-01T00:00:00Z\.$/)
})

test('a hold that a newer source does not know any more is a contradiction, a revocation is none', () => {
  const held = list({ revoked: [{ serial, extensions: [reason(6)] }] })
  const { status, doubt, evidence } = ask({ crls: [held], ocspResponses: [answer()] })
  assert.equal(status, 'unknown')
  assert.equal(doubt?.cause, 'contradictory')
  assert.deepEqual(evidence, [])
  assert.deepEqual(doubt?.sources.map(({ kind, says }) => `${kind} ${says}`).sort(), ['crl revoked', 'ocsp good'])
  assert.deepEqual(doubt?.settledBy.after, day('2025-06-01'))
  const older = answer({ thisUpdate: day('2024-12-01'), nextUpdate: day('2025-07-01') })
  assert.equal(ask({ crls: [held], ocspResponses: [older] }).status, 'revoked', 'the hold is the news')
  const revoked = list({ revoked: [{ serial, extensions: [reason(1)] }] })
  assert.equal(ask({ crls: [revoked], ocspResponses: [answer()] }).status, 'revoked')
  const heldThere = answer({ status: 'revoked', revokedFor: 6, thisUpdate: day('2025-05-31') })
  assert.equal(ask({ ocspResponses: [heldThere, answer()] }).doubt?.cause, 'contradictory', 'two answers')
})

test('a responder that does not know, and lists that leave reasons out, are told as what they are', () => {
  assert.equal(ask({ ocspResponses: [answer({ status: 'unknown' })] }).doubt?.cause, 'not-known-there')
  const some = der.contextPrimitive(3, Buffer.from([6, 0x40]))
  const idp = extension(OID.issuingDistributionPoint, der.sequence(some), true)
  const { doubt } = ask({ crls: [list({ extensions: [idp] })] })
  assert.equal(doubt?.cause, 'incomplete')
  assert.equal(doubt?.settledBy.by, 'list-of-other-reasons')
})

test('what cannot be used says why', () => {
  const twin = authority({ subject: 'Autoridad Uno' })
  const { doubt } = ask({ crls: [revocationList({ issuer: twin })] })
  assert.equal(doubt?.cause, 'unusable')
  assert.equal(doubt?.sources[0]?.fault, 'untrusted-signer')
})

test('a path tells the doubt as its own, and never names the holder', () => {
  const report = checkPath({ certificate, trustAnchors: [issuer.certificate], at })
  assert.equal(report.indication, 'INDETERMINATE')
  assert.equal(report.doubt?.cause, 'missing')
  assert.doesNotMatch(JSON.stringify(report.doubt), /SECRETA/)
  const good = checkPath({ certificate, trustAnchors: [issuer.certificate], at, crls: [list()] })
  assert.equal(good.indication, 'PASSED')
  assert.equal(good.doubt, undefined)
  assert.equal(good.revocation[0]?.report.sources[0]?.says, 'good')
})

test("an authority's name neither ends a line nor fills the sentence", () => {
  const odd = authority({ subject: 'x', subjectDer: nameDer(`a\n\u202eb${'c'.repeat(500)}`) })
  const end = issue({ subject: 'end', issuer: odd }).certificate
  const crls = [revocationList({ issuer: odd, nextUpdate: day('2025-02-01') })]
  const { doubt } = checkRevocation(end, odd.certificate, { at, crls })
  assert.doesNotMatch(doubt!.sentence.es, /[\n\u202e]/)
  assert.ok(doubt!.sentence.es.length < 500)
})

test('what is out of date says nothing good any more, but what it has revoked for good stays so', () => {
  const stale = { thisUpdate: day('2025-01-01'), nextUpdate: day('2025-05-01') }
  const listed = (why: number) => list({ ...stale, revoked: [{ serial, extensions: [reason(why)] }] })
  const said = (why: number) => answer({ ...stale, status: 'revoked', revokedFor: why })
  for (const good of [{}, { ocspResponses: [answer()] }]) {
    assert.equal(ask({ ...good, crls: [listed(1)] }).status, 'revoked')
    assert.equal(ask({ ocspResponses: [said(1), ...(good.ocspResponses ?? [])] }).status, 'revoked')
  }
  assert.equal(ask({ crls: [listed(6)] }).doubt?.cause, 'stale', 'a hold may have been taken back')
  assert.equal(ask({ ocspResponses: [said(6)] }).doubt?.cause, 'stale')
  assert.equal(ask({ crls: [listed(6)], ocspResponses: [answer()] }).status, 'good')
  const twin = authority({ subject: 'Autoridad Uno' })
  const forged = revocationList({ issuer: twin, ...stale, revoked: [{ serial, extensions: [reason(1)] }] })
  assert.equal(ask({ crls: [forged], ocspResponses: [answer()] }).status, 'good', 'a forged one shuts nobody out')
})
