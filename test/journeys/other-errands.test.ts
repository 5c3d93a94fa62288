import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { newContext, openBrowser, shoot } from '../support/browser.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { arrive, chooseEfirma, go, sign, signIn, type Walker } from './steps.ts'

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

const walkerOf = async (name: string, options: Parameters<typeof newContext>[1] = {}): Promise<Walker> => {
  const page = await (await newContext(browser, options)).newPage()
  page.setDefaultTimeout(20_000)
  return { page, shop, name }
}
const submit = async ({ page }: Walker) => {
  await page.locator('main form button[type="submit"]').first().click()
  await page.waitForLoadState('load')
}

describe('pages anyone may read', () => {
  for (const [language, narrow] of [
    ['es', true],
    ['en', false],
  ] as const)
    test(`${language}, ${narrow ? 320 : 1280} px`, async () => {
      const walker = await walkerOf(`${language}-open`, { language, narrow })
      const pages = {
        home: '/',
        all: '/tramites',
        none: '/tramites?q=xyzzy',
        institution: '/instituciones/cofepris',
        ficha: '/tramites/atdt-desarrollando-talentos',
        sheet: '/tramites/indautor-registro-obra/hoja',
        offline: '/tramites/sre-pasaporte',
        start: '/solicitar/indautor-registro-obra',
        privacy: '/privacidad',
        help: '/ayuda',
        accessibility: '/accesibilidad',
        status: '/estado',
        log: '/bitacora',
        data: '/datos',
        api: '/api',
        verify: '/verificar',
        people: '/demo',
        clock: '/demo/reloj',
        mails: '/demo/correos',
        missing: '/no-hay',
      }
      for (const [what, path] of Object.entries(pages)) await go(walker, path, what)
    })
})

test('at 320 px a table hides nothing to the right; the log speaks in words', async () => {
  const walker = await walkerOf('tables', { narrow: true })
  const { page } = walker
  await go(walker, '/demo', 'people')
  const rightEdges = await page
    .locator('main table a, main table .vn-mono')
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().right))
  assert.ok(rightEdges.length > 10 && Math.max(...rightEdges) <= 320, `up to ${Math.max(...rightEdges)} px`)
  await go(walker, '/bitacora', 'log')
  const log = (await page.locator('main table').textContent())!
  assert.match(log, /Ficha de trámite publicada/)
  assert.doesNotMatch(log, /service\.published|role\.granted/)
})

test('changing the language keeps the search, and leads back from a form that came back with its faults', async () => {
  const walker = await walkerOf('language')
  const { page } = walker
  const change = async () => {
    await page.locator('form[action="/idioma"] button').click()
    await page.waitForLoadState('load')
  }
  await page.goto(`${shop.url}/tramites?q=acta+nacimineto&canal=online`)
  await change()
  assert.match(page.url(), /\/tramites\?q=acta\+nacimineto&canal=online$/)
  assert.equal(await page.locator('h1').textContent(), 'Services')
  await page.goto(`${shop.url}/verificar`)
  await page.fill('#codigo', 'ABC')
  await page.locator('form[action="/verificar/codigo"] button').click()
  await page.locator('.govuk-error-summary').waitFor()
  await change()
  assert.equal(await page.locator('h1').textContent(), 'Verificar un documento')
})

test('what has only some of the words says so; a service that is not done here leads to its page', async () => {
  const walker = await walkerOf('nearest')
  const { page } = walker
  await go(walker, '/tramites?q=me+robaron+la+identidad', 'nearest')
  assert.match((await page.locator('[role="status"]').textContent())!, /Estos se parecen/)
  await page.goto(`${shop.url}/solicitar/sre-pasaporte`)
  assert.equal(new URL(page.url()).pathname, '/tramites/sre-pasaporte')
  await page.locator('main details summary').click()
  assert.match((await page.locator('main').textContent())!, /De dónde salen estos datos/)
  assert.doesNotMatch((await page.locator('main').textContent())!, /to be confirmed|this pack/)
})

