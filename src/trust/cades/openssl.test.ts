import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  allLevels,
  openCadesWorld,
  prepareOver,
  signCades,
  stampArchive,
  stampSignature,
} from '#test/support/cades-world.ts'
import { type CmsSigner, makeSigners, root } from '#test/support/cms-signers.ts'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { day, issue } from '#test/support/pki.ts'
import { timestampOverDigest } from '#test/support/signed-pdf.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { OID } from '#trust/der/oids.ts'
import { cadesFacts } from './cades-facts.ts'
import { addArchiveTimestamp, prepareArchiveTimestamp } from './grow-signature.ts'
import { addSigner } from './make-signature.ts'

const content = randomBytes(10_000)
const world = openCadesWorld()
// openssl 3.0 knows the key but not its CMS (RFC 8419).
const { Ed25519: _, ...signers } = makeSigners()
let openssl: Openssl

before(async () => {
  openssl = await openOpenssl()
  await openssl.put('root.pem', pem('CERTIFICATE', root.certificate.der))
  await openssl.put('world.pem', pem('CERTIFICATE', world.root.certificate.der))
  await openssl.put('content.bin', content)
})
after(() => openssl.close())

async function accepted(message: Buffer, anchor: string, ...words: string[]): Promise<boolean> {
  const path = await openssl.put('message.der', message)
  const common = ['-verify', '-cades', '-inform', 'DER', '-in', path, '-purpose', 'any', '-binary', '-CAfile', anchor]
  const options = ['-attime', String(Date.parse('2025-06-02') / 1000), ...words]
  return (await openssl.run('cms', ...common, ...options)).equals(content)
}

describe('openssl cms accepts what is made', () => {
  for (const enveloping of [false, true])
    test(`at every level, ${enveloping ? 'with its content' : 'detached'}`, async () => {
      const given = enveloping ? [] : ['-content', 'content.bin']
      for (const message of Object.values(allLevels(content, world, { enveloping })))
        assert.ok(await accepted(message, 'world.pem', ...given))
    })

  test('several signers, added one after the other to a message that is stamped already', async () => {
    const [first, ...others] = Object.values(signers) as [CmsSigner, ...CmsSigner[]]
    let message = stampSignature(signCades(content, first), world.time, new Date('2025-06-01T00:00:10Z'))
    for (const each of others) {
      const prepared = prepareOver(content, each, each)
      message = addSigner(message, prepared, signWith(each.key, each)(prepared.signedAttributes))
    }
    assert.ok(await accepted(message, 'root.pem', '-content', 'content.bin'))
    const { signatures } = cadesFacts(message, content)
    assert.deepEqual(
      signatures.map(({ level }) => level),
      ['B-T', ...others.map(() => 'B-B')],
    )
  })

  test('a key that is for PSS alone, by its certificate', async () => {
    const key = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
    const message = signCades(content, issue({ subject: 'pss only', issuer: root, key }))
    assert.equal(cadesFacts(message, content).signatures[0]?.facts.sound, true)
    assert.ok(await accepted(message, 'root.pem', '-content', 'content.bin'))
  })

  test('openssl ts accepts the archive time-stamp with its index', async () => {
    const { 'B-LT': message } = allLevels(content, world, { enveloping: true })
    const prepared = prepareArchiveTimestamp(message)
    const stamped = addArchiveTimestamp(prepared, timestampOverDigest(prepared.imprint, world.time))
    const token = readSignedData(stamped).signers[0]!.unsignedAttributes!.values.get(OID.archiveTimestampV3)![0]!.bytes
    const path = await openssl.put('token.der', token)
    const words = ['-verify', '-digest', prepared.imprint.toString('hex'), '-in', path, '-token_in']
    const said = await openssl.run('ts', ...words, '-CAfile', 'world.pem', '-attime', '1748822400')
    assert.match(String(said), /Verification: OK/)
  })
})

