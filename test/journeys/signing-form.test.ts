import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import type { Language } from '#kernel/texts.ts'
import { axeFaults, newContext, openBrowser, overflow, shoot } from '#test/support/browser.ts'
import { makePerson, PASSWORD } from '#test/support/efirma-person.ts'
import { samplePdf } from '#test/support/typst.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { buildChallenge, verifyChallengeSignature } from '#trust/efirma/challenge.ts'
import { byteRangeDigest } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { type Assets, buildAssets } from '#web/assets.ts'
import { signDocumentForm, signInForm } from '#web/components/signing.ts'
import type { PageContext } from '#web/context.ts'
import { type Html, html } from '#web/html.ts'
import { layout } from '#web/layout.ts'

/** The two forms alone, with the real script under the real policy; the test plays the server, also an ill-mannered one. */
const origin = 'https://shop.example'
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
const person = makePerson()
const stranger = makePerson()
const signingTime = new Date('2026-11-24T15:04:05Z')
const prepared = prepareSignature(samplePdf(), { fieldName: 'citizen', signingTime })

let assets: Assets
let browser: Browser
before(async () => {
  assets = await buildAssets(fileURLToPath(new URL('../../packs/mx', import.meta.url)))
  browser = await openBrowser()
})
after(() => browser?.close())

const contextIn = (language: Language): PageContext => ({
  language,
  path: '/entrar',
  demo: false,
  acting: null,
  warnings: [],
  unopened: 0,
  csrf: 'the-token',
  zone: 'America/Mexico_City',
  now: signingTime,
})
const signIn = (context: PageContext) =>
  signInForm(context, { action: '/entrar', challengeUrl: '/api/v1/sign-in/challenges' })
const signDocument = (context: PageContext) =>
  signDocumentForm(context, {
    action: '/firmar',
    documentUrl: '/preparado',
    byteRange: prepared.byteRange,
    signingTime,
    preparationId: 'the-preparation',
    buttonLabel: 'Firmar',
    what: 'su solicitud',
  })

interface Stage {
  page: Page
  /** Every body that left the browser, but the pages' own. */
  sent: Array<{ path: string; body: string }>
  faults: string[]
  /** What the server answers; a test may change it. */
  answer: { challenge(route: Route): Promise<void>; document(route: Route): Promise<void> }
  close(): Promise<void>
}

const challengeFor = (site: string) =>
  buildChallenge({
    origin: site,
    account: '',
    nonce: Buffer.alloc(32, 5),
    issued: signingTime,
    expires: new Date(signingTime.getTime() + 120_000),
  })
const giveChallenge = (text: string) => (route: Route) => route.fulfill({ status: 201, json: { id: 'c-1', text } })

async function open(form: (context: PageContext) => Html, language: Language = 'es', narrow = false): Promise<Stage> {
  const browserContext: BrowserContext = await newContext(browser, { language, narrow })
  const page = await browserContext.newPage()
  page.setDefaultTimeout(15_000)
  const stage: Stage = {
    page,
    sent: [],
    faults: [],
    answer: {
      challenge: giveChallenge(challengeFor(origin)),
      document: (route) => route.fulfill({ contentType: 'application/pdf', body: prepared.pdf }),
    },
    close: () => browserContext.close(),
  }
  page.on('pageerror', (error) => stage.faults.push(error.message))
  page.on('console', (message) => message.type() === 'error' && stage.faults.push(message.text()))
  const shown = layout(contextIn(language), assets.page, {
    title: 'Firma',
    script: true,
    body: html`<h1 class="govuk-heading-l">Firma</h1>${form(contextIn(language))}`,
  })
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url())
    const body = route.request().postData()
    if (body !== null) stage.sent.push({ path: pathname, body })
    const asset = assets.files.get(pathname)
    if (asset)
      return route.fulfill({
        contentType: asset.type,
        body: asset.bytes,
        headers: { 'access-control-allow-origin': origin },
      })
    if (pathname === '/api/v1/sign-in/challenges') return stage.answer.challenge(route)
    if (pathname === '/preparado') return stage.answer.document(route)
    const headers = { 'content-security-policy': policy, 'cache-control': 'no-store' }
    await route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers,
      body: body === null ? shown.text : '<!DOCTYPE html><title>ok</title><h1>Hecho</h1>',
    })
  })
  await page.goto(`${origin}/entrar`)
  return stage
}

