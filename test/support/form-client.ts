import { openEfirma } from '../../bin/client/efirma.ts'
import type { TestShop } from './shop.ts'

/** A browser that has no script and no pictures: cookies, forms and redirections, for what need not be seen to be tested. */
export interface FormClient {
  /** Of the last page. */
  readonly status: number
  readonly path: string
  readonly html: string
  /** What is asked of the person again, in their words; empty where nothing is. */
  errors(): string[]
  /** The value that a field of the last page holds. */
  valueOf(name: string): string | undefined
  get(path: string): Promise<void>
  /** Sends the last page's form: its token, its revision and these. */
  post(path: string, fields?: Record<string, string>): Promise<void>
  attach(path: string, field: string, name: string, bytes: Uint8Array): Promise<void>
  signIn(person: string, next?: string): Promise<void>
  cookie(name: string): string | undefined
  setCookie(name: string, value: string): void
  /** `Max-Age` of a cookie that the last page or its redirections set, in seconds. */
  maxAge(name: string): number | undefined
}

export function openFormClient(shop: TestShop): FormClient {
  const cookies = new Map<string, string>()
  const ages = new Map<string, number>()
  let last = { status: 0, path: '', html: '' }

  const call = (path: string, init?: RequestInit): Promise<void> => {
    ages.clear()
    return follow(path, init)
  }

  async function follow(path: string, init: RequestInit = {}): Promise<void> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { 'accept-language': 'es-MX', referer: shop.url + last.path, cookie }
    const response = await fetch(shop.url + path, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(line)
    const location = response.headers.get('location')
    if (location) {
      await response.body?.cancel()
      return follow(location)
    }
    last = { status: response.status, path, html: await response.text() }
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    const age = /Max-Age=(\d+)/i.exec(line)?.[1]
    cookies.set(name, value)
    if (age !== undefined) ages.set(name, Number(age))
  }

  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(last.html)?.[1] ?? ''
  const common = () => ({ csrf: hidden('csrf'), revision: hidden('revision') })

  return {
    get status() {
      return last.status
    },
    get path() {
      return last.path
    },
    get html() {
      return last.html
    },
    errors: () =>
      [...last.html.matchAll(/govuk-error-summary__list">(.*?)<\/ul>/gs)]
        .flatMap(([, list]) => [...list!.matchAll(/<li>(.*?)<\/li>/gs)])
        .map(([, line]) => line!.replace(/<[^>]+>/g, '')),
    valueOf: (name) => new RegExp(`<[^>]+ name="${name}"[^>]* value="([^"]*)"`).exec(last.html)?.[1],
    get: (path) => call(path),
    post: (path, fields = {}) => call(path, { method: 'POST', body: new URLSearchParams({ ...common(), ...fields }) }),
    attach(path, field, name, bytes) {
      const body = new FormData()
      for (const [key, value] of Object.entries(common())) body.append(key, value)
      body.append(field, new Blob([Buffer.from(bytes)]), name)
      return call(path, { method: 'POST', body })
    },
    async signIn(person, next = '/') {
      const efirma = await openEfirma(shop.person(person))
      await call(`/entrar?sigue=${encodeURIComponent(next)}`)
      const started = await fetch(`${shop.url}/api/v1/sign-in/challenges`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      const { id, text } = (await started.json()) as { id: string; text: string }
      const fields = {
        csrf: hidden('csrf'),
        challengeId: id,
        certificate: efirma.certificate.toString('base64'),
        signature: efirma.sign(Buffer.from(text)).toString('base64'),
      }
      await call(`/entrar?sigue=${encodeURIComponent(next)}`, { method: 'POST', body: new URLSearchParams(fields) })
    },
    cookie: (name) => cookies.get(name),
    setCookie: (name, value) => void cookies.set(name, value),
    maxAge: (name) => ages.get(name),
  }
}
