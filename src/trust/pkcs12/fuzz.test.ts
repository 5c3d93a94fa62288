import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { mutateDer, seededRandom } from '#test/support/mutate-der.ts'
import { pkcs12Of, withPbmac1 } from '#test/support/pkcs12.ts'
import { type Pkcs12, Pkcs12Error, readPkcs12 } from './read-pkcs12.ts'

const folder = mkdtempSync(join(tmpdir(), 'pkcs12-fuzz-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
openssl(
  'req',
  '-x509',
  '-newkey',
  'ed25519',
  '-nodes',
  '-keyout',
  'key',
  '-out',
  'cer',
  '-days',
  '30',
  '-subj',
  '/CN=S',
)
const export12 = (...more: string[]) => {
  const once = ['-iter', '1', '-nomaciter', '-passout', 'pass:x']
  openssl('pkcs12', '-export', '-inkey', 'key', '-in', 'cer', '-out', 'p12', ...once, ...more)
  return readFileSync(join(folder, 'p12'))
}
const usual = export12()
const { key, certificate } = readPkcs12(usual, 'x')
const samples: Record<string, Buffer> = {
  'as OpenSSL 3 writes it': usual,
  'in the old way': export12('-legacy'),
  'with PBMAC1': withPbmac1(usual, 'x', 1),
  'nothing hidden, no MAC': pkcs12Of({ keys: [key], certificates: [certificate] }),
}

/** Undefined where it is refused; anything else thrown fails the test. */
function read(file: Buffer): Pkcs12 | undefined {
  try {
    return readPkcs12(file, 'x')
  } catch (error) {
    assert.ok(error instanceof Pkcs12Error, `${error}`)
    return undefined
  }
}

/** What still opens holds what it held: the change was outside of what the MAC covers, or of what is used. */
function holdsTheSame(file: Buffer, what: string): void {
  const opened = read(file)
  assert.ok(!opened || (opened.key.equals(key) && opened.certificate.equals(certificate)), what)
}

const MUTATIONS = process.env.LONG_TESTS ? 10_000 : 1500

for (const [name, file] of Object.entries(samples)) {
  test(`${name}: each byte flipped, parts moved, dropped and doubled: refused, or the same as before`, () => {
    for (let i = 0; i < file.length; i += 1) {
      const flipped = Buffer.from(file)
      flipped[i]! ^= 1 << (i % 8)
      // Without a MAC nothing holds a byte of the key to the others but its certificate, nor any byte of that.
      if (name.endsWith('no MAC')) read(flipped)
      else holdsTheSame(flipped, `byte ${i}`)
    }
    const random = seededRandom(12)
    for (let i = 0; i < MUTATIONS; i += 1) {
      const mutated = mutateDer(file, random)
      if (name.endsWith('no MAC')) read(mutated)
      else holdsTheSame(mutated, `mutation ${i}`)
    }
    for (let end = 0; end < file.length; end += 7) assert.equal(read(file.subarray(0, end)), undefined)
  })
}
