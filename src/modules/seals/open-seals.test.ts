import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { pkcs12Of } from '#test/support/pkcs12.ts'
import { day, type Holder, issue } from '#test/support/pki.ts'
import { basePdf } from '#test/support/signed-pdf.ts'
import { parseAlgorithm } from '#trust/certificate/algorithm.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'
import { signatureIdentifier } from '#trust/cms/signature-algorithm.ts'
import { readDer } from '#trust/der/read.ts'
import { signPdf } from '#trust/pdf/sign-pdf.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { readInstitutionSeals } from './institution-seals.ts'
import { openKey } from './key-source.ts'
import { openSeals } from './open-seals.ts'
import type { SealUse } from './seal.ts'
import { keyAtHand } from './signing-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'ventanilla-open-seals-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

function put(name: string, { key, certificate }: Holder): string {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  writeFileSync(at(name), pkcs12Of({ keys: [pkcs8], certificates: [certificate.der] }))
  return at(name)
}
const refused = (work: Promise<unknown>, words: RegExp) =>
  assert.rejects(work, (error: Error) => error instanceof StartRefusal && words.test(error.message))

const authority = issue({ subject: 'Authority' })

describe('a key in a file', () => {
  const pss = () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  const keys: Record<string, () => KeyObject> = {
    RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    'RSA-PSS': pss,
    'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
    Ed25519: () => generateKeyPairSync('ed25519').privateKey,
  }
  for (const [name, make] of Object.entries(keys))
    test(`${name} signs as its certificate says, and a PDF of it holds`, async () => {
      const holder = issue({ subject: name, issuer: authority, key: make() })
      const key = await openKey({ kind: 'pkcs12', file: put(`${name}.p12`, holder), password: '' }, 'SEAL_P12')
      const { certificate, digestAlgorithm } = key
      const bytes = Buffer.from('attributes')
      const algorithm = parseAlgorithm(readDer(signatureIdentifier(certificate.publicKey, { digestAlgorithm })))
      assert.equal(verifySignature(algorithm, certificate.publicKey, bytes, await key.sign(bytes)), 'valid')
      const signer = { certificate, digestAlgorithm, sign: key.sign }
      const field = { fieldName: 'seal', signingTime: day('2025-06-01') }
      const [signature] = verifyPdf(await signPdf(basePdf(), { field, signer, level: 'B-B' })).signatures
      assert.equal(signature?.sound, true)
    })

  test('what is wrong with it is one sentence that names it as the operator does', async () => {
    const open = (file: string, password = '') => openKey({ kind: 'pkcs12', file, password }, 'SEAL_P12')
    await refused(open(at('nowhere')), /^SEAL_P12 cannot be read: .*nowhere$/)
    writeFileSync(at('words'), 'hola')
    await refused(open(at('words')), /^SEAL_P12 cannot be opened: it is not PKCS#12 in DER\.$/)
  })
})

describe('the seals of institutions', () => {
  const known = (institution: string) => ['inm', 'segob'].includes(institution)
  const own = issue({ subject: 'INM' })
  let next = 0
  /** A folder of its own with these files. */
  const seals = (files: Record<string, string>) => {
    const place = at(`seals-${next++}`)
    mkdirSync(place)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content)
    return place
  }
  const file = (institution: string) =>
    `institution: ${institution}\np12:\n  file: ../inm.p12\n  passwordFile: ../empty\n`
  put('inm.p12', own)
  writeFileSync(at('empty'), '\n')

  test('each in a file; no folder is none; other files there are left alone', async () => {
    assert.deepEqual(await readInstitutionSeals(at('none'), known), [])
    const [seal, ...more] = await readInstitutionSeals(seals({ 'a.yaml': file('inm'), 'read.me': 'x' }), known)
    assert.equal(more.length, 0)
    const source = { kind: 'pkcs12', file: at('inm.p12'), password: '' }
    assert.deepEqual(seal, { institution: 'inm', file: 'seals/a.yaml', source })
  })

  test('one that nobody knows, two of one institution, half of a key, or anything else: one sentence', async () => {
    const read = (files: Record<string, string>) => readInstitutionSeals(seals(files), known)
    await refused(read({ 'a.yaml': file('nobody') }), /no institution «nobody»/)
    await refused(read({ 'a.yaml': file('inm'), 'b.yaml': file('inm') }), /inm has a seal in seals\/a\.yaml already/)
    await refused(read({ 'a.yaml': 'institution: inm\n' }), /name either p12 or pkcs11/)
    await refused(read({ 'a.yaml': 'institution: inm\np12: {file: x}\n' }), /seals\/a\.yaml/)
    await refused(read({ 'a.yaml': `${file('inm')}pin: 1234\n` }), /seals\/a\.yaml/)
    await refused(read({ 'a.yaml': 'institution: [' }), /seals\/a\.yaml/)
    await refused(read({ 'a.yaml': file('inm').replace('../empty', '../gone') }), /passwordFile cannot be read/)
  })

  test('an institution’s own acts are under its own seal, the others’ under the platform’s; each use says whose', async () => {
    const uses: SealUse[] = []
    const platform = issue({ subject: 'Platform' })
    const all = await openSeals({
      platform: keyAtHand(platform.key, platform.certificate, []),
      institutions: await readInstitutionSeals(seals({ 'a.yaml': file('inm') }), known),
      writeUse: async (use) => void uses.push(use),
      now: day('2026-01-01'),
    })
    const thing = { kind: 'decision', digest: Buffer.alloc(32) }
    const bytes = Buffer.from('attributes')
    const signature = await all.of('inm').sign(bytes, thing)
    assert.ok(verify('sha256', bytes, own.certificate.publicKey, signature))
    await all.of('segob').sign(bytes, thing)
    assert.deepEqual(
      uses.map(({ seal }) => seal),
      ['inm', 'platform'],
    )
    await all.close()
  })

  test('one that has ended, or does not begin yet, does not seal', async () => {
    const platform = (notBefore: string, notAfter: string) => {
      const { key, certificate } = issue({ subject: 'Platform', notBefore: day(notBefore), notAfter: day(notAfter) })
      return keyAtHand(key, certificate, [])
    }
    const parts = { institutions: [], writeUse: async () => {}, now: day('2026-01-01') }
    await refused(
      openSeals({ ...parts, platform: platform('2020-01-01', '2025-12-31') }),
      /ended on 2025-12-31: renew it/,
    )
    await refused(
      openSeals({ ...parts, platform: platform('2026-02-01', '2030-01-01') }),
      /not in force before 2026-02-01/,
    )
  })
})
