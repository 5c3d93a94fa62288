import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type CmsSigner, makeSigners, root, signContent } from '#test/support/cms-signers.ts'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { revocationList } from '#test/support/pki.ts'
import { OID } from '#trust/der/oids.ts'
import { writeSignedData } from './write-signed-data.ts'

const content = randomBytes(10_000)
// openssl 3.0 knows the key but not its CMS (RFC 8419): "invalid digest".
const { Ed25519: ed25519, ...signers } = makeSigners()
let openssl: Openssl

before(async () => {
  openssl = await openOpenssl()
  await openssl.put('root.pem', pem('CERTIFICATE', root.certificate.der))
  await openssl.put('content.bin', content)
})
after(() => openssl.close())

/** What openssl gives back as the content. */
async function verify(message: Buffer, ...words: string[]): Promise<Buffer> {
  const path = await openssl.put('message.der', message)
  const common = ['-verify', '-inform', 'DER', '-in', path, '-CAfile', 'root.pem', '-purpose', 'any', '-binary']
  return openssl.run('cms', ...common, ...words)
}

describe('openssl cms accepts what is written', () => {
  for (const [name, signer] of Object.entries(signers)) {
    test(`${name}: detached, and with its content`, async () => {
      const parts = signContent(signer, content)
      const detached = await verify(writeSignedData({ signers: [parts] }), '-content', 'content.bin', '-cades')
      assert.deepEqual(detached, content)
      assert.deepEqual(await verify(writeSignedData({ signers: [parts], content }), '-cades'), content)
    })
  }

  test('all of them in one message', async () => {
    const all = Object.values(signers).map((each) => signContent(each, content, { signingTime: new Date() }))
    assert.deepEqual(await verify(writeSignedData({ signers: all, content }), '-cades'), content)
  })

  test('a signer named by its key, a content of another type, a list beside', async () => {
    const [signer] = Object.values(signers) as [CmsSigner]
    const byKey = signContent(signer, content, {}, { byKeyIdentifier: true })
    assert.deepEqual(await verify(writeSignedData({ signers: [byKey], content }), '-cades'), content)
    const contentType = OID.tstInfo
    const typed = writeSignedData({ signers: [signContent(signer, content, { contentType })], content, contentType })
    assert.deepEqual(await verify(typed, '-cades'), content)
    const crls = [revocationList({ issuer: root })]
    assert.deepEqual(await verify(writeSignedData({ signers: [signContent(signer, content)], content, crls })), content)
  })

  test('Ed25519, of which openssl 3.0 only takes the signature value', async () => {
    const { signedAttributes, signature } = signContent(ed25519!, content)
    const key = ed25519!.certificate.publicKey.export({ type: 'spki', format: 'pem' })
    await openssl.put('attributes.der', signedAttributes)
    await openssl.put('signature.bin', signature)
    const words = ['-verify', '-pubin', '-inkey', await openssl.put('key.pem', key), '-rawin', '-in', 'attributes.der']
    assert.match(String(await openssl.run('pkeyutl', ...words, '-sigfile', 'signature.bin')), /Verified Successfully/)
  })

  test('of another content it refuses all', async () => {
    await openssl.put('other.bin', randomBytes(10_000))
    for (const signer of Object.values(signers)) {
      const message = writeSignedData({ signers: [signContent(signer, content)] })
      await assert.rejects(verify(message, '-content', 'other.bin'))
    }
  })
})
