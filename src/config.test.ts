import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, requireSeal } from './config.ts'
import { StartRefusal } from './kernel/embedded-postgres.ts'

const refused = (environment: Record<string, string>, words: RegExp) =>
  assert.throws(
    () => requireSeal(readConfig(environment)),
    (error) => {
      assert.ok(error instanceof StartRefusal, String(error))
      assert.match(error.message, words)
      return !error.message.includes('\n')
    },
  )

test('each variable that is wrong is one sentence with its name', () => {
  for (const text of ['abc', '0', '70000', '3000.5']) refused({ PORT: text }, /^PORT/)
  for (const text of [
    'junk',
    'http://example.org',
    'ftp://localhost',
    'https://a.example/path',
    'http://127.0.0.1:3000',
  ])
    refused({ PUBLIC_URL: text }, /^PUBLIC_URL/)
  for (const text of ['junk', '2026', '2026-02-31T00:00:00Z', '2026-11-24T15:00:00'])
    refused({ DEMO_CLOCK: text }, /^DEMO_CLOCK/)
  refused({ DEMO: 'yes' }, /^DEMO must be/)
  refused({ DATABASE_URL: 'mysql://host/db' }, /^DATABASE_URL/)
  refused({ TSA_URL: 'smtp://host' }, /^TSA_URL/)
  refused({ LOG_LEVEL: 'loud' }, /^LOG_LEVEL/)
  refused({ PACK_DIR: '/nowhere' }, /^PACK_DIR/)
  refused({ LIMIT_REQUESTS_PER_MINUTE: '0' }, /^LIMIT_REQUESTS_PER_MINUTE/)
})

test('a demo without DATABASE_URL, none with one; outside a demo no demo’s clock, and a seal', () => {
  assert.equal(readConfig({}).demo, true)
  const outside = { DATABASE_URL: 'postgres://owner:word@localhost/shop' }
  assert.equal(readConfig(outside).demo, false)
  assert.equal(readConfig({ ...outside, DEMO: '1' }).demo, true)
  refused(outside, /^SEAL_P12/)
  refused({ DEMO: '0' }, /^SEAL_P12/)
  const token = { SEAL_PKCS11_MODULE: '/lib/module.so', SEAL_PKCS11_TOKEN: 'sellos', SEAL_PKCS11_KEY: 'plataforma' }
  refused({ SEAL_P12: 'seal.p12' }, /^SEAL_PASSWORD_FILE/)
  refused({ SEAL_PKCS11_MODULE: '/lib/module.so' }, /^SEAL_PKCS11_TOKEN/)
  refused({ ...token, SEAL_PKCS11_KEY: '' }, /^SEAL_PKCS11_KEY/)
  refused(token, /^SEAL_PIN_FILE/)
  refused({ ...token, SEAL_PIN_FILE: '/nowhere' }, /^SEAL_PIN_FILE cannot be read/)
  refused({ ...token, SEAL_P12: 'seal.p12' }, /leave one out/)
  refused({ SEAL_PIN_FILE: '/nowhere' }, /goes with SEAL_PKCS11_MODULE/)
  refused({ DEMO: '0', DEMO_CLOCK: '2021-06-29T15:00:00Z' }, /^DEMO_CLOCK/)
})

test('an address that may hold a password is not repeated', () => {
  assert.throws(
    () => readConfig({ SMTP_URL: 'http://user:secret@host' }),
    (error: Error) => /^SMTP_URL/.test(error.message) && !error.message.includes('secret'),
  )
})

test('the origin is the address without a slash at its end', () => {
  assert.equal(readConfig({}).publicUrl, 'http://localhost:3000')
  assert.equal(readConfig({ PORT: '3456' }).publicUrl, 'http://localhost:3456')
  assert.equal(readConfig({ PUBLIC_URL: 'https://shop.example/' }).publicUrl, 'https://shop.example')
})
