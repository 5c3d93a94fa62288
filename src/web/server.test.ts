import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { openLog } from '#kernel/log.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { csrfToken } from './cookies.ts'
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

/** A route of each kind. */
async function openWithRoutes(): Promise<FastifyInstance> {
  const app = await open()
  for (const guard of ['open', 'session', 'servant', 'administrator', 'demo'] as const) {
    app.get(`/${guard}`, { config: { guard } }, async (_, reply) => reply.page({ title: 'T', body: html`<h1>x</h1>` }))
    app.post(`/${guard}`, { config: { guard } }, async () => ({ done: true }))
  }
  app.get('/refused', { config: { guard: 'open' } }, async () => {
    throw new Refusal('case-unknown', {}, 404)
  })
  app.get('/fault', { config: { guard: 'open' } }, async () => {
    throw new Error('secret words of the inside')
  })
  const echo = async (request: { body: unknown }) => ({ body: request.body })
  app.post('/form', { config: { guard: 'session' } }, echo)
  app.post('/lists', { config: { guard: 'session', lists: true } }, echo)
  app.post('/files', { config: { guard: 'session', files: true } }, async (request) => {
    const { token, name, bytes, fields } = await readUpload(request, 1000)
    request.checkToken(token)
    return { name, tooLarge: bytes.length > 1000, fields }
  })
  for (const code of ['22P02', '22021', '22P05'])
    app.get(`/database/${code}`, { config: { guard: 'open' } }, async () => {
      throw Object.assign(new Error('row'), { code, severity: 'ERROR' })
    })
  app.get('/api/v1/own', { config: { guard: 'session' } }, async () => ({ own: true }))
  app.get('/api/v1/public', { config: { guard: 'open' } }, async () => ({ open: true }))
  app.post('/api/v1/act', { config: { guard: 'session' } }, async ({ acting }) => ({ id: acting?.account.id }))
  return app
}

