import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { authority, day, type Holder, newKey } from '#test/support/pki.ts'
import { digestOf, POLICY, timeHolder } from '#test/support/timestamps.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { readTimestampRequest, writeTimestampRequest } from './request.ts'
import { readTimestampResponse, writeGrant, writeRefusal } from './response.ts'
import { verifyAnswer } from './verify-response.ts'
import { verifyToken } from './verify-token.ts'
import { completeToken, prepareToken } from './write-token.ts'

let openssl: Openssl
const ages = { notBefore: day('2020-01-01'), notAfter: day('2045-01-01') }
const root = authority({ subject: 'RAÍZ', ...ages })
const middle = authority({ subject: 'AUTORIDAD', issuer: root, ...ages })
const time = new Date('2026-06-01T12:00:00.120Z')

before(async () => {
  openssl = await openOpenssl()
  await openssl.put('root.pem', pem('CERTIFICATE', root.certificate.der))
  await openssl.put('data', 'act')
})
after(() => openssl.close())

const made = (name: string): Buffer => readFileSync(join(openssl.folder, name))

function answer(request: Buffer, holder: Holder): Buffer {
  const { imprint, nonce, wantsCertificates } = readTimestampRequest(request)
  const parts = { policy: POLICY, imprint: imprint.der, nonce, serial: Buffer.alloc(19, 0xfe), time, accuracy: 1500 }
  const prepared = prepareToken(parts, holder.certificate)
  const options = holder.key.asymmetricKeyType === 'ed25519' ? { digestAlgorithm: 'sha512' as const } : {}
  const signature = signWith(holder.key, options)(prepared.signedAttributes)
  return writeGrant(completeToken(prepared, signature, wantsCertificates ? [middle.certificate.der] : undefined))
}

const keys = {
  'P-256': newKey(),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
}

for (const [name, key] of Object.entries(keys))
  test(`openssl ts asks, we stamp with ${name}, openssl ts verifies`, async () => {
    const holder = timeHolder({ issuer: middle, key, ...ages })
    for (const hash of ['sha256', 'sha384', 'sha512']) {
      await openssl.run('ts', '-query', '-data', 'data', `-${hash}`, '-cert', '-out', 'q')
      const request = made('q')
      await openssl.put('a', answer(request, holder))
      const said = await openssl.run('ts', '-verify', '-queryfile', 'q', '-in', 'a', '-CAfile', 'root.pem')
      assert.match(said.toString(), /Verification: OK/)
      const text = (await openssl.run('ts', '-reply', '-in', 'a', '-text')).toString()
      assert.match(text, /Status: Granted\./)
      assert.match(text, /Accuracy: 0x01 seconds, 0x01F4 millis/)
      assert.match(text, /Jun {2}1 12:00:00\.12 2026/)
    }
  })

test('without certificates asked for there are none, and openssl verifies the token with those it has', async () => {
  const holder = timeHolder({ issuer: middle, ...ages })
  await openssl.run('ts', '-query', '-data', 'data', '-sha256', '-no_nonce', '-out', 'q')
  const request = made('q')
  const response = answer(request, holder)
  await openssl.put('a', response)
  await openssl.put('holder.pem', pem('CERTIFICATE', holder.certificate.der))
  const authorities = [root, middle].map(({ certificate }) => pem('CERTIFICATE', certificate.der))
  await openssl.put('authorities.pem', authorities.join(''))
  await openssl.run('ts', '-reply', '-in', 'a', '-token_out', '-out', 't')
  const words = ['-in', 't', '-inform', 'DER', '-certfile', 'holder.pem', '-CAfile', 'authorities.pem', '-binary']
  await openssl.run('cms', '-verify', ...words, '-purpose', 'timestampsign', '-out', 'info')
  const { token } = readTimestampResponse(response)
  assert.match(verifyToken(token!, () => digestOf('act')).detail, /does not carry/)
})

test('a refusal is read by openssl with its reason', async () => {
  await openssl.put('a', writeRefusal('timeNotAvailable', 'El reloj no es confiable.'))
  const text = (await openssl.run('ts', '-reply', '-in', 'a', '-text')).toString()
  assert.match(text, /Status: Rejected\./)
  assert.match(text, /El reloj no es confiable/)
  assert.match(text, /the TSA's time source is not available/)
  await openssl.put('a', writeRefusal('badAlg', 'x'))
  assert.match((await openssl.run('ts', '-reply', '-in', 'a', '-text')).toString(), /unrecognized or unsupported/)
})

test('we ask, openssl ts stamps, we verify: ESSCertID of both kinds, nonce, policy', async () => {
  const key = newKey()
  const holder = timeHolder({ key, notBefore: day('2024-01-01'), notAfter: day('2045-01-01') })
  await openssl.put('tsa.pem', pem('CERTIFICATE', holder.certificate.der))
  await openssl.put('tsa.key', key.export({ format: 'pem', type: 'pkcs8' }) as string)
  for (const hash of ['sha1', 'sha256', 'sha512']) {
    await openssl.put('serial', '01\n')
    await openssl.put(
      'tsa.cnf',
      `[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4
other_policies=1.2.3.5\ndigests=sha256,sha512\naccuracy=secs:1,millisecs:500,microsecs:100\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=${hash}\n`,
    )
    const nonce = Buffer.from('f011223344556677', 'hex')
    const request = writeTimestampRequest({
      hash: 'sha256',
      digest: digestOf('act'),
      nonce,
      policy: '1.2.3.5',
      wantsCertificates: true,
    })
    await openssl.put('q', request)
    await openssl.run('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q', '-out', 'a')
    const response = made('a')
    const check = verifyAnswer(response, readTimestampRequest(request))
    assert.equal(check.detail, 'the time-stamp holds')
    assert.deepEqual([check.info?.policy, check.info?.accuracy, check.info?.ordering], ['1.2.3.5', 1500.1, true])
    assert.equal(check.info?.authority?.kind, 'directory')
    assert.ok(check.token)
  }
  await openssl.put('q', writeTimestampRequest({ hash: 'sha384', digest: digestOf('act', 'sha384') }))
  await openssl.run('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q', '-out', 'a')
  const refusal = readTimestampResponse(made('a'))
  assert.deepEqual([refusal.status, refusal.failures], [2, ['badAlg']])
})
