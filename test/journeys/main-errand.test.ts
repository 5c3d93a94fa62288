import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { newContext, openBrowser } from '../support/browser.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { arrive, go, press, sign, signIn, signOut, type Walker } from './steps.ts'

const run = promisify(execFile)
const ventanilla = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))

const withoutPdftotext = await run('pdftotext', ['-v']).then(
  () => false,
  () => 'poppler is not here',
)

/** The texts of the two languages that the steps press. */
const words = {
  es: {
    start: /^Empezar/,
    go: 'Continuar',
    attach: 'Adjuntar y continuar',
    add: 'Agregar producto',
    all: 'Son todos: continuar',
    find: 'Buscar mi colonia',
    enter: 'Entrar con e.firma',
    prepare: 'Preparar el documento para firmar',
    consult: 'Ver mi buzón ahora',
    open: 'Firmar el acuse y abrir',
    whole: 'El documento es auténtico y está completo',
    changed: 'El documento fue cambiado',
    ready: 'Su acuse de recibo está listo.',
  },
  en: {
    start: /^Start/,
    go: 'Continue',
    attach: 'Attach and continue',
    add: 'Add product',
    all: 'That is all: continue',
    find: 'Find my neighbourhood',
    enter: 'Sign in with e.firma',
    prepare: 'Prepare the document to sign',
    consult: 'See my mailbox now',
    open: 'Sign the receipt and open',
    whole: 'The document is authentic and whole',
    changed: 'The document was changed',
    ready: 'Your receipt is ready.',
  },
} as const

let shop: TestShop
let browser: Browser
before(async () => {
  shop = await startShop()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await shop?.stop()
})