describe('the server that the pages share', () => {
  let app: FastifyInstance
  before(async () => {
    app = await openWithRoutes()
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

  test('who comes by another name of this machine goes to the shop’s own address; programs and proxies do not', async () => {
    const go = async (host: string, url: string, accept = 'text/html,*/*') =>
      (await app.inject({ url, headers: { host, accept } })).headers.location
    assert.equal(await go('127.0.0.1:3000', '/entrar?sigue=/x'), 'http://localhost:3000/entrar?sigue=/x')
    assert.equal(await go('[::1]:3000', '//evil.example'), 'http://localhost:3000/evil.example')
    assert.equal(await go('127.0.0.1:3000', '/open', '*/*'), undefined)
    assert.equal(await go('inside.example', '/open'), undefined)
    assert.equal(await go('localhost:3000', '/open'), undefined)
  })

  test('a session that ended by itself is said to have; after signing in one goes on where the form was', async () => {
    const to = async (cookies: Record<string, string>, referer?: string) =>
      (
        await app.inject({
          method: referer ? 'POST' : 'GET',
          url: '/session',
          cookies,
          headers: referer ? { referer } : {},
        })
      ).headers.location
    assert.equal(await to({}), '/entrar?sigue=%2Fsession')
    assert.equal(await to({ sesion: 'idle' }), '/entrar?sigue=%2Fsession&motivo=cerrada')
    assert.equal(await to({}, 'http://localhost:3000/form?x=1'), '/entrar?sigue=%2Fform')
    assert.equal(await to({}, 'https://evil.example/form'), '/entrar?sigue=%2F')
  })

  test('a program’s text that the database could not keep is refused before a route sees it', async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer citizen' }
    for (const payload of ['{"a":["\\u0000"]}', '{"a":{"\\ud800":1}}', `${'['.repeat(9000)}1${']'.repeat(9000)}`]) {
      const told = await app.inject({ method: 'POST', url: '/api/v1/act', payload, headers })
      assert.deepEqual([told.statusCode, told.json().code], [400, 'malformed'])
    }
  })

  test('what is too large is said to be so, in the person’s language', async () => {
    const payload = `csrf=${'x'.repeat(1_100_000)}`
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/open',
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.equal(statusCode, 413)
    assert.match(body, /demasiado grande/)
  })
})

describe('what a form may bring', () => {
  let app: FastifyInstance
  const visita = 'v'.repeat(43)
  const cookies = { visita, sesion: 'citizen' }
  const csrf = csrfToken(Buffer.alloc(32, 1), visita, 'session-0')
  const part = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const post = (url: string, payload: string | Buffer, type = 'application/x-www-form-urlencoded') =>
    app.inject({ method: 'POST', url, cookies, headers: { 'content-type': type }, payload })
  before(async () => {
    app = await openWithRoutes()
  })

  test('a multipart body does not get past the token where no file is taken', async () => {
    const type = 'multipart/form-data; boundary=x'
    for (const url of ['/session', '/form', '/lists'])
      assert.equal((await post(url, `${part('csrf', csrf)}--x--\r\n`, type)).statusCode, 415, url)
    assert.equal((await post('/files', `${part('a', 'b')}--x--\r\n`, type)).statusCode, 403)
    assert.equal((await post('/files', `${part('csrf', csrf)}--x--\r\n`, type)).statusCode, 200)
  })

  test('a file past the limit is read to its end and measured; what stands behind it is read too', async () => {
    const head = '--x\r\ncontent-disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n'
    const body = `${head}${'y'.repeat(300_000)}\r\n${part('csrf', csrf)}${part('after', 'kept')}--x--\r\n`
    const sent = await post('/files', body, 'multipart/form-data; boundary=x')
    assert.deepEqual(sent.json(), { name: 'a.pdf', tooLarge: true, fields: { after: 'kept' } })
  })

  test('half a file is the sender’s fault, told in words', async () => {
    const half = await post('/files', '--y', 'multipart/form-data; boundary=x')
    assert.equal(half.statusCode, 400)
    assert.match(half.body, /no está completo/)
  })

  test('a name that comes twice counts once, but for lists; anything but texts is no form', async () => {
    const { body } = (await post('/form', `csrf=${csrf}&a=1&a=2`)).json()
    assert.equal(body.a, '1')
    assert.deepEqual((await post('/lists', `csrf=${csrf}&a=1&a=2`)).json().body.a, ['1', '2'])
    const json = (value: object) => post('/form', JSON.stringify({ csrf, ...value }), 'application/json')
    for (const value of [{ a: { b: 1 } }, { a: 1 }, { a: [{}] }, { a: null }, { a: 'x\0' }])
      assert.equal((await json(value)).statusCode, 400, JSON.stringify(value))
    const polluted = `{"csrf":"${csrf}","__proto__":{"guard":"open"}}`
    assert.equal((await post('/form', polluted, 'application/json')).statusCode, 400)
    assert.equal((await post('/form', '[]', 'application/json')).statusCode, 400)
    assert.equal((await post('/form', 'x', 'text/plain')).statusCode, 400)
    assert.equal((await post('/form', '')).statusCode, 403)
  })

  test('an id that is none is not found; a text that the database cannot keep is malformed; neither is a fault', async () => {
    assert.equal((await app.inject('/database/22P02')).statusCode, 404)
    assert.equal((await app.inject('/database/22021')).statusCode, 400)
    assert.equal((await app.inject('/database/22P05')).statusCode, 400)
  })

  test('what is somebody’s own is kept by no cache', async () => {
    const own = await app.inject({ url: '/api/v1/own', headers: { authorization: 'Bearer citizen' } })
    assert.equal(own.headers['cache-control'], 'no-store')
    assert.equal((await app.inject('/api/v1/own')).headers['cache-control'], 'no-store')
    assert.equal((await app.inject('/api/v1/public')).headers['cache-control'], undefined)
  })
})