test('an e.firma by the keyboard alone; each of the things that may be wrong says which', async () => {
  const walker = await walkerOf('keyboard')
  const { page } = walker
  await page.goto(`${shop.url}/entrar`)
  const { cer, key } = shop.person('lucia')
  const fault = async () => (await page.locator('[data-efirma-summary] a').first().textContent()) ?? ''
  const enter = async () => {
    await page.locator('#password').focus()
    await page.keyboard.press('Enter')
    await page.locator('[data-efirma-summary]:visible, h1:has-text("Antes de empezar")').first().waitFor()
  }
  await enter()
  assert.match(await fault(), /Elija su certificado/)
  await arrive(walker, 'efirma-missing')
  await page.setInputFiles('#cer', key)
  await page.setInputFiles('#key', cer)
  await page.locator('#password').fill('x')
  await enter()
  assert.match(await fault(), /llave privada.*\.cer|certificado.*\.key/)
  await page.setInputFiles('#cer', cer)
  await enter()
  assert.match(await fault(), /llave privada puso el certificado/)
  await page.setInputFiles('#key', key)
  await enter()
  assert.match(await fault(), /contraseña no abre/)
  await arrive(walker, 'efirma-password')
  await page.setInputFiles('#key', shop.person('tomas').key)
  await page.locator('#password').fill('ventanilla-demo')
  await enter()
  assert.match(await fault(), /no es la de este certificado/)
  await page.setInputFiles('#key', key)
  await page.locator('#password').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(/primera-vez/)
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#contenido')
})

test('of an e.firma only the certificate and a signature leave the browser; a script changed on the way does not run', async () => {
  const walker = await walkerOf('travels')
  const { page } = walker
  const sent: string[] = []
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  await page.goto(`${shop.url}/entrar`)
  await sign(walker, 'guadalupe')
  const { cer, key, password } = shop.person('guadalupe')
  const all = decodeURIComponent(sent.join('\n'))
  assert.ok(all.includes((await readFile(cer)).toString('base64')), 'the certificate is sent')
  const sealed = (await readFile(key)).toString('base64')
  for (const secret of [password, sealed, sealed.slice(100, 160), 'PRIVATE KEY'])
    assert.equal(all.includes(secret), false)

  const changed = await walkerOf('changed')
  await changed.page.route('**/efirma-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${await response.text()}//` })
  })
  await changed.page.goto(`${shop.url}/entrar`)
  await changed.page.locator('[data-efirma-waiting]:visible').waitFor()
  assert.equal(await changed.page.locator('form[data-efirma] button').isDisabled(), true)
})

test('a revoked, an expired and a seal’s certificate are refused by the server, each with its sentence', async () => {
  for (const [id, sentence] of [
    ['rosa', /revocado/],
    ['ernesto', /venció|vencido/],
    ['cafe-y-miel-seal', /CSD/],
  ] as const) {
    const walker = await walkerOf(`refused-${id}`)
    await walker.page.goto(`${shop.url}/entrar`)
    await chooseEfirma(walker, id)
    await walker.page.locator('form[data-efirma] button').click()
    await walker.page.locator('main .govuk-error-summary:visible').waitFor()
    assert.match((await walker.page.locator('main .govuk-error-summary:visible').first().textContent())!, sentence)
    await arrive(walker, 'refused')
  }
})

test('a form without JavaScript, and in two windows at once: no answer is lost silently', async () => {
  const walker = await walkerOf('noscript', { script: false })
  const { page } = walker
  await page.goto(`${shop.url}/solicitar/cofepris-denuncia-sanitaria`)
  await submit(walker)
  const first = page.url()
  const other = await page.context().newPage()
  await other.goto(first)
  await page.locator('main input[type="radio"]').first().check()
  await submit(walker)
  assert.notEqual(page.url(), first)
  await other.locator('main input[type="radio"]').nth(1).check()
  await other.locator('main form button').first().click()
  await other.waitForLoadState('load')
  assert.match((await other.locator('h1').textContent())!, /cambió en otra ventana/)
  await shoot(other, 'noscript-conflict')
  await other.locator('main form button').first().click()
  await other.waitForLoadState('load')
  assert.doesNotMatch(other.url(), /conflicto/)
})

