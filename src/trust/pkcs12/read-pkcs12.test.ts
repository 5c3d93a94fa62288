import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { pkcs12Of, withMac, withPbmac1 } from '#test/support/pkcs12.ts'
import { OID } from '#trust/der/oids.ts'
import { nothing, oid, sequence } from '#trust/der/write.ts'
import { Pkcs12Error, type Pkcs12Problem, readPkcs12 } from './read-pkcs12.ts'

const folder = mkdtempSync(join(tmpdir(), 'pkcs12-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const PASSWORD = 'sello Ñandú'

const certificate = (name: string, ...key: string[]) =>
  openssl(
    'req',
    '-x509',
    ...key,
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-days',
    '30',
    '-subj',
    `/CN=${name}`,
  )
certificate('rsa', '-newkey', 'rsa:2048')
certificate('p256', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256')
certificate('p521', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521')
certificate('ed25519', '-newkey', 'ed25519')
writeFileSync(at('others.pem'), ['p256', 'p521'].map((name) => readFileSync(at(`${name}.pem`))).join(''))

function export12(name: string, more: string[] = [], password = PASSWORD): Buffer {
  const [key, pem] = [`${name}.key`, `${name}.pem`]
  openssl('pkcs12', '-export', '-inkey', key, '-in', pem, '-out', 'made.p12', '-passout', `pass:${password}`, ...more)
  return readFileSync(at('made.p12'))
}

const der = (name: string) => new X509Certificate(readFileSync(at(`${name}.pem`))).raw
const normal = (key: Buffer) =>
  createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'der' }).toString('hex')
const keyOf = (name: string) =>
  createPrivateKey(readFileSync(at(`${name}.key`)))
    .export({ type: 'pkcs8', format: 'der' })
    .toString('hex')

function opensAs(name: string, file: Buffer, password = PASSWORD, chain: string[] = []): void {
  const read = readPkcs12(file, password)
  assert.equal(normal(read.key), keyOf(name))
  assert.deepEqual(read.certificate, der(name))
  assert.deepEqual(read.chain, chain.map(der))
}

function refused(file: Buffer, problem: Pkcs12Problem, password = PASSWORD): void {
  assert.throws(
    () => readPkcs12(file, password),
    (error) => error instanceof Pkcs12Error && error.problem === problem,
    problem,
  )
}

describe('what OpenSSL exports opens to the same key and certificate', () => {
  for (const name of ['rsa', 'p256', 'p521', 'ed25519']) test(name, () => opensAs(name, export12(name)))

  const ways: Record<string, string[]> = {
    'AES-128': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC'],
    'AES-192': ['-keypbe', 'AES-192-CBC', '-certpbe', 'AES-192-CBC'],
    'three DES under PBES2': ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'DES-EDE3-CBC'],
    'as Windows and OpenSSL 1 do: RC2 with 40 bits, three DES, SHA-1': ['-legacy'],
    'RC2 with 128 bits, DES with two keys': ['-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128'],
    'a MAC of SHA-1': ['-macalg', 'sha1'],
    'a MAC of SHA-512': ['-macalg', 'sha512'],
    'one iteration': ['-iter', '1', '-nomaciter'],
    'no MAC at all': ['-nomac'],
    'certificates as they are': ['-certpbe', 'NONE'],
    'nothing hidden but by the MAC': ['-certpbe', 'NONE', '-keypbe', 'NONE'],
    'a friendly name': ['-name', 'Sello de la Agencia'],
  }
  for (const [name, more] of Object.entries(ways)) test(name, () => opensAs('rsa', export12('rsa', more)))

  test('several certificates: the key’s own is found, the others follow', () =>
    opensAs('rsa', export12('rsa', ['-certfile', 'others.pem']), PASSWORD, ['p256', 'p521']))

  test('an empty password, in the old way and the new', () => {
    opensAs('rsa', export12('rsa', [], ''), '')
    opensAs('rsa', export12('rsa', ['-legacy'], ''), '')
  })
})

test('what Java’s keytool makes, as it does now and as it did', { skip: hasKeytool() ? false : 'no keytool' }, () => {
  for (const more of [
    ['-keyalg', 'RSA'],
    ['-J-Dkeystore.pkcs12.legacy', '-keyalg', 'EC', '-groupname', 'secp256r1'],
  ]) {
    const store = ['-storetype', 'PKCS12', '-keystore', 'java.p12', '-storepass', 'secreto1', '-dname', 'CN=Java']
    execFileSync('keytool', [...more, '-genkeypair', '-alias', 'sello', ...store], { cwd: folder, stdio: 'pipe' })
    const file = readFileSync(at('java.p12'))
    rmSync(at('java.p12'))
    assert.equal(new X509Certificate(readPkcs12(file, 'secreto1').certificate).subject, 'CN=Java')
    refused(file, 'wrong-password', 'secreto2')
  }
})

function hasKeytool(): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v keytool'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('a MAC of PBMAC1', () => {
  const file = withPbmac1(export12('rsa'), PASSWORD)
  opensAs('rsa', file)
  refused(file, 'wrong-password', 'otra')
})

