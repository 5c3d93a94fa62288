import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { sha256Hex } from '#kernel/bytes.ts'
import { type Database, openDatabase } from '#kernel/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#kernel/embedded-postgres.ts'
import { migrate } from '#kernel/migrations.ts'
import { servingUrl } from '#kernel/serving-role.ts'
import { migrationFolders } from '../../src/migrations.ts'

export interface TestDatabase {
  /** As the serving role. */
  db: Database
  ownerDb: Database
  url: string
  ownerUrl: string
  close(): Promise<void>
}

let server: Promise<{ url: string; stop(): Promise<void> }> | undefined
let users = 0

/**
 * A fresh database with every migration applied, on a real PostgreSQL: that of TEST_DATABASE_URL, or an embedded one that
 * lives as long as somebody uses it. Migrating happens once for a set of migrations; after that a database is a copy.
 */
export async function testDatabase(): Promise<TestDatabase> {
  users += 1
  server ??= openServer()
  const { url } = await server
  const template = await ensureTemplate(url)
  const name = `test_${randomBytes(8).toString('hex')}`
  await onServer(url, (client) => client.query(`create database ${name} template ${template}`))
  const ownerUrl = withDatabase(url, name)
  const serving = await servingUrl(ownerUrl)
  const asServer = openDatabase(serving, { max: 12 })
  const asOwner = openDatabase(ownerUrl, { max: 2 })
  return {
    db: asServer.db,
    ownerDb: asOwner.db,
    url: serving,
    ownerUrl,
    async close() {
      await Promise.all([asServer.close(), asOwner.close()])
      await onServer(url, (client) => client.query(`drop database if exists ${name} with (force)`))
      users -= 1
      if (users === 0) {
        const last = server
        server = undefined
        await (await last)?.stop()
      }
    },
  }
}

async function openServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-test-'))
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres(folder, { fsync: 'off', shared_buffers: '64MB' })
  const stop = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: postgres.url, stop }
}

async function ensureTemplate(url: string): Promise<string> {
  const name = `template_${(await digestOfMigrations()).slice(0, 16)}`
  await onServer(url, async (client) => {
    // Two test processes may need it at once: one makes it, the other waits.
    await client.query('select pg_advisory_lock(7201946)')
    const { rows } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name])
    if (rows.length > 0) return
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    await migrate(withDatabase(url, name), migrationFolders)
    await client.query(`alter database ${name} is_template true`)
  })
  return name
}

async function digestOfMigrations(): Promise<string> {
  const parts: string[] = []
  for (const { folder } of migrationFolders) {
    for (const file of (await readdir(folder).catch(() => [])).sort()) {
      if (file.endsWith('.sql')) parts.push(file, await readFile(join(folder, file), 'utf8'))
    }
  }
  return sha256Hex(...parts)
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
