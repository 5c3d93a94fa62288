import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Openssl, openOpenssl, pem } from '#test/support/openssl.ts'
import { authority, day, issue } from '#test/support/pki.ts'
import { addObjects, basePdf, signPdf, stamper, timestampOver } from '#test/support/signed-pdf.ts'
import { digestOf, forgeToken, timeHolder } from '#test/support/timestamps.ts'
import { writeImprint } from '#trust/timestamp/message-imprint.ts'

const cli = fileURLToPath(new URL('../ventanilla', import.meta.url))
const root = authority({ subject: 'AUTORIDAD', notAfter: day('2040-01-01') })
const person = issue({ subject: 'PERSONA', issuer: root })
const AT = '2025-06-02T12:00:00Z'

interface Answer {
  exit: number
  out: string
  err: string
}

describe('verify, for a judge', () => {
  let folder: string
  let openssl: Openssl
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'verify-'))
    openssl = await openOpenssl()
    mkdirSync(join(folder, 'trust'))
    writeFileSync(join(folder, 'trust', 'root.cer'), root.certificate.der)
  })
  after(async () => {
    rmSync(folder, { recursive: true })
    await openssl.close()
  })
  const put = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const ask = (words: string[], environment: Record<string, string> = { LANG: 'es_MX.UTF-8' }): Promise<Answer> =>
    new Promise((done) => {
      const env = { PATH: process.env.PATH!, DATA_DIR: join(folder, 'none'), TZ: 'UTC', ...environment }
      const all = ['verify', '--trust', join(folder, 'trust'), '--at', AT, ...words]
      execFile(cli, all, { env }, (error, out, err) => done({ exit: Number(error?.code ?? 0), out, err }))
    })

  test('one screen in the reader’s language, without the technique’s words; the exit code says the same', async () => {
    const file = put('a.pdf', signPdf(basePdf(), person))
    const es = await ask([file])
    assert.equal(es.exit, 0)
    assert.match(es.out, /^a\.pdf: El documento es auténtico y está completo\n/)
    assert.match(
      es.out,
      /✓ Sello de PERSONA: vale; dice ser del 1 de junio de 2025, 00:00 \(UTC\); con respaldo de AUTORIDAD/,
    )
    assert.match(es.out, new RegExp(`AUTORIDAD, SHA-256 ${root.certificate.sha256}`))
    assert.doesNotMatch(es.out, /TOTAL-|PASSED|PAdES|CRL|OCSP|undefined/)
    assert.ok(es.out.split('\n').length <= 24, 'one screen')
    assert.match((await ask([file], { LANG: 'en_US.UTF-8' })).out, /authentic and whole/)
    assert.match((await ask([file, '--lang', 'en'])).out, /authentic and whole/)
    assert.equal((await ask([file, '--lang', 'fr'])).exit, 2)
  })

  test('changed is 1, nobody’s is 3, both together are 1; what is no signed file is 1', async () => {
    const whole = signPdf(basePdf(), person)
    const changed = put('changed.pdf', addObjects(whole, { 4: '<< /Length 1 >>\nstream\nx\nendstream' }))
    const stranger = put('stranger.pdf', signPdf(basePdf(), issue({ subject: 'NADIE' })))
    assert.equal((await ask([changed])).exit, 1)
    assert.equal((await ask([stranger])).exit, 3)
    assert.equal((await ask([stranger, changed])).exit, 1)
    assert.equal((await ask([put('x.txt', 'hola')])).exit, 1)
    assert.equal((await ask([join(folder, 'nothing.pdf')])).exit, 2)
    assert.match((await ask([join(folder, 'nothing.pdf')])).err, /No existe el archivo/)
    assert.match((await ask([folder])).err, /es una carpeta/)
    assert.match((await ask([folder], { LANG: 'en_US.UTF-8' })).err, /is a folder/)
  })

  test('what openssl signs, detached and in PEM, with --content; its time-stamp too', async () => {
    const content = put('content.txt', 'lo que se firma')
    await openssl.put('signer.pem', pem('CERTIFICATE', person.certificate.der))
    await openssl.put('key.pem', person.key.export({ format: 'pem', type: 'pkcs8' }) as string)
    const cms = await openssl.run(
      ...['cms', '-sign', '-cades', '-binary', '-in', content, '-signer', 'signer.pem', '-inkey', 'key.pem'],
      ...['-outform', 'PEM'],
    )
    const message = put('content.p7s', cms)
    assert.equal((await ask([message, '--content', content])).exit, 0)
    const alone = await ask([message])
    assert.equal(alone.exit, 3)
    assert.match(alone.out, /falta el documento que se firmó/)
    assert.equal((await ask([message, '--content', put('other.txt', 'otra cosa')])).exit, 1)
    assert.equal((await ask([message, message, '--content', content])).exit, 2)
    const plain = await openssl.run(
      ...['cms', '-sign', '-binary', '-nodetach', '-in', content, '-signer', 'signer.pem', '-inkey', 'key.pem'],
      ...['-outform', 'DER'],
    )
    assert.equal((await ask([put('plain.p7m', plain)])).exit, 0)
    const token = put('content.tst', timestampOver(readFileSync(content), stamper(root)))
    const stamp = await ask([token, '--content', content])
    assert.match(stamp.out, /El sello de tiempo vale/)
    assert.equal(stamp.exit, 0)
  })

  test('what openssl signs in other ways is told for what it is: nothing of it was changed', async () => {
    const content = put('content.txt', 'lo que se firma')
    await openssl.put('signer.pem', pem('CERTIFICATE', person.certificate.der))
    await openssl.put('key.pem', person.key.export({ format: 'pem', type: 'pkcs8' }) as string)
    const make = async (...more: string[]): Promise<Answer> => {
      const signer = ['-signer', 'signer.pem', '-inkey', 'key.pem', '-outform', 'DER']
      const cms = await openssl.run('cms', '-sign', '-binary', '-in', content, ...signer, ...more)
      return ask([put('other.p7s', cms), '--content', content])
    }
    for (const [more, reason] of [
      [['-nocerts'], /\? Firma de alguien.*Falta saber con qué certificado se firmó/],
      [['-md', 'sha1'], /\? Sello de PERSONA.*un método que ya no era seguro/],
    ] as const) {
      const { exit, out } = await make(...more)
      assert.equal(exit, 3)
      assert.match(out, /No se puede asegurar/)
      assert.match(out, reason)
      assert.doesNotMatch(out, /cambiado|cambió/)
    }
    const plain = await make('-noattr')
    assert.equal(plain.exit, 1)
    assert.match(plain.out, /no tiene la forma que debe tener/)
    assert.equal((await make('-nodetach')).exit, 0, 'inside and beside, and the same')
    const imprint = writeImprint('sha256', digestOf(readFileSync(content)))
    const bare = forgeToken({ holder: timeHolder({ issuer: root }), info: { imprint }, withoutCertificates: true })
    const stamp = await ask([put('bare.tst', bare), '--content', content])
    assert.equal(stamp.exit, 3)
    assert.match(stamp.out, /no viene con la firma/)
  })

  test('for programs: sound and trusted apart, every check with its evidence, instants in UTC', async () => {
    const file = put('b.pdf', signPdf(basePdf(), issue({ subject: 'NADIE' })))
    const { out } = await ask([file, '--json'])
    const { verdict, sound, trusted, report } = JSON.parse(out)
    assert.deepEqual([verdict, sound, trusted], ['untrusted', true, false])
    assert.equal(report.validatedAt, '2025-06-02T12:00:00.000Z')
    const [signature] = report.signatures
    assert.deepEqual(
      [signature.indication, signature.subIndication, signature.sound, signature.anchor],
      ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND', true, null],
    )
    assert.ok(signature.checks.every((each: { at: string; result: string }) => each.at && each.result))
  })

  test('names do not move the cursor of the terminal', async () => {
    const sly = issue({ subject: 'A\u001b[2JB\u202eC', issuer: root })
    const { out } = await ask([put('sly.pdf', signPdf(basePdf(), sly))])
    assert.match(out, /A\ufffd\[2JB\ufffdC/)
  })

  test('the report is a sealed PDF, which verifies as any document', async () => {
    const password = put('password.txt', 'secreto\n')
    const sealer = issue({ subject: 'JUZGADO PRIMERO', issuer: root })
    await openssl.put('sealer.pem', pem('CERTIFICATE', sealer.certificate.der))
    await openssl.put('sealer.key', sealer.key.export({ format: 'pem', type: 'pkcs8' }) as string)
    const p12 = await openssl.run(
      'pkcs12',
      '-export',
      '-in',
      'sealer.pem',
      '-inkey',
      'sealer.key',
      '-passout',
      'pass:secreto',
    )
    const seal = ['--seal-p12', put('seal.p12', p12), '--password-file', password]
    const file = put('c.pdf', signPdf(basePdf(), person))
    const report = join(folder, 'report.pdf')
    assert.equal((await ask([file, '--report', report])).exit, 2)
    const over = await ask([file, '--report', file, ...seal])
    assert.deepEqual([over.exit, JSON.parse(over.err).error.code], [2, 'out-is-input'])
    assert.equal((await ask([file, '--report', report, ...seal])).exit, 0)
    const { exit, out } = await ask([report, '--at', '2027-01-01T00:00:00Z', '--json'])
    const { kind, data, findings } = JSON.parse(out)
    assert.deepEqual([exit, kind, findings[0].name, data], [0, 'validation-report', 'JUZGADO PRIMERO', undefined])
    const text = await new Promise<string>((done) => execFile('pdftotext', [report, '-'], (_, stdout) => done(stdout)))
    assert.match(text, /Informe de verificación[\s\S]+El documento es auténtico[\s\S]+TOTAL-PASSED/)
    assert.doesNotMatch(text, /Código de validación/)
    const wrong = await ask([file, '--report', report, ...seal.slice(0, 3), put('wrong.txt', 'x')])
    assert.equal(wrong.exit, 2)
    assert.match(wrong.err, /"code":"refused"/)
  })
})
