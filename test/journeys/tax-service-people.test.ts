import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { openEfirma } from '../../bin/client/efirma.ts'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { signIn } from '../../bin/client/sign-in.ts'
import { newContext, openBrowser } from '../support/browser.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import { arrive, type Walker } from './steps.ts'

const run = promisify(execFile)
const ventanilla = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))
const samples = fileURLToPath(new URL('../../../shared/samples/efirma', import.meta.url))
const skip = existsSync(samples) ? false : 'the tax service’s test people are not beside the project'
const PASSWORD = '12345678a'

/** Each with the service they ask for: a company's, where it is a company. */
const clocks = [
  {
    clock: '2021-06-29T15:00:00Z',
    people: ['cacx7605101p8', 'xoji740919u48', 'iañl750210963', 'eku9003173c9', 'h&e951128469'],
  },
  { clock: '', people: ['eku9003173c9_2027'] },
]
const SERVICE = 'cofepris-aviso-funcionamiento'

for (const { clock, people } of clocks)
  describe(`the tax service’s own test people, clock ${clock || 'of today'}`, { skip }, () => {
    let shop: TestShop
    let browser: Browser
    let passwordFile: string
    before(async () => {
      const trust = { TRUST_DIR: join(samples, 'authorities') }
      shop = await startShop(clock ? { ...trust, DEMO_CLOCK: clock } : trust)
      browser = await openBrowser()
      passwordFile = join(shop.dataDir, 'password.txt')
      await writeFile(passwordFile, `${PASSWORD}\n`)
    })
    after(async () => {
      await browser?.close()
      await shop?.stop()
    })
    const files = (name: string) => ({
      cer: join(samples, 'sat-test', `${name}.cer`),
      key: join(samples, 'sat-test', `${name}.key`),
    })
    const cli = (name: string, ...args: string[]) => {
      const { cer, key } = files(name)
      const identity = ['--server', shop.url, '--cer', cer, '--key', key, '--password-file', passwordFile, '--json']
      return run(ventanilla, ['citizen', ...args, ...identity], { env: { ...process.env, DATA_DIR: shop.dataDir } })
    }
    const signInAs = async (page: Page, name: string) => {
      await page.goto(`${shop.url}/entrar`)
      await page.setInputFiles('#cer', files(name).cer)
      await page.setInputFiles('#key', files(name).key)
      await page.fill('#password', PASSWORD)
      await page.locator('form[data-efirma] button[type="submit"]').click()
    }

    for (const name of people) {
      test(`${name} signs in and applies by the command line; the receipt is sound`, async () => {
        const whoami = JSON.parse((await cli(name, 'whoami')).stdout)
        const rfc = name.split('_')[0]!.toUpperCase()
        assert.equal(whoami.actsFor?.rfc ?? whoami.rfc, rfc)
        const out = join(shop.dataDir, `out-${name}`)
        const applied = JSON.parse((await cli(name, 'apply', '--service', SERVICE, '--example', '--out', out)).stdout)
        assert.equal(applied.receipt, join(out, 'acuse.pdf'))
        const { stdout } = await run(ventanilla, ['verify', applied.receipt, '--json'], {
          env: { ...process.env, DATA_DIR: shop.dataDir },
        })
        assert.equal(JSON.parse(stdout).verdict, 'sound')
      })

      test(`${name} signs in with a browser, sees for whom they act, and signs an application`, async () => {
        const context = await newContext(browser)
        const page = await context.newPage()
        page.setDefaultTimeout(20_000)
        const walker: Walker = { page, shop, name: `sat-${name}` }
        await signInAs(page, name)
        await page.waitForURL(/primera-vez/)
        await page.check('#leido')
        await page.locator('main form button').click()
        await page.waitForURL(/cuenta\/correo/)
        // The revocation of these issuers is not published: let through in a demo, and said so.
        assert.match((await page.locator('.govuk-inset-text').first().textContent())!, /revoca/)
        await page.goto(`${shop.url}/cuenta`)
        await arrive(walker, 'account')
        const draft = await answered(shop, { ...files(name), passwordFile })
        await page.goto(`${shop.url}/borradores/${draft}`)
        await page.check('#consiento')
        await page.locator(`form[action="/borradores/${draft}/preparar"] button`).click()
        await page.waitForURL(/firmar/)
        await page.setInputFiles('#cer', files(name).cer)
        await page.setInputFiles('#key', files(name).key)
        await page.fill('#password', PASSWORD)
        await page.locator('form[data-efirma] button[type="submit"]').click()
        await page.waitForURL(/enviada/)
        await context.close()
      })

      test(`${name}: the seal for invoices is refused, with its own sentence`, async () => {
        const seal = `${name}_csd`
        await assert.rejects(cli(seal, 'whoami'), (error: { code: number; stderr: string }) => {
          assert.equal(error.code, 2)
          return JSON.parse(error.stderr).error.code === 'not-efirma'
        })
        const context = await newContext(browser)
        const page = await context.newPage()
        await signInAs(page, seal)
        await page.locator('main .govuk-error-summary:visible').waitFor()
        assert.match((await page.locator('main .govuk-error-summary:visible').textContent())!, /CSD/)
        await context.close()
      })
    }
  })

/** The answers come by the API, into the same account: here the signing is on trial. */
async function answered(shop: TestShop, files: { cer: string; key: string; passwordFile: string }): Promise<string> {
  const client = openShopClient(shop.url)
  await signIn(client, await openEfirma(files))
  const { example } = await client.get<{ example: object }>(`/api/v1/services/${SERVICE}`)
  const { id } = await client.post<{ id: string }>('/api/v1/drafts', { serviceId: SERVICE })
  await client.put(`/api/v1/drafts/${id}`, { data: example })
  const file = { name: 'croquis.pdf', type: 'application/octet-stream', bytes: samplePdf('Croquis') }
  await client.upload(`/api/v1/drafts/${id}/attachments?field=sketch`, file)
  return id
}
