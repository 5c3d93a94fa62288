import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  authority,
  extension,
  type Holder,
  issue,
  keyUsage,
  nameDer,
  newKey,
  type OcspOptions,
  ocspResponse,
  revocationList,
  SIGN_LISTS,
} from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { checkPath, type PathInput } from '#trust/path/check-path.ts'

/** Nobody is judged by their own word, nor by that of whom they have certified. */

const at = new Date('2025-06-01T00:00:30Z')
const root = authority({ subject: 'root' })
const issuer = authority({ subject: 'issuer', issuer: root })
const ocspSigning = extension(OID.extKeyUsage, der.sequence(der.oid(OID.ocspSigning)))
const noCheck = extension(OID.ocspNoCheck, der.nothing())
const rootList = revocationList({ issuer: root })

function judge(end: Holder, input: Partial<PathInput>, others: Holder[] = []): string {
  const report = checkPath({
    certificate: end.certificate,
    trustAnchors: [root.certificate],
    intermediates: [issuer, ...others].map(({ certificate }) => certificate),
    at,
    ...input,
  })
  return report.subIndication ?? report.indication
}

const answerBy = (responder: Holder, about: Holder, more: Partial<OcspOptions> = {}): Buffer =>
  ocspResponse({ certificate: about.certificate, issuer, responder, embed: [responder.certificate], ...more })

test('a responder that answers for itself is not heard, by name or by key', () => {
  const responder = issue({ subject: 'responder', issuer, extensions: [ocspSigning, noCheck] })
  const end = issue({ subject: 'end', issuer })
  for (const byKey of [false, true]) {
    const crls = [rootList]
    assert.equal(judge(end, { crls, ocspResponses: [answerBy(responder, end, { byKey })] }), 'PASSED')
    assert.equal(judge(responder, { crls, ocspResponses: [answerBy(responder, responder, { byKey })] }), 'TRY_LATER')
  }
})

test('nor under a second certificate with the same key', () => {
  const key = newKey()
  const end = issue({ subject: 'end', issuer, key })
  const responder = issue({ subject: 'responder', issuer, key, extensions: [ocspSigning, noCheck] })
  assert.equal(judge(end, { crls: [rootList], ocspResponses: [answerBy(responder, end)] }), 'TRY_LATER')
})

test('nor where the operator has configured it', () => {
  const responder = issue({ subject: 'responder', issuer, extensions: [ocspSigning, noCheck] })
  const ocspResponses = [answerBy(responder, responder)]
  assert.equal(
    judge(responder, { crls: [rootList], ocspResponses, trustedResponders: [responder.certificate] }),
    'TRY_LATER',
  )
})

test('an authority is not vouched for by what it has certified', () => {
  const end = issue({ subject: 'end', issuer })
  const below = issue({ subject: 'responder', issuer, extensions: [ocspSigning, noCheck] })
  const aboutIssuer = ocspResponse({
    certificate: issuer.certificate,
    issuer: root,
    responder: below,
    embed: [below.certificate],
  })
  const own = ocspResponse({
    certificate: issuer.certificate,
    issuer: root,
    responder: issuer,
    embed: [issuer.certificate],
  })
  const crls = [revocationList({ issuer })]
  for (const response of [aboutIssuer, own]) assert.equal(judge(end, { crls, ocspResponses: [response] }), 'TRY_LATER')
  const byRoot = ocspResponse({ certificate: issuer.certificate, issuer: root })
  assert.equal(judge(end, { crls, ocspResponses: [byRoot] }), 'PASSED')
})

test('a responder signed by itself, or by a namesake of the issuer, is nobody', () => {
  const end = issue({ subject: 'end', issuer })
  const selfMade = issue({ subject: 'issuer', extensions: [ocspSigning, noCheck] })
  const twin = authority({ subject: 'issuer' })
  const byTwin = issue({ subject: 'responder', issuer: twin, extensions: [ocspSigning, noCheck] })
  for (const responder of [selfMade, byTwin, twin]) {
    for (const byKey of [false, true])
      assert.equal(judge(end, { crls: [rootList], ocspResponses: [answerBy(responder, end, { byKey })] }), 'TRY_LATER')
  }
})

test("a responder of the issuer's issuer does not answer for the issuer's certificates", () => {
  const end = issue({ subject: 'end', issuer })
  const above = issue({ subject: 'responder', issuer: root, extensions: [ocspSigning, noCheck] })
  assert.equal(judge(end, { crls: [rootList], ocspResponses: [answerBy(above, end)] }), 'TRY_LATER')
  assert.equal(judge(end, { crls: [rootList], ocspResponses: [answerBy(root, end)] }), 'TRY_LATER')
})

test('an answer that says two things of one certificate says the worse, in either order', () => {
  const end = issue({ subject: 'end', issuer })
  const both = (...statuses: Array<'good' | 'revoked' | 'unknown'>): Buffer =>
    ocspResponse({ certificate: end.certificate, issuer, statuses })
  const crls = [rootList]
  assert.equal(judge(end, { crls, ocspResponses: [both('good', 'revoked')] }), 'REVOKED')
  assert.equal(judge(end, { crls, ocspResponses: [both('revoked', 'good')] }), 'REVOKED')
  assert.equal(judge(end, { crls, ocspResponses: [both('good', 'unknown')] }), 'TRY_LATER')
  assert.equal(judge(end, { crls, ocspResponses: [both('good', 'good')] }), 'PASSED')
})

test("another authority under the same anchor cannot take the issuer's name to sign its lists (RFC 5280, 6.3.3 f)", () => {
  const end = issue({ subject: 'end', issuer })
  const evil = authority({ subject: 'evil', issuer: root })
  const posing = issue({ subject: 'issuer', issuer: evil, extensions: [keyUsage(SIGN_LISTS)] })
  const twice = issue({ subject: 'issuer', issuer: posing, extensions: [keyUsage(SIGN_LISTS)] })
  const crlsOf = (signer: Holder) => [rootList, revocationList({ issuer: signer }), revocationList({ issuer: evil })]
  assert.equal(judge(end, { crls: crlsOf(posing) }, [evil, posing]), 'TRY_LATER')
  assert.equal(judge(end, { crls: crlsOf(twice) }, [evil, posing, twice]), 'TRY_LATER')
  assert.equal(
    judge(end, { crls: [rootList, revocationList({ issuer: evil, issuerName: nameDer('issuer') })] }, [evil]),
    'TRY_LATER',
  )
  const ownKey = issue({ subject: 'issuer', issuer: root, extensions: [keyUsage(SIGN_LISTS)] })
  assert.equal(judge(end, { crls: crlsOf(ownKey) }, [ownKey]), 'PASSED', 'a key for lists, certified as the issuer is')
})

test('a certificate that may sign lists does not thereby speak for its issuer', () => {
  const end = issue({ subject: 'issuer', issuer, extensions: [keyUsage(SIGN_LISTS)] })
  assert.equal(judge(end, { crls: [rootList, revocationList({ issuer: end })] }, [end]), 'TRY_LATER')
})
