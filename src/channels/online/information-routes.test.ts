import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { openLog } from '#kernel/log.ts'
import { openServer } from '#web/server.ts'
import type { ShopParts } from '../shop-parts.ts'
import { informationRoutes } from './information-routes.ts'

const now = () => new Date('2026-11-24T15:00:00Z')
// Nobody listens on port 1.
const { db, close } = openDatabase('postgres://nobody:nothing@127.0.0.1:1/none', { max: 1 })
let app: FastifyInstance

before(async () => {
  app = await openServer({
    log: openLog('silent'),
    publicUrl: 'https://shop.example',
    demo: false,
    zone: 'America/Mexico_City',
    csrfSecret: Buffer.alloc(32, 1),
    requestsPerMinute: 1000,
    largestBody: 1024,
    assets: { stylesheet: '/s', font: '/f', fontBold: '/b', icon: '/i', script: { url: '/e', integrity: 'x' } },
    now,
    readSession: async () => undefined,
    readEndedSession: async () => undefined,
    unopened: async () => 0,
    warnings: () => [],
    incidents: { inc: () => {} },
  })
  const catalogue = {
    settings: { operator: 'atdt', contact: 'ayuda@shop.example' },
    institutions: new Map([['atdt', { name: { es: 'La Agencia', en: 'The Agency' } }]]),
  }
  informationRoutes(app, {
    db,
    clock: { now } as Clock,
    publicUrl: 'https://shop.example',
    cases: { catalogue },
  } as unknown as ShopParts)
})
after(async () => {
  await app.close()
  await close()
})

test('the status page speaks when the database does not answer', async () => {
  const answer = await app.inject({ url: '/estado', headers: { 'accept-language': 'es' } })
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /No responde/)
  assert.match(answer.body, /Lo que ya envió no se perdió/)
})

test('RFC 9116: security.txt says where to write and until when; the help page says the same', async () => {
  const { body } = await app.inject('/.well-known/security.txt')
  assert.match(body, /^Contact: mailto:ayuda@shop\.example$/m)
  assert.match(body, /^Expires: 2027-05-23T00:00:00Z$/m)
  assert.match(body, /^Canonical: https:\/\/shop\.example\/\.well-known\/security\.txt$/m)
  assert.match((await app.inject('/ayuda')).body, /ayuda@shop\.example/)
})

test('the privacy notice names who answers for the data and where to write, in both languages', async () => {
  for (const [language, sentence] of [
    ['es', /La Agencia opera esta ventanilla y es responsable/],
    ['en', /The Agency runs this one-stop shop and is responsible/],
  ] as const) {
    const { body } = await app.inject({ url: '/privacidad', headers: { 'accept-language': language } })
    assert.match(body, sentence)
    assert.match(body, /ayuda@shop\.example/)
    assert.doesNotMatch(body, /\{\w+\}/)
  }
})
