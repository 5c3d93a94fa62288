import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { sha256 } from '#kernel/bytes.ts'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { type Prepared, signPrepared } from '../../bin/client/sign-document.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { freePort, startShop, type TestShop } from '../support/shop.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const ventanilla = join(root, 'bin/ventanilla')
const SERVICE = 'cofepris-aviso-funcionamiento'

/** A deployment: its own authorities, lists, seal, mail server and administrator; another shop's demo authority plays the tax service. */
describe('without a demo', () => {
  let issuer: TestShop
  let shop: TestShop
  let dataDir: string
  let environment: Record<string, string>
  const mails: ParsedMail[] = []
  let smtp: SMTPServer
  const command = (...args: string[]) =>
    run(ventanilla, args, { env: { ...process.env, ...environment, DATA_DIR: dataDir } })

  before(async () => {
    issuer = await startShop()
    dataDir = await mkdtemp(join(tmpdir(), 'ventanilla-real-'))
    const smtpPort = await freePort()
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _, done) => {
        simpleParser(stream)
          .then((mail) => mails.push(mail))
          .then(() => done(), done)
      },
    })
    await new Promise<void>((resolve) => smtp.listen(smtpPort, '127.0.0.1', () => resolve()))
    await makeSeal(dataDir)
    environment = {
      DEMO: '0',
      SEAL_P12: join(dataDir, 'seal.p12'),
      SEAL_PASSWORD_FILE: join(dataDir, 'seal.txt'),
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    }
    await trustIssuer(issuer, dataDir, command)
    shop = await startShop({ ...environment, DATA_DIR: dataDir })
    for (const role of ['officer', 'signer'])
      await command(
        'admin',
        'grant',
        '--cer',
        issuer.person('cofepris-signer').cer,
        '--role',
        role,
        '--institution',
        'cofepris',
      )
  })
  after(async () => {
    await shop?.stop()
    await issuer?.stop()
    await new Promise<void>((resolve) => (smtp ? smtp.close(() => resolve()) : resolve()))
    await rm(dataDir, { recursive: true, force: true })
  })

  const enter = async (id: string) => {
    const { cer, key, passwordFile } = issuer.person(id)
    const efirma = await openEfirma({ cer, key, passwordFile })
    const client = openShopClient(shop.url)
    return { shop: client, efirma, whoami: await signIn(client, efirma) }
  }
  const mailTo = async (address: string, like: RegExp): Promise<ParsedMail> => {
    for (let i = 0; i < 60; i += 1) {
      const found = mails.find(
        ({ to, text }) => [to].flat().some((each) => each?.text === address) && like.test(text ?? ''),
      )
      if (found) return found
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`no mail to ${address}`)
  }

  test('nothing of a demo is there', async () => {
    for (const path of ['/demo', '/demo/people.json', '/demo/reloj'])
      assert.equal((await fetch(shop.url + path)).status, 404)
    const moved = await fetch(`${shop.url}/api/v1/demo/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"days":1}',
    })
    assert.equal(moved.status, 404)
    assert.doesNotMatch(await (await fetch(shop.url)).text(), /vn-demo/)
  })

  test('a code confirms the address; until then it gets nothing else; then the aviso says only that there is something', async () => {
    const person = await enter('guadalupe')
    const address = 'guadalupe@correo.example'
    const { folio, receipt } = await apply(person, {
      service: SERVICE,
      data: undefined,
      attach: [],
      consent: true,
      email: address,
      out: join(dataDir, 'out'),
    })
    assert.ok(receipt)
    const code = /\b\d{6}\b/.exec((await mailTo(address, /\b\d{6}\b/)).text!)![0]
    await assert.rejects(
      person.shop.post('/api/v1/me/email/confirmation', { code: code === '000000' ? '000001' : '000000' }),
      {
        code: 'email-code-wrong',
      },
    )
    await person.shop.post('/api/v1/me/email/confirmation', { code })
    const signer = await enter('cofepris-signer')
    const path = `/api/v1/office/cases/${folio}`
    await signer.shop.post(`${path}/assignment`, {})
    const reasons = 'Los datos están completos y la actividad requiere aviso.'
    await signer.shop.put(`${path}/decision`, { outcome: 'granted', reasons })
    const prepared = await signer.shop.post<Prepared>(`${path}/decision/prepare`, {})
    await signer.shop.post(
      `${path}/decision/signature`,
      signPrepared(signer.efirma, prepared, () => true),
    )
    const aviso = await mailTo(address, /buzón/)
    assert.match(aviso.text!, /Comisión Federal/)
    assert.doesNotMatch(`${aviso.subject} ${aviso.text}`, new RegExp(`${folio}|concede|Fonda|GUADALUPE`, 'i'))
    const { stdout } = await command('verify', receipt, '--json')
    const verified = JSON.parse(stdout)
    assert.equal(verified.verdict, 'sound')
    assert.equal(verified.demo, false)
  })

  test('revoked is refused, also while the list’s source is silent: the kept list counts until its next update', async () => {
    await assert.rejects(enter('rosa'), { code: 'revoked' })
    await issuer.halt()
    await shop.restart()
    await assert.rejects(enter('rosa'), { code: 'revoked' })
    assert.equal((await enter('tomas')).whoami.actsFor, null)
  })

  test('without its seal it does not start, and says so in one sentence', async () => {
    const started = run(process.execPath, [join(root, 'src/main.ts')], {
      env: {
        ...process.env,
        DEMO: '0',
        DATA_DIR: join(dataDir, 'other'),
        DATABASE_URL: '',
        PORT: String(await freePort()),
      },
    })
    await assert.rejects(started, (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1)
      assert.match(error.stderr, /SEAL_P12/)
      return error.stderr.trim().split('\n').length === 1
    })
  })
})

async function makeSeal(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name)
  await writeFile(at('seal.txt'), 'sello\n')
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    at('seal.key'),
    '-out',
    at('seal.pem'),
    '-days',
    '365',
    '-subj',
    '/CN=Ventanilla de prueba',
  ])
  await run('openssl', [
    'pkcs12',
    '-export',
    '-inkey',
    at('seal.key'),
    '-in',
    at('seal.pem'),
    '-out',
    at('seal.p12'),
    '-passout',
    'pass:sello',
  ])
}

/** As an operator does: adds the authorities in words, and says where their revocations are asked. */
async function trustIssuer(
  issuer: TestShop,
  dataDir: string,
  command: (...args: string[]) => Promise<unknown>,
): Promise<void> {
  const folder = join(issuer.dataDir, 'trust', 'demo')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cer')).map((name) => join(folder, name))
  await command('trust', 'add', ...files, '--unpinned')
  await mkdir(join(dataDir, 'trust', 'issuers'), { recursive: true })
  for (const [i, file] of files.entries()) {
    const fingerprint = sha256(await readFile(file)).toString('hex')
    const source = `issuer: ${fingerprint}\ncrl:\n  url: ${issuer.url}/demo/ca.crl\n  refreshSeconds: 1\ngraceHours: 0\n`
    await writeFile(join(dataDir, 'trust', 'issuers', `${i}.yaml`), source)
  }
}