describe('what openssl cms makes is verified', () => {
  const key = async ({ key: own, certificate }: CmsSigner): Promise<string[]> => [
    '-signer',
    await openssl.put('signer.pem', pem('CERTIFICATE', certificate.der)),
    '-inkey',
    await openssl.put('key.pem', String(own.export({ type: 'pkcs8', format: 'pem' }))),
  ]
  const sign = async (words: string[]): Promise<Buffer> => {
    await openssl.run('cms', '-sign', '-binary', '-in', 'content.bin', '-outform', 'DER', '-out', 'made.der', ...words)
    return readFile(join(openssl.folder, 'made.der'))
  }

  for (const [name, signer] of Object.entries(signers))
    test(`${name}: detached, with its content, and written while it was read`, async () => {
      const { digestAlgorithm: md, pss } = signer
      const words = [...(await key(signer)), '-cades', '-md', md, ...(pss ? ['-keyopt', 'rsa_padding_mode:pss'] : [])]
      for (const more of [[], ['-keyid']]) {
        const [detached] = cadesFacts(await sign([...words, ...more]), content).signatures
        assert.deepEqual([detached?.facts.sound, detached?.level], [true, 'B-B'])
      }
      // Of PSS openssl 3.0 cannot write what it has not read to the end.
      for (const more of pss ? [[]] : [[], ['-stream']]) {
        const made = await sign([...words, ...more, '-nodetach'])
        assert.equal(made[1] === 0x80, more.length > 0)
        const enveloping = cadesFacts(made)
        assert.deepEqual([enveloping.signatures[0]?.facts.sound, enveloping.content], [true, content])
      }
    })

  test('two signers; of another content neither; without attributes, or without saying whose, none', async () => {
    const [a, b] = Object.values(signers) as [CmsSigner, CmsSigner]
    const one = await key(a)
    await openssl.run(
      'cms',
      '-sign',
      '-binary',
      '-in',
      'content.bin',
      '-outform',
      'DER',
      '-out',
      'one.der',
      ...one,
      '-cades',
    )
    const words = [...(await key(b)), '-cades', '-resign', '-inform', 'DER', '-in', 'one.der', '-outform', 'DER']
    await openssl.run('cms', ...words, '-out', 'made.der')
    const two = await readFile(join(openssl.folder, 'made.der'))
    const sound = (given: Buffer) => cadesFacts(two, given).signatures.map(({ facts }) => facts.sound)
    assert.deepEqual(sound(content), [true, true])
    assert.deepEqual(sound(randomBytes(10_000)), [false, false])
    const failure = async (more: string[]) =>
      cadesFacts(await sign([...(await key(a)), ...more]), content).signatures[0]?.facts.failure
    assert.equal(await failure(['-noattr']), 'SIG_CONSTRAINTS_FAILURE')
    assert.equal(await failure([]), 'NO_SIGNING_CERTIFICATE_FOUND')
    assert.equal(await failure(['-cades', '-nocerts']), 'NO_SIGNING_CERTIFICATE_FOUND')
    assert.equal(await failure(['-cades', '-md', 'sha1']), 'CRYPTO_CONSTRAINTS_FAILURE')
  })

  test('what it made grows to B-LTA, and it still accepts it', async () => {
    for (const signer of Object.values(signers)) {
      const made = await sign([...(await key(signer)), '-cades', '-md', signer.digestAlgorithm, '-nodetach'])
      const before = readSignedData(made).signers[0]!.fields
      const stamped = stampSignature(made, world.time, day('2025-06-01'))
      const data = world.dataOn(day('2025-06-02'))
      const grown = stampArchive(stamped, content, world.time, day('2025-06-03'), { data })
      assert.deepEqual(readSignedData(grown).signers[0]!.fields, before)
      assert.equal(cadesFacts(grown).signatures[0]?.level, 'B-LTA')
      assert.ok(await accepted(grown, 'root.pem'))
    }
  })

  test('signing-certificate of the first version, which it writes with SHA-1, where old files are allowed', async () => {
    const [signer] = Object.values(signers) as [CmsSigner]
    const old = await sign([...(await key(signer)), '-cades', '-md', 'sha1'])
    assert.ok(readSignedData(old).signers[0]!.signedAttributes!.values.has(OID.signingCertificate))
    assert.equal(cadesFacts(old, content, { allowLegacyAlgorithms: true }).signatures[0]?.facts.sound, true)
  })
})
