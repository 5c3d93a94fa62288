import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  authority,
  day,
  extension,
  type Holder,
  issue,
  keyUsage,
  type OcspOptions,
  ocspResponse,
  revocationList,
} from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { buildOcspRequest } from './build-ocsp-request.ts'
import { checkRevocation, type RevocationInput } from './check-revocation.ts'
import { RevocationError } from './errors.ts'
import { parseOcspResponse } from './parse-ocsp.ts'

const at = new Date('2025-06-01T00:00:30Z')
const issuer = authority({ subject: 'issuer' })
const { certificate } = issue({ subject: 'end', issuer })

function status(options: Partial<OcspOptions> = {}, input: Partial<RevocationInput> = {}): string {
  const response = ocspResponse({ certificate, issuer, ...options })
  return checkRevocation(certificate, issuer.certificate, { ocspResponses: [response], at, ...input }).status
}

const usage = (...oids: string[]): Buffer => extension(OID.extKeyUsage, der.sequence(...oids.map(der.oid)))
const noCheck = extension(OID.ocspNoCheck, der.nothing())
const responderOf = (by: Holder, extensions = [usage(OID.ocspSigning), noCheck], more = {}): Holder =>
  issue({ subject: 'responder', issuer: by, extensions, ...more })

/** An answer signed by `responder`, whose certificate comes along. */
const by = (responder: Holder, more: Partial<OcspOptions> = {}): Partial<OcspOptions> => ({
  responder,
  embed: [responder.certificate],
  ...more,
})

test('the issuer answers for its certificates, by name or by key (RFC 6960, 4.2.2.3)', () => {
  assert.equal(status(), 'good')
  assert.equal(status({ byKey: true }), 'good')
  assert.equal(status({ status: 'revoked' }), 'revoked')
  assert.equal(status({ status: 'unknown' }), 'unknown')
})

test('an answer about another certificate, or of another issuer, says nothing', () => {
  const other = issue({ subject: 'other', issuer })
  assert.equal(status({ certificate: other.certificate }), 'unknown')
  const twin = authority({ subject: 'issuer' })
  assert.equal(status({ issuer: twin }), 'unknown', 'the same name with another key')
  assert.equal(status({ issuer: twin, responder: issuer }), 'unknown', 'about a certificate of the namesake')
  assert.equal(status({ responder: twin }), 'unknown', 'signed by the namesake')
})

test('a responder is certified by the very issuer, for this and in time (4.2.2.2)', () => {
  assert.equal(status(by(responderOf(issuer))), 'good')
  assert.equal(status(by(responderOf(issuer), { byKey: true })), 'good')
  assert.equal(status({ responder: responderOf(issuer) }), 'unknown', 'its certificate did not come along')
  assert.equal(status(by(responderOf(authority({ subject: 'issuer' })))), 'unknown', 'certified by a namesake')
  assert.equal(status(by(responderOf(issuer, [noCheck]))), 'unknown')
  assert.equal(status(by(responderOf(issuer, [usage(OID.anyExtendedKeyUsage), noCheck]))), 'unknown')
  assert.equal(status(by(responderOf(issuer, [usage(OID.ocspSigning), keyUsage(5)]))), 'unknown')
  assert.equal(status(by(responderOf(issuer, undefined, { notAfter: day('2025-05-01') }))), 'unknown')
  assert.equal(
    status(by(responderOf(issuer, [usage(OID.ocspSigning), extension('1.3.6.1.4.1.99999.1', der.nothing(), true)]))),
    'unknown',
  )
})

test('a responder that a list has revoked does not count, unless its issuer waives the question (4.2.2.2.1)', () => {
  const asked = responderOf(issuer, [usage(OID.ocspSigning)])
  const waived = responderOf(issuer)
  const crl = (holder: Holder): Buffer =>
    revocationList({ issuer, revoked: [{ serial: holder.certificate.serial }], extensions: [] })
  const stale = { nextUpdate: day('2025-05-01') }
  assert.equal(status(by(asked)), 'good')
  const only = (holder: Holder): string => {
    const response = ocspResponse({ certificate, issuer, ...by(holder), status: 'revoked' })
    return checkRevocation(certificate, issuer.certificate, { ocspResponses: [response], crls: [crl(holder)], at })
      .status
  }
  assert.equal(only(asked), 'good', "the list's own word stands, the revoked responder's does not")
  assert.equal(only(waived), 'revoked')
  assert.equal(status(stale), 'unknown')
})

test('a responder that the operator has configured counts though nobody delegated to it', () => {
  const own = issue({ subject: 'own responder' })
  assert.equal(status({ responder: own }), 'unknown')
  assert.equal(status({ responder: own }, { trustedResponders: [own.certificate] }), 'good')
  const old = issue({ subject: 'own responder', notAfter: day('2025-05-01') })
  assert.equal(status({ responder: old }, { trustedResponders: [old.certificate] }), 'unknown')
})

