import type { FastifyInstance } from 'fastify'
import type { Database } from '#kernel/database.ts'
import { type Ledger, logSize, readCheckpoint, readEntries, readTile } from '#modules/ledger/index.ts'
import { parseTileName, TILE_WIDTH, writeBundle } from '#trust/merkle/tlog-tiles.ts'

const FOR_EVER = 'public, max-age=31536000, immutable'

/** The log as C2SP tlog-tiles: anyone may download all of it and compute it again. */
export function logRoutes(app: FastifyInstance, { db, ledger }: { db: Database; ledger: Ledger }): void {
  const open = { config: { guard: 'open' as const } }
  app.get('/log/checkpoint', open, async (_, reply) => {
    const note = await readCheckpoint(db)
    if (!note) return reply.code(404).send()
    return reply.header('cache-control', 'public, max-age=2').type('text/plain; charset=utf-8').send(note)
  })
  app.get('/log/key', open, async (_, reply) =>
    reply.type('text/plain; charset=utf-8').send(`${ledger.key.verifier}\n`),
  )
  app.get<{ Params: { '*': string } }>('/log/tile/*', open, async (request, reply) => {
    const name = parseTileName(request.params['*'])
    if (!name) return reply.code(404).send()
    // Only what a signed checkpoint covers is the log.
    const size = await logSize(db)
    const level = name.level === 'entries' ? 0 : name.level
    const covered = Math.floor(size / TILE_WIDTH ** level)
    if (name.n * TILE_WIDTH + name.width > covered) return reply.code(404).send()
    const bytes =
      name.level === 'entries'
        ? writeBundle(await readEntries(db, name.n * TILE_WIDTH, name.width))
        : Buffer.concat((await readTile(db, level, name.n, name.width)) ?? [])
    return reply.header('cache-control', FOR_EVER).type('application/octet-stream').send(bytes)
  })
}
