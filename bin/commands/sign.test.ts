import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { Refusal } from '#kernel/refusal.ts'
import { hasPdfTools, pdfsig, qpdfCheck } from '#test/support/pdf-tools.ts'
import { pkcs12Of } from '#test/support/pkcs12.ts'
import type { Holder } from '#test/support/pki.ts'
import { basePdf } from '#test/support/signed-pdf.ts'
import { startSoftToken, withoutSoftToken } from '#test/support/soft-token.ts'
import { infoParts } from '#test/support/timestamps.ts'
import { openTrustWorld, type TrustWorld } from '#test/support/trust-world.ts'
import { samplePdf } from '#test/support/typst.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { writeImprint } from '#trust/timestamp/message-imprint.ts'
import { readTimestampRequest } from '#trust/timestamp/request.ts'
import { writeGrant } from '#trust/timestamp/response.ts'
import { completeToken, prepareToken } from '#trust/timestamp/write-token.ts'
import { NetworkFault } from '../client/shop.ts'
import { UsageRefusal } from '../read-options.ts'
import { run as seal } from './seal.ts'
import { run as sign } from './sign.ts'
import { verifyBatch } from './verify-batch.ts'

const program = join(import.meta.dirname, '../ventanilla.ts')

/** Answers as RFC 3161 asks, with whatever certificate the world's authority of time has now. */
function answerTime(query: Buffer, { certificate, key }: Holder, time: Holder): Buffer {
  const { imprint, nonce } = readTimestampRequest(query)
  const parts = { imprint: writeImprint('sha256', imprint.digest), nonce, time: new Date(), serial: randomBytes(8) }
  const prepared = prepareToken(infoParts(parts), certificate)
  const chain = [certificate.der, time.certificate.der]
  return writeGrant(completeToken(prepared, signWith(key)(prepared.signedAttributes), chain))
}

interface Judged {
  error?: string
  signatures: Array<Record<string, unknown>>
}

/** As the command line tells it. */
function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code
  if (error instanceof UsageRefusal) return 'usage'
  if (error instanceof StartRefusal) return 'refused'
  return error instanceof NetworkFault ? 'network' : 'failed'
}

