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

const LONG = Boolean(process.env.LONG_TESTS)
/** Of each parser. */
const MUTATIONS = LONG ? 10_000 : 500
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

test('of a long list no flipped byte is accepted', () => {
  const entries = Array.from({ length: 400 }, (_, i) => ({
    serial: Buffer.from([1, i >> 8, i & 0xff]),
    extensions: [reason(1), extension(OID.invalidityDate, der.generalizedTime(day('2024-01-01')))],
  }))
  const long = revocationList({ issuer: middle, revoked: entries })
  assert.ok(long.length > 8 * 1024)
  assert.equal(judge({ crls: [rootList, long] }), 'PASSED')
  const random = seededRandom(8192)
  for (let i = 0; i < (LONG ? 2000 : 300); i++) {
    const flipped = Buffer.from(long)
    flipped[Math.floor(random() * long.length)]! ^= 1 + Math.floor(random() * 255)
    parseAll(flipped)
    assert.notEqual(judge({ crls: [rootList, flipped] }), 'PASSED')
  }
})

function hasSameSigned(said: Buffer): boolean {
  try {
    return parseOcspResponse(said).tbs.equals(parseOcspResponse(answer).tbs)
  } catch {
    return false
  }
}

/** What nobody has signed is never accepted, unless it came out as it was. */
function refuses(original: Buffer, mutated: Buffer, parts: Parts): void {
  parseAll(mutated)
  const indication = judge(parts)
  if (!mutated.equals(original)) assert.notEqual(indication, 'PASSED', mutated.toString('hex'))
}

test('mutated structures end in a report, and are not accepted', () => {
  const random = seededRandom(20261124)
  const byAnswer = { crls: [rootList] }
  for (let i = 0; i < MUTATIONS; i++) {
    const mutated = mutateDer(end.certificate.der, random)
    refuses(end.certificate.der, mutated, { end: mutated })
    const authorities = mutateDer(middle.certificate.der, random)
    refuses(middle.certificate.der, authorities, { middle: authorities })
    const list = mutateDer(clean, random)
    refuses(clean, list, { crls: [rootList, list] })
    const other = mutateDer(revoking, random)
    refuses(revoking, other, { crls: [rootList, other] })
    const said = mutateDer(answer, random)
    // Certificates that come along with an answer are not signed by it.
    if (!hasSameSigned(said)) refuses(answer, said, { ...byAnswer, ocspResponses: [said] })
    judge({ anchor: mutateDer(root.certificate.der, random) })
  }
})

test('mutated structures that the authority signed all the same end in a report, and no revocation is lost in them', () => {
  const random = seededRandom(5280)
  const tbsOf = (bytes: Buffer): Buffer => Buffer.from(readDer(bytes).children()[0]!.bytes)
  const resigned = (bytes: Buffer, by: typeof root): Buffer => signed(mutateDer(tbsOf(bytes), random), by.key)
  for (let i = 0; i < MUTATIONS; i++) {
    judge({ end: resigned(end.certificate.der, middle) })
    judge({ middle: resigned(middle.certificate.der, root) })
    const list = resigned(revoking, middle)
    parseAll(list)
    judge({ crls: [rootList, list] })
    // Beside the list that revokes, nothing that another list says makes it good.
    assert.notEqual(judge({ crls: [rootList, list, revoking] }), 'PASSED')
    const { crls, ocspResponses } = { crls: [resigned(clean, middle)], ocspResponses: [mutateAnswer(random)] }
    parseAll(ocspResponses[0]!)
    checkRevocation(end.certificate, middle.certificate, { crls, ocspResponses, at })
    assert.notEqual(judge({ crls: [rootList, revoking], ocspResponses }), 'PASSED')
  }
})

/** The answer with what was signed mutated, and signed again. */
function mutateAnswer(random: () => number): Buffer {
  const basic = readDer(readDer(answer).children()[1]!.explicit().children()[1]!.octets())
  const again = signed(mutateDer(Buffer.from(basic.children()[0]!.bytes), random), middle.key)
  return der.sequence(der.enumerated(0), der.context(0, der.sequence(der.oid(OID.ocspBasic), der.octets(again))))
}

test('noise is never read', () => {
  const random = seededRandom(1)
  for (let i = 0; i < 3000; i++) {
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)))
    if (i % 2 === 0 && noise.length > 2) noise[0] = 0x30
    parseAll(noise)
    judge({ end: noise })
  }
})
