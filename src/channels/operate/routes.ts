import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { stopwatch } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import type { Metrics } from './metrics.ts'

interface OperateParts {
  db: Database
  metrics: Metrics
  logSize: () => Promise<number>
  waitingToLast: () => Promise<{ waiting: number; oldestSeconds: number }>
  /** False from the moment the process is told to stop: balancers look here before they send more. */
  isServing: () => boolean
}

/** For machines that watch: alive, ready, measured. None of them says anything about a person. */
export function operateRoutes(
  app: FastifyInstance,
  { db, metrics, logSize, waitingToLast, isServing }: OperateParts,
): void {
  app.addHook('onRequest', async (request) => {
    request.elapsed = stopwatch()
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.requests.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      request.elapsed?.() ?? 0,
    )
  })
  const open = { config: { guard: 'open' as const } }
  app.get('/healthz', open, async (_, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', open, async (_, reply) => {
    const ready = isServing() && (await answers(db))
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ready\n' : 'not ready\n')
  })
  app.get('/metrics', open, async (_, reply) => {
    // Measured as long as the process lives: a database that is away is what the watcher wants to see.
    await logSize().then(
      (size) => metrics.logSize.set(size),
      () => {},
    )
    await waitingToLast().then(
      ({ waiting, oldestSeconds }) => {
        metrics.waitingToLast.set(waiting)
        metrics.oldestToLast.set(oldestSeconds)
      },
      () => {},
    )
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

async function answers(db: Database): Promise<boolean> {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    elapsed?: () => number
  }
}