const fileOf = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
async function choose({ page }: Stage, cer: Buffer, key: Buffer, password = PASSWORD): Promise<void> {
  await page.setInputFiles('#cer', fileOf('a.cer', cer))
  await page.setInputFiles('#key', fileOf('a.key', key))
  await page.fill('#password', password)
}
const submit = ({ page }: Stage) => page.locator('form[data-efirma] button').click()
async function faultsShown({ page }: Stage): Promise<string[]> {
  await page.locator('[data-efirma-summary]:visible').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-efirma-summary')), true)
  return page.locator('[data-efirma-summary] li').allTextContents()
}
const fieldsOf = (body: string) => Object.fromEntries(new URLSearchParams(body))
const withoutSecrets = (stage: Stage) => {
  for (const { body } of stage.sent) {
    assert.ok(!body.includes(encodeURIComponent(PASSWORD)) && !body.includes(PASSWORD), 'the password never travels')
    assert.ok(!body.includes(encodeURIComponent(person.key.toString('base64').slice(0, 60))), 'nor the key')
  }
}

describe('the form that signs in', () => {
  test('only the challenge’s number, the certificate and the signature travel', async () => {
    const stage = await open(signIn)
    await choose(stage, person.certificate, person.key)
    await submit(stage)
    await stage.page.getByText('Hecho').waitFor()
    assert.deepEqual(
      stage.sent.map(({ path, body }) => [path, body === '{}']),
      [
        ['/api/v1/sign-in/challenges', true],
        ['/entrar', false],
      ],
    )
    const { csrf, challengeId, certificate, signature, ...more } = fieldsOf(stage.sent[1]!.body)
    assert.deepEqual([csrf, challengeId, more], ['the-token', 'c-1', {}])
    assert.ok(Buffer.from(certificate!, 'base64').equals(person.certificate))
    const parsed = parseCertificate(person.certificate)
    assert.ok(verifyChallengeSignature(challengeFor(origin), parsed, Buffer.from(signature!, 'base64')))
    withoutSecrets(stage)
    assert.deepEqual(stage.faults, [])
    await stage.close()
  })

  test('pressed twice, it signs once', async () => {
    const stage = await open(signIn)
    let give = () => {}
    const wait = new Promise<void>((resolve) => {
      give = resolve
    })
    const challenge = stage.answer.challenge
    stage.answer.challenge = async (route) => {
      await wait
      await challenge(route)
    }
    await choose(stage, person.certificate, person.key)
    await stage.page.locator('form[data-efirma] button').dblclick()
    await stage.page.locator('#password').press('Enter')
    assert.equal(await stage.page.locator('form[data-efirma] button').getAttribute('aria-disabled'), 'true')
    assert.match((await stage.page.locator('[data-efirma-busy]').textContent())!, /Firmando/)
    give()
    await stage.page.getByText('Hecho').waitFor()
    assert.deepEqual(
      stage.sent.map(({ path }) => path),
      ['/api/v1/sign-in/challenges', '/entrar'],
    )
    await stage.close()
  })

  for (const [language, narrow] of [
    ['es', false],
    ['en', true],
  ] as const)
    test(`what is wrong is said on top and at its field, and nothing typed is lost (${language})`, async () => {
      const stage = await open(signIn, language, narrow)
      const { page } = stage
      const clean = async (name: string) => {
        await shoot(page, `form-${language}-${name}`)
        assert.deepEqual(await axeFaults(page), [], name)
        assert.ok((await overflow(page)) <= 0, name)
      }
      await clean('empty')
      assert.equal(await page.locator('.govuk-error-message:visible').count(), 0)
      assert.equal(await page.locator('#cer').getAttribute('aria-describedby'), null)
      await submit(stage)
      assert.equal((await faultsShown(stage)).length, 3)
      assert.match(await page.title(), /^Error: /)
      await clean('missing')
      await page.locator('[data-efirma-summary] a').nth(2).click()
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'password')
      await choose(stage, person.key, person.certificate)
      await submit(stage)
      await page.locator('[data-efirma-summary] li').nth(1).waitFor()
      assert.deepEqual(
        await page
          .locator('[data-efirma-summary] a')
          .evaluateAll((links) => links.map((each) => each.getAttribute('href'))),
        ['#cer', '#key'],
      )
      await clean('swapped')
      await choose(stage, person.certificate, person.key, 'otra')
      assert.match(
        (await page.locator('[data-efirma-holder]').textContent())!,
        /MUÑOZ NÚÑEZ, MUNI850210963.*99990000000000000001.*2029/,
      )
      await submit(stage)
      await page.locator('#password[aria-invalid="true"]').waitFor()
      assert.equal(await page.locator('#password').getAttribute('aria-describedby'), 'password-error password-hint')
      assert.equal(await page.locator('#cer').getAttribute('aria-invalid'), null)
      assert.equal(await page.locator('#password').inputValue(), 'otra')
      assert.equal(await page.locator('#key').evaluate((input) => (input as HTMLInputElement).files?.length), 1)
      assert.equal(await page.locator('.govuk-error-message:visible').count(), 1, 'the faults of before are gone')
      await clean('password')
      await choose(stage, person.certificate, stranger.key)
      await submit(stage)
      await page.locator('#key[aria-invalid="true"]').waitFor()
      assert.deepEqual(stage.sent, [], 'nothing left the browser')
      await choose(stage, person.certificate, person.key)
      await submit(stage)
      await page.getByText('Hecho').waitFor()
      assert.deepEqual(stage.faults, [])
      await stage.close()
    })

  test('a challenge that is not this site’s is not signed; no answer and a refusal have their sentence', async () => {
    const stage = await open(signIn)
    await choose(stage, person.certificate, person.key)
    const tries: Array<[(route: Route) => Promise<void>, RegExp]> = [
      [giveChallenge(challengeFor('https://evil.example')), /otro sitio/],
      [giveChallenge('<x>'), /no es un acceso/],
      [(route) => route.fulfill({ json: null }), /no es un acceso/],
      [(route) => route.fulfill({ body: '<p>Wi-Fi' }), /No hay respuesta/],
      [(route) => route.abort(), /No hay respuesta/],
      [
        (route) => route.fulfill({ status: 429, json: { detail: 'Espere <b>un minuto</b>.' } }),
        /^Espere <b>un minuto<\/b>\.$/,
      ],
      [(route) => route.fulfill({ status: 500, body: 'x' }), /No se aceptó/],
    ]
    for (const [challenge, sentence] of tries) {
      stage.answer.challenge = challenge
      await submit(stage)
      await stage.page.locator('[data-efirma-summary] li').getByText(sentence).waitFor()
      assert.equal(await stage.page.locator('[data-efirma-summary] b, [data-efirma-summary] a').count(), 0)
    }
    assert.ok(stage.sent.every(({ path, body }) => path === '/api/v1/sign-in/challenges' && body === '{}'))
    await stage.close()
  })

  test('without script the form says why and offers no button', async () => {
    const page = await (await newContext(browser, { script: false })).newPage()
    const shown = layout(contextIn('es'), assets.page, { title: 'Firma', script: true, body: signIn(contextIn('es')) })
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: shown.text }))
    await page.goto(`${origin}/entrar`)
    const why = page.locator('noscript .govuk-warning-text')
    assert.ok(await why.isVisible())
    assert.match((await why.textContent())!, /Para firmar hace falta JavaScript/)
    assert.ok(await page.locator('form[data-efirma] button').isDisabled())
    await page.context().close()
  })
})

