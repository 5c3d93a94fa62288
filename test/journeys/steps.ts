import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { axeFaults, overflow, shoot } from '#test/support/browser.ts'
import type { TestShop } from '#test/support/shop.ts'

/** What a person does, in their words; every page they land on is clean for axe and fits its width. */
export interface Walker {
  page: Page
  shop: TestShop
  /** Before the names of pictures. */
  name: string
}

export async function arrive({ page, name }: Walker, what: string): Promise<void> {
  await shoot(page, `${name}-${what}`)
  assert.deepEqual(await axeFaults(page), [], `${what} (${page.url()})`)
  assert.ok((await overflow(page)) <= 0, `${what} is wider than the screen`)
}

export async function go(walker: Walker, path: string, what: string): Promise<void> {
  await walker.page.goto(walker.shop.url + path)
  await arrive(walker, what)
}

/** Presses and waits for the page that comes. */
export async function press(walker: Walker, label: string | RegExp, what?: string): Promise<void> {
  const { page } = walker
  const target = page
    .getByRole('button', { name: label })
    .or(page.getByRole('link', { name: label }))
    .first()
  await target.click()
  await page.waitForLoadState('load')
  if (what) await arrive(walker, what)
}

export async function chooseEfirma({ page, shop }: Walker, id: string, password?: string): Promise<void> {
  const { cer, key, password: right } = shop.person(id)
  await page.setInputFiles('#cer', cer)
  await page.setInputFiles('#key', key)
  await page.fill('#password', password ?? right)
}

/** Signs whatever form of the e.firma is on the page, and waits for where it leads. */
export async function sign(walker: Walker, id: string, what?: string): Promise<void> {
  const { page } = walker
  await chooseEfirma(walker, id)
  const before = page.url()
  await page.locator('form[data-efirma] button[type="submit"]').click()
  await page.waitForURL((url) => url.href !== before)
  await page.waitForLoadState('load')
  if (what) await arrive(walker, what)
}

/** Signs in; the first time reads the notice and gives no address. */
export async function signIn(walker: Walker, id: string): Promise<void> {
  const { page, shop } = walker
  await page.goto(`${shop.url}/entrar`)
  await sign(walker, id)
  if (page.url().includes('/primera-vez')) {
    await page.check('#leido')
    await page.locator('main form button[type="submit"]').click()
    await page.waitForURL(/\/cuenta\/correo/)
  }
}

export async function signOut({ page }: Walker): Promise<void> {
  await page.locator('form[action="/salir"] button').click()
  await page.waitForLoadState('load')
}
