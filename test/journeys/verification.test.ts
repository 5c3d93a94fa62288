import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { axeFaults, newContext, openBrowser, overflow, shoot } from '../support/browser.ts'
import { type CmsSigner, makeSigners, signContent } from '../support/cms-signers.ts'
import { authority, issue } from '../support/pki.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { addObjects, basePdf, signPdf } from '../support/signed-pdf.ts'
import { samplePdf } from '../support/typst.ts'

const cli = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))

describe('anyone verifies a document, and takes the report along', () => {
  let shop: TestShop
  let browser: Browser
  let files: Array<[name: string, path: string, title: { es: string; en: string }]>
  before(async () => {
    shop = await startShop({ LOG_LEVEL: 'info' })
    browser = await openBrowser()
    const citizen = openShopClient(shop.url)
    const efirma = await openEfirma(shop.person('guadalupe'))
    const whoami = await signIn(citizen, efirma)
    const application = { service: 'cofepris-denuncia-sanitaria', data: undefined, attach: [], consent: true }
    const out = join(shop.dataDir, 'out')
    const { receipt } = await apply({ shop: citizen, efirma, whoami }, { ...application, email: undefined, out })
    const put = async (name: string, bytes: Buffer) => {
      const path = join(shop.dataDir, name)
      await writeFile(path, bytes)
      return path
    }
    const stranger = issue({
      subject: 'ALGUIEN CON UN NOMBRE MUY LARGO',
      issuer: authority({ subject: 'Desconocida' }),
    })
    const changed = addObjects(signPdf(basePdf(), stranger), { 4: '<< /Length 1 >>\nstream\nx\nendstream' })
    files = [
      [
        'sound',
        receipt!,
        { es: 'El documento es auténtico y está completo', en: 'The document is authentic and whole' },
      ],
      [
        'untrusted',
        await put('b.pdf', signPdf(basePdf(), stranger)),
        { es: 'No sabemos de quién es la firma', en: 'We do not know whose signature it is' },
      ],
      ['altered', await put('c.pdf', changed), { es: 'El documento fue cambiado', en: 'The document was changed' }],
      [
        'unsigned',
        await put('d.pdf', samplePdf()),
        { es: 'El documento no está firmado', en: 'The document is not signed' },
      ],
      [
        'certificate',
        await put('e.cer', stranger.certificate.der),
        { es: 'No sabemos quién respalda el certificado', en: 'We do not know who answers for this certificate' },
      ],
      ['certificate-sound', shop.person('guadalupe').cer, { es: 'El certificado vale', en: 'The certificate counts' }],
    ]
  })
  after(async () => {
    await browser?.close()
    await shop?.stop()
  })

  for (const [language, narrow] of [
    ['es', true],
    ['en', false],
  ] as const)
    test(`in ${language}, ${narrow ? 'on a telephone' : 'at a desk'}: a sentence, a list, the sealed report; without scripts too`, async () => {
      const context = await newContext(browser, { language, narrow })
      const page = await context.newPage()
      const choose = async (path: string) => {
        await page.goto(`${shop.url}/verificar`)
        await page.locator('input[type=file]').setInputFiles(path)
        await page.locator('form[action="/verificar"] button').click()
      }
      for (const [name, path, title] of files) {
        await choose(path)
        assert.equal(await page.locator('h1').textContent(), title[language])
        assert.deepEqual(await axeFaults(page), [])
        assert.equal(await overflow(page), 0)
        const changes = page.getByRole('heading', { name: /Qué cambió después|What changed afterwards/ })
        assert.equal(await changes.count(), name === 'altered' ? 1 : 0)
        await shoot(page, `verify-${name}-${language}-${narrow ? 320 : 1280}`)
      }
      await context.close()
      const bare = await newContext(browser, { language, narrow, script: false })
      const plain = await bare.newPage()
      await plain.goto(`${shop.url}/verificar`)
      await plain.locator('input[type=file]').setInputFiles(files[0]![1])
      await plain.locator('form[action="/verificar"] button').click()
      const [download] = await Promise.all([
        plain.waitForEvent('download'),
        plain.locator('form[action="/verificar/informe"] button').click(),
      ])
      assert.equal(download.suggestedFilename(), language === 'es' ? 'informe.pdf' : 'report.pdf')
      await bare.close()
    })

  test('the report bears the shop’s seal and says what the page said; a changed one is none', async () => {
    const [, receipt] = files[0]!
    const body = new Uint8Array(await readFile(receipt))
    const headers = { 'content-type': 'application/octet-stream', 'x-file-name': 'acuse.pdf' }
    const answer = await fetch(`${shop.url}/api/v1/verifications/report`, { method: 'POST', headers, body })
    const report = join(shop.dataDir, 'informe.pdf')
    await writeFile(report, Buffer.from(await answer.arrayBuffer()))
    const run = (command: string, words: string[]) =>
      new Promise<string>((done) =>
        execFile(command, words, { env: { ...process.env, DATA_DIR: shop.dataDir } }, (_, out) => done(out)),
      )
    assert.match(await run('pdfsig', ['-nocert', report]), /Signature is Valid/)
    const { verdict, kind, findings } = JSON.parse(await run(cli, ['verify', '--json', report]))
    assert.deepEqual([verdict, kind, findings[0].ofPlatform], ['sound', 'validation-report', true])
    assert.match(
      await run('pdftotext', [report, '-']),
      /acuse\.pdf[\s\S]+El documento es auténtico|auténtico[\s\S]+acuse\.pdf/,
    )
    const json = await fetch(`${shop.url}/api/v1/verifications`, { method: 'POST', headers, body })
    const told = (await json.json()) as { sound: boolean; trusted: boolean; demo: boolean }
    assert.deepEqual([told.sound, told.trusted, told.demo], [true, true, true])
    assert.match(shop.log(), /"kind":"validation-report"[^\n]+"seal used"/)
  })

  test('a signature in a file of its own is asked for with its document, and then judged', async () => {
    const content = Buffer.from('lo que se firma')
    const [signer] = Object.values(makeSigners()) as [CmsSigner]
    const signature = join(shop.dataDir, 'f.p7s')
    await writeFile(signature, writeSignedData({ signers: [signContent(signer, content)] }))
    const document = join(shop.dataDir, 'f.txt')
    await writeFile(document, content)
    const context = await newContext(browser, { script: false, narrow: true })
    const page = await context.newPage()
    await page.goto(`${shop.url}/verificar`)
    await page.locator('input[type=file]').setInputFiles(signature)
    await page.locator('form[action="/verificar"] button').click()
    assert.match((await page.locator('main').textContent())!, /falta el documento que se firmó/)
    await shoot(page, 'verify-content-es-320')
    await page.locator('input[name=archivo]').setInputFiles(signature)
    await page.locator('input[name=contenido]').setInputFiles(document)
    await page.locator('form[action="/verificar"] button').click()
    assert.equal(await page.locator('h1').textContent(), 'No sabemos de quién es la firma')
    await context.close()
  })

  test('who finds the checking busy stays at the form, and is told; it is no incident', async () => {
    const context = await newContext(browser)
    const page = await context.newPage()
    await page.goto(`${shop.url}/verificar`)
    const csrf = await page.locator('input[name=csrf]').first().getAttribute('value')
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const bytes = new Uint8Array(await readFile(files[0]![1]))
    const send = async () => {
      const body = new FormData()
      body.set('csrf', csrf!)
      body.set('archivo', new Blob([bytes]), 'acuse.pdf')
      const answer = await fetch(`${shop.url}/verificar`, { method: 'POST', headers: { cookie }, body })
      return { status: answer.status, text: await answer.text() }
    }
    const busy = (await Promise.all(Array.from({ length: 20 }, send))).filter(({ status }) => status !== 200)
    assert.ok(busy.length > 0)
    for (const { status, text } of busy) {
      assert.equal(status, 503)
      assert.match(text, /Hay muchos archivos en revisión[\s\S]+name="archivo"/)
    }
    assert.doesNotMatch(shop.log(), /"incident"/)
    await context.close()
  })

  test('what did not come from this shop makes no report, however long or broken', async () => {
    const context = await newContext(browser)
    const page = await context.newPage()
    await page.goto(`${shop.url}/verificar`)
    const csrf = await page.locator('input[name=csrf]').first().getAttribute('value')
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { cookie: cookies, 'content-type': 'application/x-www-form-urlencoded' }
    for (const informe of ['', 'AAAA', 'x'.repeat(400_000)]) {
      const body = new URLSearchParams({ csrf: csrf!, informe })
      const { status } = await fetch(`${shop.url}/verificar/informe`, { method: 'POST', headers, body })
      assert.equal(status, 422)
    }
    await context.close()
  })
})