test('an answer is good for its time only', () => {
  assert.equal(status({ nextUpdate: day('2025-06-01') }), 'unknown')
  assert.equal(status({ thisUpdate: new Date('2025-06-01T00:02:00Z') }), 'unknown')
  assert.equal(status({ nextUpdate: null }), 'good')
  assert.equal(status({ nextUpdate: null, thisUpdate: new Date('2025-05-31T22:59:00Z') }), 'unknown')
  assert.equal(status({}, { ocspFreshSeconds: 60 }), 'good')
  assert.equal(status({}, { ocspFreshSeconds: 20 }), 'unknown')
})

test('an answer to another question is refused, and one with what nobody understands', () => {
  const nonce = (text: string): Buffer[] => [extension(OID.ocspNonce, der.octets(Buffer.from(text)))]
  assert.equal(status({ extensions: nonce('mine') }, { nonce: Buffer.from('mine') }), 'good')
  assert.equal(status({ extensions: nonce('other') }, { nonce: Buffer.from('mine') }), 'unknown')
  assert.equal(status({ extensions: [extension('1.3.6.1.4.1.99999.1', der.nothing(), true)] }), 'unknown')
})

test('revoked by list or by answer is revoked', () => {
  const revoked = revocationList({ issuer, revoked: [{ serial: certificate.serial }] })
  assert.equal(status({}, { crls: [revoked] }), 'revoked')
  assert.equal(status({ status: 'revoked' }, { crls: [revocationList({ issuer })] }), 'revoked')
})

test('an answer that is no success cannot be read (4.2.1)', () => {
  assert.throws(() => parseOcspResponse(der.sequence(der.enumerated(3))), RevocationError)
  const response = checkRevocation(certificate, issuer.certificate, {
    ocspResponses: [der.sequence(der.enumerated(3))],
    at,
  })
  assert.equal(response.status, 'unknown')
})

test('a nonce has 1 to 128 bytes, and what came back is the one sent or none (RFC 9654, 2.1)', () => {
  const withNonce = (value: Buffer): Partial<OcspOptions> => ({ extensions: [extension(OID.ocspNonce, value)] })
  const nonce = Buffer.alloc(32, 7)
  for (const length of [1, 16, 32, 128]) {
    const sent = Buffer.alloc(length, 7)
    assert.equal(status(withNonce(der.octets(sent)), { nonce: sent }), 'good')
    assert.equal(status(withNonce(der.octets(Buffer.alloc(length, 8))), { nonce: sent }), 'unknown')
  }
  for (const bad of [der.octets(Buffer.alloc(0)), der.octets(Buffer.alloc(129, 7)), nonce, der.utf8('a nonce')])
    assert.equal(status(withNonce(bad), { nonce }), 'unknown')
  assert.equal(status({}, { nonce }), 'good', 'a responder that prepares its answers has none')
  assert.equal(status({}, { nonce, requireNonce: true }), 'unknown')
  assert.equal(status(withNonce(der.octets(nonce)), { nonce, requireNonce: true }), 'good')
  assert.equal(status(withNonce(der.octets(nonce)), { requireNonce: true }), 'unknown', 'none was sent')
  assert.equal(status(withNonce(der.octets(nonce))), 'good', 'an answer kept from then')
  for (const length of [0, 129])
    assert.throws(() => buildOcspRequest(certificate, issuer.certificate, Buffer.alloc(length)), RangeError)
})

test('a responder that goes back further answers for what has expired (archive cut-off, RFC 6960, 4.4.4)', () => {
  const expired = issue({ subject: 'end', issuer, notAfter: day('2025-05-01') }).certificate
  const cutoff = (text: string): Partial<OcspOptions> => ({
    singleExtensions: [extension(OID.ocspArchiveCutoff, der.generalizedTime(day(text)))],
  })
  const of = (options: Partial<OcspOptions>): string => {
    const response = ocspResponse({ certificate: expired, issuer, ...options })
    return checkRevocation(expired, issuer.certificate, { ocspResponses: [response], at }).status
  }
  assert.equal(of({}), 'unknown')
  assert.equal(of(cutoff('2020-01-01')), 'good')
  assert.equal(of(cutoff('2025-05-15')), 'unknown')
  assert.equal(of({ ...cutoff('2020-01-01'), status: 'revoked' }), 'revoked')
  assert.equal(of({ singleExtensions: [extension(OID.ocspArchiveCutoff, der.nothing())] }), 'unknown', 'unreadable')
})
