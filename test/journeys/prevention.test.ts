import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { apply } from '../../bin/client/apply.ts'
import { openEfirma } from '../../bin/client/efirma.ts'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { signIn as signInByProgram } from '../../bin/client/sign-in.ts'
import { newContext, openBrowser } from '../support/browser.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { arrive, go, press, sign, signIn, type Walker } from './steps.ts'

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

const walkerOf = async (name: string, options: Parameters<typeof newContext>[1]): Promise<Walker> => {
  const page = await (await newContext(browser, options)).newPage()
  page.setDefaultTimeout(20_000)
  return { page, shop, name }
}

async function applied(id: string): Promise<string> {
  const { cer, key, passwordFile } = shop.person(id)
  const efirma = await openEfirma({ cer, key, passwordFile })
  const client = openShopClient(shop.url)
  const whoami = await signInByProgram(client, efirma)
  const out = join(shop.dataDir, 'out')
  const application = {
    service: 'cofepris-denuncia-sanitaria',
    data: undefined,
    attach: [],
    consent: true,
    email: undefined,
    out,
  }
  return (await apply({ shop: client, efirma, whoami }, application)).folio
}

test('LFPA 17-A by hand: an officer asks for a document, consults a colleague; the person attaches it and answers', async () => {
  const folio = await applied('lucia')
  const officer = await walkerOf('prevention-officer', { language: 'es' })
  await signIn(officer, 'cofepris-officer')
  await officer.page.goto(`${shop.url}/oficina/${folio}`)
  await officer.page.check('#motivo')
  await officer.page.locator('main form button').click()
  await officer.page.waitForURL(/expediente/)
  await officer.page.getByText('Consultar a un colega').click()
  await officer.page.fill('#pregunta', '¿Hay otra denuncia del mismo local?')
  await officer.page.locator('form[action$="/consulta"] button').click()
  await officer.page.waitForLoadState('load')
  await arrive(officer, 'consulted')
  await officer.page.getByText('Pedir lo que falta').click()
  await officer.page.fill('#falta', 'x')
  await officer.page.locator('form[action$="/prevencion"] button').click()
  await officer.page.waitForLoadState('load')
  await officer.page.getByText('Pedir lo que falta').click()
  await arrive(officer, 'asked-too-little')
  await officer.page.fill('#falta', 'Falta el ticket de la compra: adjunte una foto o el PDF.')
  await officer.page.locator('form[action$="/prevencion"] button').click()
  await officer.page.waitForURL(/firmar/)
  await sign(officer, 'cofepris-officer', 'waiting')

  const person = await walkerOf('prevention-person', { language: 'en', narrow: true })
  await signIn(person, 'lucia')
  await go(person, `/solicitudes/${folio}`, 'open-first')
  await go(person, '/buzon', 'consult')
  await press(person, 'See my mailbox now')
  await person.page.waitForTimeout(1500)
  await go(person, `/solicitudes/${folio}`, 'closed')
  assert.doesNotMatch((await person.page.locator('main').textContent())!, /ticket/)
  await person.page.goto(`${shop.url}/buzon`)
  await person.page.locator('main table a').first().click()
  await press(person, 'Sign the receipt and open')
  await sign(person, 'lucia', 'read')
  await go(person, `/solicitudes/${folio}`, 'answer')
  assert.match((await person.page.locator('main').textContent())!, /Falta el ticket/)
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer })
  await person.page.setInputFiles('#archivo', file('nota.pdf', Buffer.from('not a pdf')))
  await person.page.locator('form[action$="/respuesta/archivo"] button').last().click()
  await person.page.waitForLoadState('load')
  await arrive(person, 'file-fault')
  await person.page.setInputFiles('#archivo', file('ticket.pdf', samplePdf('Ticket')))
  await person.page.locator('form[action$="/respuesta/archivo"] button').last().click()
  await person.page.waitForLoadState('load')
  await arrive(person, 'attached')
  assert.match((await person.page.locator('main').textContent())!, /ticket\.pdf/)
  await person.page.fill('#respuesta', 'Adjunto el ticket de la compra.')
  await person.page.locator('form[action$="/respuesta"] button').click()
  await person.page.waitForURL(/firmar/)
  await arrive(person, 'sign-answer')
  await sign(person, 'lucia', 'answered')
  assert.match((await person.page.locator('main').textContent())!, /In review/)
})
