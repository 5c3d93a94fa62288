import pg from 'pg'
import { type Config, readConfig, requireSeal } from './config.ts'
import { makeDataFolder, StartRefusal, startEmbeddedPostgres } from './kernel/embedded-postgres.ts'
import { openLog } from './kernel/log.ts'
import { MigrationFault, migrate } from './kernel/migrations.ts'
import { PackFault } from './kernel/pack-file.ts'
import { Refusal } from './kernel/refusal.ts'
import { servingUrl } from './kernel/serving-role.ts'
import { migrationFolders } from './migrations.ts'
import { openShop, type Shop } from './shop.ts'

/** Reaches a database, brings it up to date, serves, and stops cleanly: the process's life and nothing else. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  if (config.databaseUrl) await checkDatabase(config.databaseUrl)
  requireSeal(config)
  await makeDataFolder(config.dataDir)
  const postgres = config.databaseUrl ? undefined : await startEmbeddedPostgres(config.dataDir)
  const ownerUrl = config.databaseUrl ?? postgres!.url
  let shop: Shop | undefined
  const stop = once(async () => {
    await shop?.close()
    await postgres?.stop()
  })
  try {
    await migrate(ownerUrl, migrationFolders)
    const log = openLog(config.logLevel)
    shop = await openShop({ config, log, ownerUrl, url: await servingUrl(ownerUrl), alone: postgres !== undefined })
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => void stop().then(() => process.exit(0)))
    postgres?.onLost(() => {
      log.error({}, 'the embedded database ended: ending too, so that a start finds both whole')
      process.exit(1)
    })
    await listen(shop, config)
    process.stdout.write(shop.welcome())
  } catch (error) {
    await stop()
    throw error
  }
}

const OLDEST_POSTGRES = 150_000

async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    )
    if (rows[0]!.version < OLDEST_POSTGRES)
      throw new StartRefusal('DATABASE_URL is a PostgreSQL older than 15: use 15 or later.')
  } catch (error) {
    if (error instanceof StartRefusal) throw error
    throw new StartRefusal(`DATABASE_URL cannot be reached: ${(error as Error).message || 'no answer'}.`)
  } finally {
    await client.end().catch(() => {})
  }
}

async function listen(shop: Shop, { host, port }: Config): Promise<void> {
  try {
    await shop.app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new StartRefusal(`Port ${port} is taken: set PORT to a free one.`)
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartRefusal(`${host}:${port} cannot be used here: set HOST and PORT.`)
    throw error
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

/** What the operator can mend is one sentence; anything else is a fault and shows where it happened. */
function explain(error: unknown): string {
  const { code, message } = (error instanceof Error ? (error.cause ?? error) : {}) as {
    code?: string
    message?: string
  }
  if (code === INSUFFICIENT_PRIVILEGE)
    return `DATABASE_URL must name the owner of its database, with CREATEROLE: PostgreSQL says «${message}».`
  if (error instanceof StartRefusal || error instanceof MigrationFault || error instanceof PackFault)
    return error.message
  if (error instanceof Refusal && error.code === 'demo-clock-goes-back') {
    return `DEMO_CLOCK would go back: the log's last entry is of ${error.facts.at}. Choose a later instant or another DATA_DIR.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

main().catch((error) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})