test('a fee: the reference, the bank, and back; what was attached with a script inside is refused', async () => {
  const walker = await walkerOf('fee')
  const { page } = walker
  await signIn(walker, 'inaki')
  await page.goto(`${shop.url}/solicitar/indautor-registro-obra`)
  await submit(walker)
  await page.fill('#title', 'Cuentos del puerto')
  await submit(walker)
  await page.check('input[value="literary"]')
  await submit(walker)
  for (let i = 0; i < 14 && !/\/work$/.test(page.url()); i += 1) await answerAnything(walker)
  const script = samplePdf('x')
    .toString('latin1')
    .replace('/Type/Catalog', '/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>')
  await page.setInputFiles('#work', {
    name: 'malo.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(script, 'latin1'),
  })
  await submit(walker)
  await arrive(walker, 'file-refused')
  assert.match((await page.locator('.govuk-error-summary').textContent())!, /programas o acciones|dañado/)
  await page.setInputFiles('#work', { name: 'obra.pdf', mimeType: 'application/pdf', buffer: samplePdf('Obra') })
  await submit(walker)
  for (let i = 0; i < 5 && !/borradores\/[0-9a-f-]{36}$/.test(page.url()); i += 1) await answerAnything(walker)
  await arrive(walker, 'check')
  await page.locator('form[action$="/pago"] button').click()
  await page.waitForURL(/\/pago$/)
  await arrive(walker, 'payment')
  await page.locator('a[href^="/demo/banco/"]').click()
  await page.waitForLoadState('load')
  await arrive(walker, 'bank')
  await submit(walker)
  await arrive(walker, 'paid')
  await page.locator('main a[href^="/borradores/"]').last().click()
  await page.waitForLoadState('load')
  await page.check('#consiento')
  await page.locator('form[action$="/preparar"] button').click()
  await page.waitForURL(/firmar$/)
  await sign(walker, 'inaki')
  assert.match(page.url(), /enviada$/)
})

/** Whatever the page asks, something that fits. */
async function answerAnything(walker: Walker): Promise<void> {
  const { page } = walker
  for (const box of await page.locator('main textarea').all())
    await box.fill('Doce cuentos breves sobre la vida en un puerto del Pacífico.')
  const day = page.locator('main input[id$="-month"]')
  if (await day.count()) {
    await page.locator('main .govuk-date-input input').nth(0).fill('15')
    await page.locator('main .govuk-date-input input').nth(1).fill('3')
    await page.locator('main .govuk-date-input input').nth(2).fill('2021')
  }
  const done = page.getByRole('button', { name: 'Son todos: continuar' })
  if (await done.count()) {
    await done.click()
    await page.waitForLoadState('load')
    return
  }
  const radio = page.locator('main input[type="radio"]')
  if (await radio.count()) await radio.last().check()
  await submit(walker)
}

test('an administrator gives a role by an act they sign; the supervisor and a colleague see their pages', async () => {
  const newcomer = await walkerOf('newcomer')
  await signIn(newcomer, 'tomas')
  await newcomer.page.goto(`${shop.url}/oficina`)
  assert.equal(await newcomer.page.locator('h1').textContent(), 'No se puede hacer ahora')
  const walker = await walkerOf('administrator')
  const { page } = walker
  await signIn(walker, 'administrator')
  await go(walker, '/oficina/encargos', 'roles')
  const people = (await (await fetch(`${shop.url}/demo/people.json`)).json()) as {
    items: Array<{ id: string; curp: string }>
  }
  await page.fill('#clave', 'XXXX000000XXXXXX00')
  await submit(walker)
  await arrive(walker, 'roles-fault')
  await page.fill('#clave', people.items.find(({ id }) => id === 'tomas')!.curp)
  await page.selectOption('#institucion', 'profeco')
  await page.selectOption('#encargo', 'officer')
  await submit(walker)
  await arrive(walker, 'roles-sign')
  await sign(walker, 'administrator', 'roles-given')
  assert.match((await page.locator('main').textContent())!, /TOM[ÁA]S/)
  await newcomer.page.goto(`${shop.url}/oficina`)
  await arrive(newcomer, 'inbox')
})

test('the clock is moved by hand', async () => {
  const walker = await walkerOf('clock')
  const { page } = walker
  await go(walker, '/demo/reloj', 'before')
  await page.fill('#dias', 'muchos')
  await submit(walker)
  await arrive(walker, 'fault')
  await page.fill('#dias', '2')
  await submit(walker)
  await arrive(walker, 'moved')
  assert.match((await page.locator('main').textContent())!, /se hizo lo que vencía/)
})