describe('sign and seal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ventanilla-sign-'))
  const at = (name: string) => join(folder, name)
  let world: TrustWorld
  let authority: Server
  let tsa: string
  let person: Holder

  before(async () => {
    Object.assign(process.env, { DATA_DIR: at('data'), DATABASE_URL: '' })
    process.chdir(folder)
    world = await openTrustWorld(new Date().toISOString())
    const stamping = world.certifyTime(1)
    authority = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part)
      response.end(answerTime(Buffer.concat(parts), stamping, world.time))
    })
    await new Promise<void>((done) => authority.listen(0, '127.0.0.1', done))
    tsa = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/`
    mkdirSync(at('data/trust/unpinned'), { recursive: true })
    for (const [i, { certificate }] of [world.root, world.people, world.time].entries())
      writeFileSync(at(`data/trust/unpinned/${i}.cer`), certificate.der)
    cpSync(world.sourcesFolder, at('data/trust/issuers'), { recursive: true })
    person = world.person('ANA PRUEBA')
    writeFileSync(at('cer'), person.certificate.der)
    const secret = { cipher: 'aes-256-cbc', passphrase: 'clave' }
    writeFileSync(at('key'), person.key.export({ type: 'pkcs8', format: 'der', ...secret }))
    writeFileSync(at('password'), 'clave\n')
    writeFileSync(at('act.pdf'), samplePdf())
    writeFileSync(at('plain.pdf'), basePdf())
    writeFileSync(at('act.txt'), 'un acto\n')
    const pem = [world.root, world.people].map(
      ({ certificate: { der } }) =>
        `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    )
    writeFileSync(at('above.pem'), pem.join(''))
  })
  after(async () => {
    process.chdir(tmpdir())
    world?.close()
    await new Promise((done) => authority.close(done))
    rmSync(folder, { recursive: true, force: true })
  })

  /** As a process of its own, for its exit code and its one line. */
  const start = (args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { ...process.env, DATABASE_URL: '' }
      execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      )
    })
  /** The same without a process for each: what it prints, or what it throws. */
  const run = async ([command, ...args]: string[]): Promise<string> => {
    let told = ''
    const stdout = new Writable({
      write(text, _, done) {
        told += text
        done()
      },
    })
    const code = await (command === 'sign' ? sign : seal)(args, { stdin: process.stdin, stdout, stderr: stdout })
    assert.equal(code, 0)
    return told
  }
  const own = ['--cer', 'cer', '--key', 'key', '--password-file', 'password', '--chain', 'above.pem']
  const signed = async (out: string, ...args: string[]) => {
    const told = JSON.parse(await run(['sign', ...args, ...own, '--out', out, '--json']))
    return { told, bytes: readFileSync(at(out)) }
  }
  const judged = async (bytes: Buffer) => {
    const file = bytes.toString('base64')
    const line = JSON.stringify({ id: 1, file, trustAnchors: [world.root.certificate.der.toString('base64')] })
    for await (const answer of verifyBatch([line])) return answer as unknown as Judged
    throw new Error('no answer')
  }
  const refused = async (args: string[], code: string, words = /./) => {
    const error = await run(args).then(
      () => assert.fail(`${args.join(' ')} was done`),
      (thrown: unknown) => thrown as Error,
    )
    assert.equal(codeOf(error), code, `${args.join(' ')}: ${error.stack}`)
    assert.match(error.message, words)
  }

  test('exit codes, and one line that says why', async () => {
    const cases: Array<[number, string, string[]]> = [
      [2, 'usage', ['act.txt', '--out', 'none']],
      [2, 'out-is-input', ['act.txt', ...own, '--out', 'act.txt', '--force']],
      [4, 'network', ['act.txt', ...own, '--out', 'none', '--tsa', 'http://127.0.0.1:9/']],
    ]
    const answers = await Promise.all(cases.map(([, , args]) => start(['sign', ...args])))
    for (const [i, { code, stdout, stderr }] of answers.entries()) {
      assert.deepEqual([code, stdout, JSON.parse(stderr).error.code], [cases[i]![0], '', cases[i]![1]])
      assert.equal(stderr.trim().split('\n').length, 1)
    }
    assert.ok(!existsSync(at('none')))
  })

  const steps = ['B', 'T', 'LT', 'LTA']
  const reaching = (level: string) => (level === 'B' ? [] : ['--tsa', tsa, '--level', level])

  for (const level of steps)
    test(`a PDF, a message with its content and a container, ${level}: verified here, and by others`, async () => {
      const asked = reaching(level)
      const [pdf, message, container] = await Promise.all([
        signed(`${level}.pdf`, 'act.pdf', ...asked, '--visible', '--reason', 'Visto bueno'),
        signed(`${level}.p7m`, 'act.txt', '--format', 'cms', '--enveloping', ...asked),
        signed(`${level}.asice`, 'act.txt', 'act.pdf', '--format', 'asic', ...asked),
      ])
      for (const { told, bytes } of [pdf, message, container]) {
        const { error, signatures } = await judged(bytes)
        assert.equal(error, undefined)
        const first = signatures[0]!
        assert.deepEqual([first.sound, first.level, told.level], [true, `B-${level}`, `B-${level}`], told.out)
        if (level.startsWith('L'))
          assert.equal(first.indication, 'TOTAL-PASSED', `${told.out}: ${JSON.stringify(first)}`)
      }
      if (hasPdfTools()) {
        assert.match(qpdfCheck(pdf.bytes), /No syntax or stream encoding errors/)
        assert.equal(pdfsig(pdf.bytes)[0], 'Signature is Valid.')
      }
      const verified = ['cms', '-verify', '-binary', '-inform', 'der', '-purpose', 'any', '-CAfile', 'above.pem']
      const said = execFileSync('openssl', [...verified, '-in', `${level}.p7m`], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      assert.equal(said.toString(), 'un acto\n')
    })

  test('a message beside its file; a file of any size is read in pieces', async () => {
    writeFileSync(at('large'), Buffer.alloc(20_000_000, 7))
    const { told } = await signed('large.p7s', 'large', ...reaching('LTA'))
    assert.deepEqual([told.format, told.level], ['cms', 'B-LTA'])
    const words = [
      '-verify',
      '-binary',
      '-inform',
      'der',
      '-purpose',
      'any',
      '-CAfile',
      'above.pem',
      '-content',
      'large',
    ]
    execFileSync('openssl', ['cms', ...words, '-in', 'large.p7s', '-out', 'again'], { cwd: folder, stdio: 'pipe' })
    assert.ok(readFileSync(at('again')).equals(readFileSync(at('large'))))
  })

  test('one after the other; a certification first; `verify` trusts what this folder trusts', async () => {
    await signed('certified.pdf', 'plain.pdf', '--certify', '2', ...reaching('LTA'))
    await signed('second.pdf', 'certified.pdf', '--field', 'another', ...reaching('LTA'))
    const made = ['certified.pdf', 'second.pdf', 'LT.pdf', 'LT.p7m', 'LTA.asice']
    const answers = await Promise.all(made.map((file) => start(['verify', file, '--json'])))
    for (const { code, stdout } of answers) {
      assert.equal(code, 0, stdout)
      assert.equal(JSON.parse(stdout).verdict, 'sound')
    }
    await refused(['sign', 'second.pdf', ...own, '--certify', '1', '--out', 'third.pdf'], 'pdf-already-signed')
    await refused(['sign', 'second.pdf', ...own, '--field', 'another', '--out', 'third.pdf'], 'pdf-name-taken')
    assert.ok(!existsSync(at('third.pdf')))
  })

  test('nothing that is there is overwritten, and the input never', async () => {
    writeFileSync(at('there'), 'precious')
    linkSync(at('act.txt'), at('same'))
    await refused(['sign', 'act.txt', ...own, '--out', 'there'], 'out-exists', /--force/)
    assert.equal(readFileSync(at('there'), 'utf8'), 'precious')
    for (const out of ['act.txt', './act.txt', 'same', 'key'])
      await refused(['sign', 'act.txt', ...own, '--out', out, '--force'], 'out-is-input')
    await refused(['sign', 'act.txt', ...own, '--out', 'nowhere/out'], 'usage', /nowhere/)
    await run(['sign', 'act.txt', ...own, '--out', 'there', '--force'])
    assert.notEqual(readFileSync(at('there'), 'utf8'), 'precious')
  })

  test('the network is asked only where it was told to, and its silence writes nothing', async () => {
    const out = ['--out', 'silent']
    world.asked.clear()
    await signed('quiet.p7s', 'act.txt')
    assert.equal(world.asked.size, 0)
    for (const level of ['T', 'LT', 'LTA'])
      await refused(['sign', 'act.txt', ...own, ...out, '--level', level], 'usage', /--tsa/)
    await refused(['sign', 'act.txt', ...own, ...out, '--tsa', 'http://127.0.0.1:9/'], 'network', /sellado de tiempo/)
    world.silent.add('people.crl')
    await refused(['sign', 'act.txt', ...own, ...out, ...reaching('LT')], 'network', /revocaciones/)
    world.silent.clear()
    process.env.DATA_DIR = at('nobody')
    await refused(['sign', 'act.txt', ...own, ...out, ...reaching('LT')], 'data-no-path', /quien firma/)
    process.env.DATA_DIR = at('data')
    assert.ok(!existsSync(at('silent')))
  })

  test('keys that do not open, that ended, or of somebody else', async () => {
    const out = ['--out', 'never']
    writeFileSync(at('wrong'), 'otra\n')
    const pair = ['--cer', 'cer', '--key', 'key']
    await refused(['sign', 'act.txt', ...pair, '--password-file', 'wrong', ...out], 'wrong-password-or-key')
    await refused(['sign', 'act.txt', ...pair, ...out], 'usage')
    await refused(['sign', 'act.txt', ...own, '--p12', 'cer', ...out], 'usage')
    const file = pkcs12Of({
      keys: [generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' })],
      certificates: [person.certificate.der],
    })
    writeFileSync(at('other.p12'), file)
    await refused(
      ['sign', 'act.txt', '--p12', 'other.p12', '--password-file', 'password', ...out],
      'refused',
      /no certificate of its key/,
    )
    await refused(['sign', 'gone', ...own, ...out], 'usage', /gone/)
    await refused(['sign', 'act.txt', ...own, '--format', 'pdf', ...out], 'pdf-not-a-pdf')
    const seen = ['sign', 'act.pdf', ...own, ...out, '--visible']
    await refused([...seen, '--page', '7'], 'pdf-no-page', /no tiene página 7/)
    await refused([...seen, '--rectangle', '0,0,9999,60'], 'pdf-rectangle')
    assert.ok(!existsSync(at('never')))
  })

  test('a seal in a token, named in words', { skip: withoutSoftToken }, async () => {
    const token = await startSoftToken()
    try {
      await token.add(person, 'sello', 'a1')
      writeFileSync(at('pin'), `${token.pin}\n`)
      const place = [
        '--pkcs11-module',
        token.module,
        '--pkcs11-token',
        token.label,
        '--pkcs11-key',
        'sello',
        '--pin-file',
        'pin',
      ]
      await run(['seal', 'act.pdf', ...place, '--chain', 'above.pem', '--out', 'sealed.pdf', ...reaching('LT')])
      const { signatures } = await judged(readFileSync(at('sealed.pdf')))
      assert.deepEqual([signatures[0]!.indication, signatures[0]!.level], ['TOTAL-PASSED', 'B-LT'])
      await refused(['seal', 'act.pdf', ...place.slice(0, 4), '--out', 'never'], 'usage')
      await refused(['seal', 'act.pdf', '--out', 'never'], 'usage', /No seal is named/)
    } finally {
      await token.remove()
    }
  })
})
