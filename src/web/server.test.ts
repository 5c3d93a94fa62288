import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { openLog } from '#kernel/log.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { html } from './html.ts'
import { readUpload } from './read-upload.ts'
import { openServer } from './server.ts'

const session = (roles: ActingSession['roles']): ActingSession => ({
  sessionId: `session-${roles.length}`,
  account: { id: 'a', kind: 'person', rfc: null, curp: null, name: 'PEÑA & <b>HIJA</b>' },
  person: { accountId: 'a', rfc: null, curp: null, name: null },
  certificate: { der: Buffer.alloc(0), sha256: '', serial: '', notAfter: new Date(0) },
  roles,
  warnings: [],
  startedAt: new Date(0),
  expiresAt: new Date(0),
  privacyNotice: null,
  contactEmail: null,
})
const sessions: Record<string, ActingSession> = {
  citizen: session([]),
  officer: session([{ institution: 'i', role: 'officer' }]),
  administrator: session([
    { institution: '*', role: 'administrator' },
    { institution: 'i', role: 'officer' },
  ]),
}

const open = (demo = true) =>
  openServer({
    log: openLog('silent'),
    publicUrl: 'http://localhost:3000',
    demo,
    zone: 'America/Mexico_City',
    csrfSecret: Buffer.alloc(32, 1),
    requestsPerMinute: 1000,
    largestBody: 4 * 1024 * 1024,
    assets: {
      stylesheet: '/s.css',
      font: '/f',
      fontBold: '/b',
      icon: '/i',
      script: { url: '/e.js', integrity: 'sha384-x' },
    },
    now: () => new Date('2026-11-24T15:00:00Z'),
    readSession: async (token) => sessions[token],
    readEndedSession: async (token) => (token === 'idle' ? { sessionId: 's', accountId: 'a' } : undefined),
    unopened: async () => 0,
    warnings: () => [],
    incidents: { inc: () => {} },
  })

