import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Chromium from CHROMIUM_PATH, the PATH, or the npm package that carries one. */
async function findChromium(): Promise<string> {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim()
    } catch {
      // Not this one.
    }
  }
  for (const path of [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ])
    if (existsSync(path)) return path
  const { default: packed } = await import('@sparticuz/chromium')
  return packed.executablePath()
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface AxeResult {
  violations: Array<{ id: string; nodes: Array<{ html: string; failureSummary?: string }> }>
}

/** What axe finds on the page as it stands, one line each; empty is clean. Its script comes in behind the page's own policy. */
export async function axeFaults(page: Page): Promise<string[]> {
  const client = await page.context().newCDPSession(page)
  await client.send('Runtime.evaluate', { expression: axeSource })
  const { result } = await client.send('Runtime.evaluate', {
    expression: `axe.run(document, {runOnly: ${JSON.stringify(RULES)}}).then((r) => JSON.stringify({violations: r.violations.map(({id, nodes}) => ({id, nodes: nodes.map(({html, failureSummary}) => ({html, failureSummary}))}))}))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await client.detach()
  const { violations } = JSON.parse(String(result.value)) as AxeResult
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  )
}

/** A picture of the whole page, where somebody asked for pictures (SHOTS names the folder). */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 320, height: 640 }

export async function newContext(
  browser: Browser,
  options: { language?: 'es' | 'en'; narrow?: boolean; script?: boolean } = {},
): Promise<BrowserContext> {
  const { language = 'es', narrow = false, script = true } = options
  return browser.newContext({
    locale: language === 'es' ? 'es-MX' : 'en',
    viewport: narrow ? NARROW : WIDE,
    javaScriptEnabled: script,
  })
}

/** Whether anything sticks out to the right: at 320 px nobody should have to scroll sideways (WCAG 1.4.10). */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
