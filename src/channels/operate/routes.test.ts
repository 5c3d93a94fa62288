import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { openDatabase } from '#kernel/database.ts'
import { openMetrics } from './metrics.ts'
import { operateRoutes } from './routes.ts'

test('alive and measured while the database is away; ready only with it', async (t) => {
  const { db, close } = openDatabase('postgres://nobody:nothing@127.0.0.1:1/nowhere')
  t.after(close)
  const app = Fastify()
  operateRoutes(app, {
    db,
    metrics: openMetrics(),
    logSize: () => Promise.reject(new Error('away')),
    waitingToLast: () => Promise.reject(new Error('away')),
    isServing: () => true,
  })
  const status = async (url: string) => (await app.inject(url)).statusCode
  assert.equal(await status('/healthz'), 200)
  assert.equal(await status('/readyz'), 503)
  assert.equal(await status('/metrics'), 200)
  assert.match(
    (await app.inject('/metrics')).body,
    /ventanilla_http_request_seconds_count\{.*route="\/readyz",status="503"/,
  )
})
