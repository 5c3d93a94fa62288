import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { reachDatabase } from '#kernel/backup.ts'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { issue } from '../support/pki.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { type SoftToken, startSoftToken, withoutSoftToken } from '../support/soft-token.ts'

const run = promisify(execFile)
const ventanilla = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

/** The keys of the State live in SoftHSM2, as they would in hardware: the platform's, renewed later, and an institution's own. */
describe('a shop whose seals are in a token', { skip: withoutSoftToken }, () => {
  const authority = issue({ subject: 'Autoridad de sellos', key: rsa() })
  let token: SoftToken
  let shop: TestShop
  let dataDir: string
  const environment: Record<string, string> = {}
  const at = (name: string) => join(dataDir, name)

  const command = (...args: string[]) =>
    run(ventanilla, args, { env: { ...process.env, ...environment, DATA_DIR: dataDir } })

  before(async () => {
    token = await startSoftToken()
    dataDir = await mkdtemp(join(tmpdir(), 'ventanilla-sealed-'))
    await token.add(issue({ subject: 'Sello uno', issuer: authority, key: rsa() }), 'uno', 'a1')
    await token.add(issue({ subject: 'Sello dos', issuer: authority, key: rsa() }), 'dos', 'a2')
    await token.add(issue({ subject: 'Sello de Gobernación', issuer: authority }), 'segob', 'a3')
    await writeFile(at('pin.txt'), `${token.pin}\n`)
    const place = ['--pkcs11-module', token.module, '--pkcs11-token', token.label, '--pin-file', at('pin.txt')]
    await command('seals', 'add', '--institution', 'segob', ...place, '--pkcs11-key', 'segob')
    Object.assign(environment, {
      DATA_DIR: dataDir,
      SEAL_PKCS11_MODULE: token.module,
      SEAL_PKCS11_TOKEN: token.label,
      SEAL_PKCS11_KEY: 'uno',
      SEAL_PIN_FILE: at('pin.txt'),
      LOG_LEVEL: 'info',
    })
    shop = await startShop(environment)
  })
  after(async () => {
    await shop?.stop()
    await token?.remove()
  })

  const enter = async () => {
    const efirma = await openEfirma(shop.person('guadalupe'))
    const client = openShopClient(shop.url)
    return { shop: client, efirma, whoami: await signIn(client, efirma) }
  }
  type Person = Awaited<ReturnType<typeof enter>>
  const ask = (person: Person, out: string) =>
    apply(person, {
      service: 'segob-constancia-curp',
      data: undefined,
      attach: [],
      consent: true,
      email: undefined,
      out: at(out),
    })
  /** Opens its notice, as the law has it: the act is there afterwards. */
  const decisionOn = async ({ shop: client, efirma }: Person, folio: string): Promise<string> => {
    for (let i = 0; i < 60; i += 1) {
      const { items } = await client.get<{ items: Array<{ id: string; folio: string }> }>(
        '/api/v1/notices?consult=true',
      )
      const path = `/api/v1/notices/${items.find((each) => each.folio === folio)?.id}`
      if (path.endsWith('undefined')) {
        await new Promise((resolve) => setTimeout(resolve, 200))
        continue
      }
      const prepared = await client.post<Prepared>(`${path}/prepare`, {})
      await client.post(
        `${path}/signature`,
        signPrepared(efirma, prepared, () => true),
      )
      await writeFile(at('decision.pdf'), await client.download(`${path}/act`))
      return at('decision.pdf')
    }
    throw new Error('no decision')
  }
  const verify = async (file: string) => {
    const { stdout } = await command('verify', '--json', file).catch((error: { stdout: string }) => error)
    const { verdict, findings } = JSON.parse(stdout)
    return [
      verdict,
      ...findings.map(({ name, ofInstitution = 'platform' }: Record<string, string>) => `${name}: ${ofInstitution}`),
    ]
  }
  const sealedBy = async (file: string) => {
    const { stdout } = await run('pdfsig', ['-nocert', file])
    assert.match(stdout, /Signature is Valid/)
    assert.match(stdout, /Total document signed/)
    return /Signer Certificate Common Name: (.+)/.exec(stdout)![1]
  }

  test('the receipt bears the platform’s seal, the decision that of the institution', async () => {
    const person = await enter()
    const { folio, receipt } = await ask(person, 'one')
    assert.deepEqual(await verify(receipt!), ['sound', 'Sello uno: platform'])
    assert.equal(await sealedBy(receipt!), 'Sello uno')
    const decision = await decisionOn(person, folio)
    assert.deepEqual(await verify(decision), ['sound', 'Sello de Gobernación: segob'])
    assert.equal(await sealedBy(decision), 'Sello de Gobernación')
    assert.match(shop.log(), /"seal":"segob","kind":"decision"[^\n]+"seal used"/)
  })

  test('what the operator seals by hand is on record like the rest, before the key is asked', async () => {
    const by = ['--institution', 'segob', '--out', at('by-hand.pdf')]
    await command('seal', at('one/acuse.pdf'), ...by, '--json')
    const { stdout } = await run('pdfsig', ['-nocert', at('by-hand.pdf')])
    assert.deepEqual(
      [...stdout.matchAll(/Common Name: (.+)/g)].map(([, name]) => name),
      ['Sello uno', 'Sello de Gobernación'],
    )
    const { url, release } = await reachDatabase(dataDir)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query('select seal, kind from seals.use order by at, id')
    await client.end()
    await release()
    assert.deepEqual(rows.at(-1), { seal: 'segob', kind: 'command' })
    assert.ok(rows.some(({ seal, kind }) => seal === 'platform' && kind === 'receipt'))
  })

  test('renewed: what the old seal sealed is verified as before, and the new one seals', async () => {
    await shop.halt()
    shop = await startShop({ ...environment, SEAL_PKCS11_KEY: 'dos' })
    assert.deepEqual(await verify(at('one/acuse.pdf')), ['sound', 'Sello uno: platform'])
    const { receipt } = await ask(await enter(), 'two')
    assert.deepEqual(await verify(receipt!), ['sound', 'Sello dos: platform'])
    const { items } = JSON.parse((await command('seals', 'list', '--json')).stdout)
    const told = items.map(({ holder, until }: Record<string, string>) => `${holder} ${until ? 'until' : 'in use'}`)
    assert.deepEqual(told.sort(), ['platform in use', 'platform until', 'segob in use'])
    const old = items.find(({ until }: Record<string, string>) => until).sha256
    assert.match((await command('seals', 'lost', old)).stdout, /platform +lost/)
    assert.deepEqual(await verify(at('one/acuse.pdf')), ['untrusted', 'Sello uno: platform'])
  })

  test('a wrong PIN, a key that is not there: one sentence, and no start', async () => {
    await shop.halt()
    await assert.rejects(startShop({ ...environment, SEAL_PKCS11_KEY: 'tres' }), /holds no private key «tres»\.\n$/)
    await writeFile(at('pin.txt'), '000000\n')
    await assert.rejects(startShop(environment), /the PIN is wrong \(CKR_PIN_INCORRECT, C_Login\)\.\n$/)
  })
})