test('a wrong password is told from a broken file, with a MAC and without', () => {
  for (const more of [[], ['-legacy'], ['-nomac'], ['-macalg', 'sha1']]) {
    const file = export12('rsa', more)
    refused(file, 'wrong-password', 'otra')
    refused(file, 'wrong-password', '')
    const broken = Buffer.from(file)
    // In the middle of the hidden certificates.
    broken[400]! ^= 0x55
    if (more[0] === '-nomac') assert.throws(() => readPkcs12(broken, PASSWORD), Pkcs12Error)
    else refused(broken, 'broken')
  }
})

test('no byte changed goes unnoticed where there is a MAC', () => {
  const file = export12('rsa', ['-iter', '1', '-nomaciter'])
  for (let i = 0; i < file.length; i += 13) {
    const changed = Buffer.from(file)
    changed[i]! ^= 0x55
    assert.throws(() => readPkcs12(changed, PASSWORD), Pkcs12Error, `byte ${i}`)
  }
})

test('what costs too much is refused before it is paid: iterations, size', () => {
  const file = export12('rsa')
  const digest = sequence(oid(OID.sha256), nothing())
  refused(withMac(file, digest, { mac: Buffer.alloc(32), iterations: 800_000 }), 'too-costly')
  refused(withPbmac1(file, PASSWORD, 3_000_001), 'too-costly')
  refused(withMac(file, digest, { mac: Buffer.alloc(32), iterations: 0 }), 'broken')
  refused(Buffer.alloc(1_000_001, 0x30), 'too-costly')
})

test('a file without a key, with two, or with somebody else’s certificate is told so', () => {
  openssl('pkcs12', '-export', '-nokeys', '-in', 'others.pem', '-out', 'none.p12', '-passout', `pass:${PASSWORD}`)
  refused(readFileSync(at('none.p12')), 'no-key')
  const [rsa, p256] = ['rsa', 'p256'].map((name) => Buffer.from(keyOf(name), 'hex'))
  refused(pkcs12Of({ keys: [rsa!, p256!], certificates: [der('rsa')] }), 'several-keys')
  refused(pkcs12Of({ keys: [rsa!], certificates: [der('p256')] }), 'no-certificate')
  opensAs('rsa', pkcs12Of({ keys: [rsa!, rsa!], certificates: [der('p256'), der('rsa'), der('p256')] }), '', ['p256'])
})

test('a private key that was damaged is not used, though its public half is that of the certificate', () => {
  const key = Buffer.from(keyOf('rsa'), 'hex')
  const damaged = Buffer.from(key)
  // In the private exponent and in a prime: OpenSSL signs with the ones and, where that does not hold, with the other.
  damaged[400]! ^= 1
  damaged[600]! ^= 1
  refused(pkcs12Of({ keys: [damaged], certificates: [der('rsa')] }), 'broken')
})

test('anything else is a sentence, not a fault', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('hola'), Buffer.alloc(500, 0x30), readFileSync(at('rsa.pem'))])
    refused(bytes, 'not-pkcs12')
  refused(Buffer.from(der('rsa')), 'not-pkcs12')
})
