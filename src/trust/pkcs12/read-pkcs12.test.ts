import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Pkcs12Error, readPkcs12 } from './read-pkcs12.ts'

const folder = mkdtempSync(join(tmpdir(), 'pkcs12-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const PASSWORD = 'sello Ñandú'

openssl(
  'req',
  '-x509',
  '-newkey',
  'rsa:2048',
  '-nodes',
  '-keyout',
  'key.pem',
  '-out',
  'cert.pem',
  '-days',
  '30',
  '-subj',
  '/CN=Sello',
)
const export12 = (name: string, ...more: string[]) => {
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    'key.pem',
    '-in',
    'cert.pem',
    '-out',
    name,
    '-passout',
    `pass:${PASSWORD}`,
    ...more,
  )
  return readFileSync(at(name))
}

test('what OpenSSL exports opens to the same key and certificate, whatever its ciphers', () => {
  const key = createPrivateKey(readFileSync(at('key.pem'))).export({ type: 'pkcs8', format: 'der' })
  for (const cipher of ['AES-256-CBC', 'AES-128-CBC']) {
    const { key: read, certificate } = readPkcs12(
      export12(`${cipher}.p12`, '-keypbe', cipher, '-certpbe', cipher),
      PASSWORD,
    )
    assert.deepEqual(
      createPrivateKey({ key: read, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'der' }),
      key,
    )
    assert.deepEqual(certificate, new X509Certificate(readFileSync(at('cert.pem'))).raw)
  }
})

test('a wrong password and a changed byte look the same: neither opens', () => {
  const file = export12('one.p12')
  assert.throws(() => readPkcs12(file, 'otra'), Pkcs12Error)
  for (let i = 0; i < file.length; i += 41) {
    const broken = Buffer.from(file)
    broken[i] = broken[i]! ^ 0x55
    assert.throws(() => readPkcs12(broken, PASSWORD), Pkcs12Error, `byte ${i}`)
  }
})

test('anything else is a sentence, not a fault', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('hola'), readFileSync(at('cert.pem')), Buffer.alloc(500, 0x30)])
    assert.throws(() => readPkcs12(bytes, PASSWORD), Pkcs12Error)
})
