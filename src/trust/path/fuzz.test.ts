import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutateDer, seededRandom } from '#test/support/mutate-der.ts'
import {
  authority,
  day,
  extension,
  issue,
  nameDer,
  ocspResponse,
  reason,
  revocationList,
  signed,
} from '#test/support/pki.ts'
import { CertificateError } from '#trust/certificate/errors.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, readDer } from '#trust/der/read.ts'
import * as der from '#trust/der/write.ts'
import { checkRevocation } from '#trust/revocation/check-revocation.ts'
import { RevocationError } from '#trust/revocation/errors.ts'
import { parseCrl } from '#trust/revocation/parse-crl.ts'
import { parseOcspResponse } from '#trust/revocation/parse-ocsp.ts'
import { checkPath } from './check-path.ts'

const at = day('2025-06-01')
const dns = (text: string): Buffer => der.contextPrimitive(2, Buffer.from(text))
const root = authority({ subject: 'root' })
const middle = authority({
  subject: 'middle',
  issuer: root,
  extensions: [
    extension(OID.certificatePolicies, der.sequence(der.sequence(der.oid('1.2.3')))),
    extension(OID.policyMappings, der.sequence(der.sequence(der.oid('1.2.3'), der.oid('1.2.4'))), true),
    extension(OID.policyConstraints, der.sequence(der.contextPrimitive(0, Buffer.from([3]))), true),
    extension(OID.nameConstraints, der.sequence(der.context(0, der.sequence(dns('mx')))), true),
  ],
})
const end = issue({
  subject: 'end',
  issuer: middle,
  extensions: [
    extension(OID.subjectAltName, der.sequence(dns('gob.mx'), der.context(4, nameDer('x')))),
    extension(OID.certificatePolicies, der.sequence(der.sequence(der.oid('1.2.4')))),
    extension(OID.cRLDistributionPoints, der.sequence(der.sequence(der.context(0, der.context(0, dns('crl.mx')))))),
    extension(OID.extKeyUsage, der.sequence(der.oid(OID.emailProtection))),
  ],
})
const { serial } = end.certificate
const rootList = revocationList({ issuer: root })
const clean = revocationList({ issuer: middle, revoked: [{ serial: Buffer.from([0x70]), extensions: [reason(1)] }] })
const revoking = revocationList({ issuer: middle, revoked: [{ serial, extensions: [reason(1)] }] })
const answer = ocspResponse({ certificate: end.certificate, issuer: middle, thisUpdate: at })

interface Parts {
  end?: Buffer
  middle?: Buffer
  anchor?: Buffer
  crls?: Buffer[]
  ocspResponses?: Buffer[]
}

/** The indication; anything thrown fails the test. */
function judge(parts: Parts): string {
  return checkPath({
    certificate: parts.end ?? end.certificate.der,
    trustAnchors: [parts.anchor ?? root.certificate.der],
    intermediates: [parts.middle ?? middle.certificate.der],
    crls: parts.crls ?? [rootList, clean],
    ocspResponses: parts.ocspResponses ?? [],
    at,
  }).indication
}

/** Parsers throw their own errors and no others. */
function parseAll(bytes: Buffer): void {
  for (const parse of [readDer, parseCertificate, parseCrl, parseOcspResponse]) {
    try {
      parse(bytes)
    } catch (error) {
      const typed = error instanceof DerError || error instanceof CertificateError || error instanceof RevocationError
      if (!typed) throw error
    }
  }
}

function* flips(bytes: Buffer): Generator<Buffer> {
  for (let i = 0; i < bytes.length; i++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const flipped = Buffer.from(bytes)
      flipped[i]! ^= mask
      yield flipped
    }
  }
}

test('what is fuzzed here passes unharmed', () => {
  assert.equal(judge({}), 'PASSED')
  assert.equal(judge({ crls: [rootList, revoking] }), 'FAILED')
  assert.equal(judge({ crls: [rootList], ocspResponses: [answer] }), 'PASSED')
})

test('no flipped bit of a certificate, list or answer is accepted', () => {
  for (const bytes of flips(end.certificate.der)) assert.notEqual(judge({ end: bytes }), 'PASSED')
  for (const bytes of flips(middle.certificate.der)) assert.notEqual(judge({ middle: bytes }), 'PASSED')
  for (const bytes of flips(clean)) assert.notEqual(judge({ crls: [rootList, bytes] }), 'PASSED')
  for (const bytes of flips(revoking)) assert.notEqual(judge({ crls: [rootList, bytes] }), 'PASSED')
  for (const bytes of flips(answer)) assert.notEqual(judge({ crls: [rootList], ocspResponses: [bytes] }), 'PASSED')
})

test('a cut at any byte, or bytes after the end, are refused', () => {
  for (let i = 0; i < end.certificate.der.length; i++) {
    assert.throws(() => parseCertificate(end.certificate.der.subarray(0, i)), CertificateError)
  }
  assert.throws(() => parseCertificate(Buffer.concat([end.certificate.der, Buffer.from([0])])), CertificateError)
  assert.throws(() => parseCrl(Buffer.concat([clean, Buffer.from([0])])), RevocationError)
})

test('mutated structures end in a report or a typed error', () => {
  const random = seededRandom(20261124)
  for (let i = 0; i < 800; i++) {
    const parts: Required<Parts> = {
      end: mutateDer(end.certificate.der, random),
      middle: mutateDer(middle.certificate.der, random),
      anchor: mutateDer(root.certificate.der, random),
      crls: [mutateDer(clean, random), mutateDer(revoking, random), rootList],
      ocspResponses: [mutateDer(answer, random)],
    }
    for (const bytes of [parts.end, parts.crls[0]!, parts.ocspResponses[0]!]) parseAll(bytes)
    assert.notEqual(judge({ ...parts, middle: undefined, anchor: undefined, crls: undefined }), undefined)
    judge(parts)
    judge({ anchor: parts.anchor })
  }
})

test('mutated structures that the authority signed all the same end in a report', () => {
  const random = seededRandom(5280)
  const resigned = (bytes: Buffer, by: typeof root): Buffer => {
    const tbs = readDer(bytes).children()[0]!.bytes
    return signed(mutateDer(Buffer.from(tbs), random), by.key)
  }
  for (let i = 0; i < 800; i++) {
    judge({ end: resigned(end.certificate.der, middle) })
    judge({ middle: resigned(middle.certificate.der, root) })
    judge({ crls: [rootList, resigned(revoking, middle)] })
    const ocspResponses = [mutateDer(answer, random)]
    checkRevocation(end.certificate, middle.certificate, { crls: [resigned(clean, middle)], ocspResponses, at })
  }
})

test('noise is never read', () => {
  const random = seededRandom(1)
  for (let i = 0; i < 3000; i++) {
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)))
    if (i % 2 === 0 && noise.length > 2) noise[0] = 0x30
    parseAll(noise)
    judge({ end: noise })
  }
})
