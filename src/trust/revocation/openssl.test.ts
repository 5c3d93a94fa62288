import assert from 'node:assert/strict'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { authority, day, extension, type Holder, issue, keyUsage, reason, revocationList } from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import * as der from '#trust/der/write.ts'
import { buildOcspRequest } from './build-ocsp-request.ts'
import { checkRevocation, type RevocationInput } from './check-revocation.ts'
import { parseCrl } from './parse-crl.ts'
import { parseOcspResponse } from './parse-ocsp.ts'

/** The other side as it is: OpenSSL answers our requests and writes lists; it reads the lists that we write. */
let openssl: Openssl
const life = { notBefore: day('2020-01-01'), notAfter: day('2049-01-01') }
const issuer = authority({ subject: 'issuer', ...life })
const good = issue({ subject: 'good', issuer, serial: 0x1001, ...life })
const revoked = issue({ subject: 'revoked', issuer, serial: 0x1002, ...life })
const stranger = issue({ subject: 'stranger', issuer, serial: 0x1003, ...life })
const usage = extension(OID.extKeyUsage, der.sequence(der.oid(OID.ocspSigning)))
const noCheck = extension(OID.ocspNoCheck, der.nothing())
const responder = issue({ subject: 'responder', issuer, extensions: [usage, noCheck, keyUsage(0)], ...life })
const impostor = issue({ subject: 'impostor', issuer, ...life })

const keyPem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' })
const index = [
  'V\t490101000000Z\t\t1001\tunknown\t/CN=good',
  'R\t490101000000Z\t240601000000Z,keyCompromise\t1002\tunknown\t/CN=revoked',
].join('\n')

before(async () => {
  openssl = await openOpenssl()
  await openssl.put('index.txt', `${index}\n`)
  await openssl.put('index.txt.attr', 'unique_subject = no\n')
  for (const [name, { certificate, key }] of Object.entries({ issuer, responder, impostor })) {
    await openssl.put(`${name}.pem`, pem('CERTIFICATE', certificate.der))
    await openssl.put(`${name}.key`, keyPem(key))
  }
})
after(() => openssl.close())

const NONCE = Buffer.alloc(32, 0x5a)
const answerFile = 'answer.der'

async function answer(about: Holder, signer: string, ...more: string[]): Promise<Buffer> {
  await openssl.put('request.der', buildOcspRequest(about.certificate, issuer.certificate, NONCE))
  const by = ['-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`]
  const given = ['-index', 'index.txt', '-CA', 'issuer.pem', '-reqin', 'request.der', '-respout', answerFile]
  await openssl.run('ocsp', ...given, ...by, ...more)
  return readFile(join(openssl.folder, answerFile))
}

function judge({ certificate }: Holder, response: Buffer, input: Partial<RevocationInput> = {}) {
  // OpenSSL has no other clock than that of the machine.
  const { producedAt } = parseOcspResponse(response)
  const given = { ocspResponses: [response], at: producedAt, nonce: NONCE, requireNonce: true, ...input }
  return checkRevocation(certificate, issuer.certificate, given)
}

for (const [how, more] of [
  ['by name', []],
  ['by key', ['-resp_key_id']],
] as Array<[string, string[]]>) {
  test(`OpenSSL answers as the issuer and as its delegate, ${how}: good, revoked with its reason, unknown`, async () => {
    for (const signer of ['issuer', 'responder']) {
      const isGood = judge(good, await answer(good, signer, '-ndays', '1', ...more))
      assert.deepEqual([isGood.status, isGood.reason], ['good', 'The responder says that the certificate is good.'])
      const isRevoked = judge(revoked, await answer(revoked, signer, '-ndays', '1', ...more))
      assert.deepEqual([isRevoked.status, isRevoked.revocationReason], ['revoked', 'keyCompromise'])
      assert.deepEqual(isRevoked.revokedAt, day('2024-06-01'))
      const isUnknown = judge(stranger, await answer(stranger, signer, '-ndays', '1', ...more))
      assert.deepEqual([isUnknown.status, isUnknown.doubt?.cause], ['unknown', 'not-known-there'])
    }
  })
}

test('its answer counts for the question asked, while it is fresh, from whom may give it', async () => {
  const response = await answer(good, 'responder', '-nmin', '5')
  const { producedAt } = parseOcspResponse(response)
  const inSeconds = (seconds: number) => new Date(producedAt.getTime() + seconds * 1000)
  assert.equal(judge(good, response, { at: inSeconds(299) }).status, 'good')
  assert.equal(judge(good, response, { at: inSeconds(301) }).sources[0]?.fault, 'out-of-date')
  assert.equal(judge(good, response, { nonce: Buffer.alloc(32, 1) }).sources[0]?.fault, 'other-question')
  assert.equal(judge(good, await answer(good, 'issuer', '-badsig')).sources[0]?.fault, 'untrusted-signer')
  assert.equal(judge(good, await answer(good, 'impostor')).sources[0]?.fault, 'untrusted-signer')
  assert.equal(judge(good, await answer(good, 'responder', '-resp_no_certs')).status, 'unknown')
})

test('it reads the lists that we judge by, and judges alike', async () => {
  const now = parseOcspResponse(await answer(good, 'issuer')).producedAt
  const hour = (count: number) => new Date(now.getTime() + count * 3_600_000)
  const list = revocationList({
    issuer,
    thisUpdate: hour(-1),
    nextUpdate: hour(1),
    revoked: [{ serial: revoked.certificate.serial, extensions: [reason(1)] }],
  })
  await openssl.put('list.pem', pem('X509 CRL', list))
  for (const [holder, status] of [
    [good, 'good'],
    [revoked, 'revoked'],
  ] as Array<[Holder, string]>) {
    await openssl.put('end.pem', pem('CERTIFICATE', holder.certificate.der))
    const theirs = openssl.run(
      'verify',
      '-x509_strict',
      '-CAfile',
      'issuer.pem',
      '-crl_check',
      '-CRLfile',
      'list.pem',
      'end.pem',
    )
    assert.equal(
      await theirs.then(
        () => 'good',
        () => 'revoked',
      ),
      status,
    )
    assert.equal(checkRevocation(holder.certificate, issuer.certificate, { crls: [list], at: now }).status, status)
  }
})

test('we read the lists that it writes', async () => {
  await openssl.put('number', '0A\n')
  await openssl.put(
    'ca.cnf',
    '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=7\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n',
  )
  await openssl.run(
    'ca',
    '-gencrl',
    '-config',
    'ca.cnf',
    '-cert',
    'issuer.pem',
    '-keyfile',
    'issuer.key',
    '-out',
    'theirs.pem',
  )
  const bytes = await openssl.run('crl', '-in', 'theirs.pem', '-outform', 'DER')
  const crl = parseCrl(bytes)
  assert.equal(crl.number, 10n)
  const at = new Date(crl.thisUpdate.getTime() + 1000)
  const statusOf = ({ certificate }: Holder) => checkRevocation(certificate, issuer.certificate, { crls: [crl], at })
  assert.equal(statusOf(good).status, 'good')
  assert.equal(statusOf(revoked).revocationReason, 'keyCompromise')
})