for (const [language, narrow, citizen] of [
  ['es', false, 'guadalupe'],
  // A company, by its representative.
  ['en', true, 'cafe-y-miel'],
] as const)
  describe(`the main errand, ${language}, ${narrow ? 320 : 1280} px`, () => {
    const t = words[language]
    let folio = ''
    let receipt = ''

    const walkerOf = async (name: string): Promise<Walker> => {
      const context = await newContext(browser, { language, narrow })
      const page: Page = await context.newPage()
      page.setDefaultTimeout(20_000)
      page.on('pageerror', (error) => assert.fail(`a script failed: ${error.message}`))
      return { page, shop, name: `${language}-${name}` }
    }

    test('a citizen finds the service, answers, signs in, signs and gets a sealed receipt', async () => {
      const walker = await walkerOf('citizen')
      const { page } = walker
      await go(walker, '/', 'home')
      await page.fill('#q', language === 'es' ? 'aviso de funcionamineto' : 'notice of operation')
      await page.press('#q', 'Enter')
      await page.waitForLoadState('load')
      await arrive(walker, 'search')
      await page.locator('main a[href="/tramites/cofepris-aviso-funcionamiento"]').first().click()
      await page.waitForLoadState('load')
      await arrive(walker, 'ficha')
      await press(walker, t.start, 'start')
      await page.locator('main form button').last().click()
      await page.waitForURL(/businessName/)
      await press(walker, t.go, 'question-fault')
      await page.fill('#businessName', 'Fonda <b>La Ñora</b> & hijos')
      await press(walker, t.go, 'question-choice')
      await page.check('input[value="food"]')
      await press(walker, t.go)
      await page.check('input[value="yes"]')
      await press(walker, t.go, 'question-address')
      await page.fill('#address-postalCode', '01000')
      await press(walker, t.find, 'address-found')
      for (const [field, value] of Object.entries({
        street: 'Calle de la Amargura',
        exterior: '14',
        settlement: 'San Ángel',
        municipality: 'Álvaro Obregón',
        state: 'Ciudad de México',
      }))
        await page.fill(`#address-${field}`, value)
      await press(walker, t.go, 'question-date')
      await page.fill('#openedOn', '3')
      await page.fill('#openedOn-month', '5')
      await page.fill('#openedOn-year', '2021')
      await press(walker, t.go)
      await page.fill('#staff', '4')
      await press(walker, t.go, 'question-group')
      await page.fill('#products-name', 'Comida corrida')
      await page.check('input[value="national"]')
      await press(walker, t.add, 'group-item')
      await press(walker, t.all, 'question-file')
      await page.setInputFiles('#sketch', {
        name: 'croquis.pdf',
        mimeType: 'application/pdf',
        buffer: samplePdf('Croquis'),
      })
      await press(walker, t.attach, 'check-answers-unsigned')
      assert.match((await page.locator('main').textContent())!, /Fonda <b>La Ñora<\/b> & hijos/)
      await press(walker, t.enter, 'sign-in')
      await sign(walker, citizen, 'privacy')
      await page.check('#leido')
      await press(walker, t.go, 'email')
      await page.fill('#email', `${citizen}@example.org`)
      await page.locator('main form button').click()
      await page.waitForLoadState('load')
      await arrive(walker, 'email-code')
      const code = await mailedCode(shop, `${citizen}@example.org`)
      await page.fill('#code', code)
      await page.locator('main form button').click()
      await page.waitForURL(/\/borradores\//)
      await arrive(walker, 'check-answers')
      await press(walker, t.prepare, 'consent-fault')
      await page.check('#consiento')
      await press(walker, t.prepare, 'sign-application')
      await sign(walker, citizen)
      assert.match(page.url(), /\/solicitudes\/.*\/enviada/)
      for (let i = 0; i < 40 && !(await page.getByText(t.ready).isVisible()); i += 1) {
        await page.waitForTimeout(250)
        await page.reload()
      }
      await arrive(walker, 'sent')
      folio = /solicitudes\/([^/]+)\/enviada/.exec(page.url())![1]!
      receipt = await download(page, page.locator('main a[href*="/documento/"]').first(), `${language}-acuse.pdf`)
      await go(walker, `/solicitudes/${folio}`, 'case')
      await go(walker, '/solicitudes', 'cases')
      await signOut(walker)
    })

    test('an officer takes it and drafts, whoever may sign decides', async () => {
      const officer = await walkerOf('officer')
      await signIn(officer, 'cofepris-officer')
      await go(officer, '/oficina', 'inbox')
      await officer.page.locator(`main a[href="/oficina/${folio}"]`).first().click()
      await officer.page.waitForLoadState('load')
      await arrive(officer, 'purpose')
      await officer.page.check('#motivo')
      await officer.page.locator('main form button').click()
      await officer.page.waitForURL(/expediente/)
      await arrive(officer, 'case')
      await officer.page.locator(`form[action="/oficina/${folio}/asignar"] button`).first().click()
      await officer.page.waitForLoadState('load')
      await officer.page.check('#outcome')
      await officer.page.fill('#reasons', 'La actividad requiere aviso y los datos están completos.')
      await officer.page.check('#lista')
      await officer.page.locator(`form[action="/oficina/${folio}/resolucion"] button`).click()
      await officer.page.waitForLoadState('load')
      await arrive(officer, 'drafted')
      const signer = await walkerOf('signer')
      await signIn(signer, 'cofepris-signer')
      await signer.page.goto(`${shop.url}/oficina/${folio}`)
      await signer.page.check('#motivo')
      await signer.page.locator('main form button').click()
      await signer.page.waitForURL(/expediente/)
      await signer.page.locator(`form[action="/oficina/${folio}/resolucion/preparar"] button`).click()
      await signer.page.waitForURL(/firmar/)
      await arrive(signer, 'sign-decision')
      await sign(signer, 'cofepris-signer', 'decided')
      const supervisor = await walkerOf('supervisor')
      await signIn(supervisor, 'cofepris-supervisor')
      await go(supervisor, '/oficina/carga', 'load')
    })

    test('the citizen is told by e-mail, opens the notice by signing for it, and reads the decision', async () => {
      const walker = await walkerOf('mailbox')
      const { page } = walker
      await go(walker, '/demo/correos', 'mails')
      assert.match((await page.locator('main').textContent())!, new RegExp(`${citizen}@example`))
      await signIn(walker, citizen)
      await go(walker, '/buzon', 'consult')
      await press(walker, t.consult, 'mailbox')
      await page.locator('main table a').first().click()
      await page.waitForLoadState('load')
      await arrive(walker, 'notice-closed')
      await press(walker, t.open, 'sign-receipt')
      await sign(walker, citizen, 'notice-open')
      const act = await download(page, page.locator('main a[href$="/acto"]'), `${language}-acto.pdf`)
      for (const file of [act, receipt]) {
        const { stdout } = await verifyOffline(file)
        assert.equal(JSON.parse(stdout).verdict, 'sound')
      }
      await go(walker, `/solicitudes/${folio}`, 'case-decided')
      await go(walker, '/cuenta', 'account')
    })

    test('anyone checks the documents on the public page; one byte more is seen', async () => {
      const walker = await walkerOf('verify')
      const { page } = walker
      await go(walker, '/verificar', 'verify')
      await page.setInputFiles('#archivo', receipt)
      await page.locator('form[enctype] button').click()
      await page.waitForLoadState('load')
      assert.equal(await page.locator('h1').textContent(), t.whole)
      await arrive(walker, 'verified')
      const changed = join(shop.dataDir, `${language}-changed.pdf`)
      const bytes = await readFile(receipt)
      bytes[Math.floor(bytes.length / 2)] = bytes[Math.floor(bytes.length / 2)]! ^ 1
      await writeFile(changed, bytes)
      await page.goto(`${shop.url}/verificar`)
      await page.setInputFiles('#archivo', changed)
      await page.locator('form[enctype] button').click()
      await page.waitForLoadState('load')
      assert.equal(await page.locator('h1').textContent(), t.changed)
      await arrive(walker, 'changed')
      await go(walker, '/bitacora', 'log')
    })

    test('who only has the paper types its folio and code, and gets the original', {
      skip: withoutPdftotext,
    }, async () => {
      const walker = await walkerOf('paper')
      const { page } = walker
      const { stdout } = await run('pdftotext', [receipt, '-'])
      const code = /[2-9A-Z]{4}(-[2-9A-Z]{4}){3}/.exec(stdout)![0]
      const search = async (typedFolio: string) => {
        await page.goto(`${shop.url}/verificar?codigo=${code}`)
        await page.fill('#folio', typedFolio)
        await page.locator('form[action="/verificar/codigo"] button').click()
        await page.waitForLoadState('load')
      }
      await search('26-0000-0000-00')
      await arrive(walker, 'code-fault')
      await search(folio.replaceAll('-', ' ').toLowerCase())
      assert.equal(await page.locator('h1').textContent(), t.whole)
      await arrive(walker, 'original')
    })
  })

async function verifyOffline(file: string) {
  return run(ventanilla, ['verify', file, '--json'], { env: { ...process.env, DATA_DIR: shop.dataDir } })
}

async function download(page: Page, link: ReturnType<Page['locator']>, name: string): Promise<string> {
  const href = await link.getAttribute('href')
  const response = await page.request.get(new URL(href!, shop.url).href)
  const file = join(shop.dataDir, name)
  await writeFile(file, await response.body())
  return file
}

/** As the person reads it in their mail: in a demo, on the page that shows what would have been sent. */
async function mailedCode({ url }: TestShop, address: string): Promise<string> {
  for (let i = 0; i < 40; i += 1) {
    const text = await (await fetch(`${url}/demo/correos`)).text()
    const at = text.indexOf(address)
    const code = at < 0 ? undefined : /\b(\d{6})\b/.exec(text.slice(at))?.[1]
    if (code) return code
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('no code was mailed')
}