describe('the server that the pages share', () => {
  let app: FastifyInstance
  before(async () => {
    app = await open()
    for (const guard of ['open', 'session', 'servant', 'administrator', 'demo'] as const) {
      app.get(`/${guard}`, { config: { guard } }, async (_, reply) =>
        reply.page({ title: 'T', body: html`<h1>x</h1>` }),
      )
      app.post(`/${guard}`, { config: { guard } }, async () => ({ done: true }))
    }
    app.get('/refused', { config: { guard: 'open' } }, async () => {
      throw new Refusal('case-unknown', {}, 404)
    })
    app.get('/fault', { config: { guard: 'open' } }, async () => {
      throw new Error('secret words of the inside')
    })
    app.post('/texts', { config: { guard: 'open', harmless: true } }, async ({ body }) => body)
    app.post('/lists', { config: { guard: 'open', harmless: true, lists: true } }, async ({ body }) => body)
    app.post('/upload', { config: { guard: 'open' } }, async (request) => {
      const { name, bytes, fields } = await readUpload(request, 1000)
      return { name, tooLarge: bytes.length > 1000, after: fields.after }
    })
    app.post('/api/v1/act', { config: { guard: 'session' } }, async ({ acting }) => ({ id: acting?.account.id }))
  })

  test('a route that does not say who may come in does not exist', () => {
    assert.throws(() => app.get('/unguarded', async () => 'x'), /does not say who may come in/)
  })

  test('each guard lets in whom it names', async () => {
    const status = async (url: string, sesion?: string) =>
      (await app.inject({ url, cookies: sesion ? { sesion } : {} })).statusCode
    assert.equal(await status('/open'), 200)
    assert.equal(await status('/session'), 303)
    assert.equal(await status('/session', 'nobody'), 303)
    assert.equal(await status('/session', 'citizen'), 200)
    assert.equal(await status('/servant', 'citizen'), 403)
    assert.equal(await status('/servant', 'officer'), 200)
    assert.equal(await status('/administrator', 'officer'), 403)
    assert.equal(await status('/administrator', 'administrator'), 200)
    assert.equal(await status('/demo'), 200)
  })

  test('outside a demo its routes are not there', async () => {
    const real = await open(false)
    real.get('/demo', { config: { guard: 'demo' } }, async () => 'x')
    assert.equal((await real.inject({ url: '/demo' })).statusCode, 404)
  })

  test('a form without its token does nothing; with another browser’s neither', async () => {
    const visit = 'v'.repeat(43)
    const page = await app.inject({ url: '/session', cookies: { sesion: 'citizen', visita: visit } })
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)![1]!
    const post = (cookies: Record<string, string>, token?: string) =>
      app.inject({
        method: 'POST',
        url: '/session',
        cookies,
        payload: new URLSearchParams(token ? { csrf: token } : {}).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    assert.equal((await post({ sesion: 'citizen', visita: visit }, csrf)).statusCode, 200)
    assert.equal((await post({ sesion: 'citizen', visita: visit })).statusCode, 403)
    assert.equal((await post({ sesion: 'citizen', visita: 'w'.repeat(43) }, csrf)).statusCode, 403)
    assert.equal((await post({ sesion: 'officer', visita: visit }, csrf)).statusCode, 403)
    assert.equal((await post({ sesion: 'citizen' }, csrf)).statusCode, 403)
  })

  test('a cookie alone never moves the API; the bearer does', async () => {
    const act = (headers: Record<string, string>, cookies: Record<string, string> = {}) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/act',
        headers: { 'content-type': 'application/json', ...headers },
        payload: '{}',
        cookies,
      })
    const byCookie = await act({}, { sesion: 'citizen' })
    assert.equal(byCookie.statusCode, 401)
    assert.equal(byCookie.json().code, 'sign-in-first')
    assert.equal((await act({ authorization: 'Bearer citizen' })).json().id, 'a')
  })

  test('who comes by another name of this machine goes to the shop’s own address; programs and proxies do not', async () => {
    const go = async (host: string, url: string, accept = 'text/html,*/*') =>
      (await app.inject({ url, headers: { host, accept } })).headers.location
    assert.equal(await go('127.0.0.1:3000', '/entrar?sigue=/x'), 'http://localhost:3000/entrar?sigue=/x')
    assert.equal(await go('[::1]:3000', '//evil.example'), 'http://localhost:3000/evil.example')
    assert.equal(await go('127.0.0.1:3000', '/open', '*/*'), undefined)
    assert.equal(await go('inside.example', '/open'), undefined)
    assert.equal(await go('localhost:3000', '/open'), undefined)
  })

  test('what a person is called is text in every template, never markup', async () => {
    const { body } = await app.inject({ url: '/session', cookies: { sesion: 'citizen' } })
    assert.match(body, /PEÑA &amp; &lt;b&gt;HIJA&lt;\/b&gt;/)
    assert.doesNotMatch(body, /<b>HIJA/)
  })

  test('a refusal is a sentence in the person’s language; a fault says a number and no word of the inside', async () => {
    const refused = await app.inject({ url: '/refused', headers: { 'accept-language': 'en' } })
    assert.equal(refused.statusCode, 404)
    assert.match(refused.body, /We cannot find an application with that folio/)
    const fault = await app.inject({ url: '/fault', headers: { 'accept-language': 'es-MX' } })
    assert.equal(fault.statusCode, 500)
    assert.doesNotMatch(fault.body, /secret words/)
    assert.match(fault.body, /[0-9a-f]{12}/)
  })

  test('nothing runs in a page but its own script; nobody frames it', async () => {
    const { headers } = await app.inject({ url: '/open' })
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.match(policy, /frame-ancestors 'none'/)
  })

  const send = (payload: string, type: string, url = '/open') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': type, 'accept-language': 'es-MX' } })

  test('what is too large is said to be so, in the person’s language', async () => {
    const { statusCode, body } = await send(`csrf=${'x'.repeat(1_100_000)}`, 'application/x-www-form-urlencoded')
    assert.equal(statusCode, 413)
    assert.match(body, /demasiado grande/)
  })

  test('a page is posted to by its form only: anything else is refused before a route sees it', async () => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const { statusCode, body } = await send('{"csrf": 5}', type)
      assert.equal(statusCode, 415, type)
      assert.match(body, /otro formato/)
    }
    assert.equal((await send('{', 'application/json')).statusCode, 400)
    assert.equal((await send('csrf=x&a=%00', 'application/x-www-form-urlencoded')).statusCode, 400)
    for (const body of ['{"a":["\\u0000"]}', '{"a":{"\\ud800":1}}', `${'['.repeat(9000)}1${']'.repeat(9000)}`]) {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer citizen' }
      const told = await app.inject({ method: 'POST', url: '/api/v1/act', payload: body, headers })
      assert.deepEqual([told.statusCode, told.json().code], [400, 'malformed'])
    }
  })

  test('a field sent twice is the first one, but where a list is meant', async () => {
    const type = 'application/x-www-form-urlencoded'
    assert.deepEqual((await send('a=1&a=2&b=3', type, '/texts')).json(), { a: '1', b: '3' })
    assert.deepEqual((await send('a=1&a=2&b=3', type, '/lists')).json(), { a: ['1', '2'], b: '3' })
  })

  test('an upload cut short is the sender’s fault; one that is too large is read to its end and measured', async () => {
    const type = 'multipart/form-data; boundary=x'
    const part = (head: string, body: string) => `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`
    const large = part('name="f"; filename="a.pdf"', 'y'.repeat(300_000))
    assert.equal((await send('garbage', type, '/upload')).statusCode, 400)
    const whole = await send(`${large}${part('name="after"', 'kept')}--x--\r\n`, type, '/upload')
    assert.deepEqual(whole.json(), { name: 'a.pdf', tooLarge: true, after: 'kept' })
  })
})