describe('the form that signs a document', () => {
  test('what is signed is this document; certificate, attributes and signature travel', async () => {
    const stage = await open(signDocument)
    assert.match((await stage.page.locator('main').textContent())!, /24 de noviembre de 2026, 09:04/)
    assert.deepEqual(await axeFaults(stage.page), [])
    await choose(stage, person.certificate, person.key)
    await submit(stage)
    await stage.page.getByText('Hecho').waitFor()
    const { csrf, preparationId, certificate, signedAttributes, signature, ...more } = fieldsOf(stage.sent[0]!.body)
    assert.deepEqual([stage.sent.length, csrf, preparationId, more], [1, 'the-token', 'the-preparation', {}])
    const parsed = parseCertificate(Buffer.from(certificate!, 'base64'))
    const digest = byteRangeDigest(prepared.pdf, prepared.byteRange)
    const expected = signedAttributesFor({ digest, certificate: parsed })
    assert.ok(Buffer.from(signedAttributes!, 'base64').equals(expected))
    assert.ok(await signedBy(parsed.spki, expected, Buffer.from(signature!, 'base64')))
    withoutSecrets(stage)
    assert.deepEqual(stage.faults, [])
    await stage.close()
  })

  test('another document, none, or a session that ended: nothing is signed, and it is said', async () => {
    const stage = await open(signDocument)
    await choose(stage, person.certificate, person.key)
    const full = Buffer.from(prepared.pdf)
    full[prepared.byteRange[1] + 9] = 0x41
    const tries: Array<[(route: Route) => Promise<void>, RegExp]> = [
      [(route) => route.fulfill({ contentType: 'application/pdf', body: full }), /no es el que se iba a firmar/],
      [(route) => route.fulfill({ body: '<p>' }), /no es el que se iba a firmar/],
      [(route) => route.abort(), /No hay respuesta/],
      [(route) => route.fulfill({ status: 303, headers: { location: '/entrar' } }), /Su sesión terminó/],
      [(route) => route.fulfill({ status: 401, body: '' }), /Su sesión terminó/],
    ]
    for (const [document, sentence] of tries) {
      stage.answer.document = document
      await submit(stage)
      await stage.page.locator('[data-efirma-summary] li').getByText(sentence).waitFor()
    }
    assert.deepEqual(stage.sent, [])
    await stage.close()
  })
})

async function signedBy(spki: Buffer, bytes: Buffer, signature: Buffer): Promise<boolean> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('spki', Uint8Array.from(spki), algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, Uint8Array.from(signature), Uint8Array.from(bytes))
}
