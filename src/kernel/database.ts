import type { Socket } from 'node:net'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresDialect,
  PostgresDriver,
  sql,
  type Transaction,
} from 'kysely'
import pg from 'pg'

/** No tables of its own: each module sees its own with `db.withTables<ItsTables>()`, so reading another's does not compile. */
// biome-ignore lint/complexity/noBannedTypes: Kysely's way to say "no table yet"
export type NoTables = {}
export type Database = Kysely<NoTables>
export type Trx = Transaction<NoTables>
/** Either: for functions that read in or outside a transaction. */
export type Queries = Database | Trx

// Counts of rows fit a JavaScript number; bigint columns that might not are read as text explicitly.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
})
// A calendar date has no instant: it stays 'YYYY-MM-DD'.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export interface OpenedDatabase {
  db: Database
  pool: pg.Pool
  close(): Promise<void>
}

export function openDatabase(
  url: string,
  options: { max?: number; onLost?: (error: Error) => void } = {},
): OpenedDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 12,
    application_name: 'ventanilla',
    Client: PromptClient,
    pipeline: true,
  })
  // A connection that the server ends would otherwise end the process, idle or at work; its query fails, and the next opens a new one.
  pool.on('error', (error) => pool.ending || options.onLost?.(error))
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<NoTables>({ dialect: new PromptDialect(pool) })
  return { db, pool, close: () => db.destroy() }
}

/**
 * What is asked in one breath is sent in one packet, as `begin` with the first statement. Statements with parameters are prepared once on
 * each connection, by name, so that their plans are kept: planning the reading of a session costs more than running it.
 */
class PromptClient extends pg.Client {
  private held = false

  override query(config: unknown, values?: unknown, callback?: unknown): never {
    this.hold()
    const named =
      typeof config === 'string' && Array.isArray(values) && values.length > 0
        ? { name: nameOf(config), text: config, values }
        : config
    return super.query(named as never, (named === config ? values : undefined) as never, callback as never) as never
  }

  private hold(): void {
    if (this.held) return
    this.held = true
    const { stream } = (this as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    process.nextTick(() => {
      this.held = false
      stream.uncork()
    })
  }
}

class PromptDialect extends PostgresDialect {
  private readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    super({ pool })
    this.pool = pool
  }

  override createDriver(): Driver {
    return new PromptDriver({ pool: this.pool })
  }
}

/**
 * Does not wait for the answer to `begin` before the first statement goes; the commit does, so that no act is taken for done without it.
 * And lets nothing through behind the end of a transaction: of several statements that were asked at once the later ones wait for the
 * earlier, and where one fails the rest would be sent after the rollback and be done by themselves.
 */
class PromptDriver extends PostgresDriver {
  private readonly begun = new WeakMap<DatabaseConnection, Promise<void>>()
  private readonly ended = new WeakSet<DatabaseConnection>()
  private readonly guarded = new WeakSet<DatabaseConnection>()

  override async acquireConnection(...[options]: Parameters<PostgresDriver['acquireConnection']>) {
    const connection = await super.acquireConnection(options)
    this.guard(connection)
    this.ended.delete(connection)
    return connection
  }

  override async beginTransaction(...[connection, settings]: Parameters<PostgresDriver['beginTransaction']>) {
    const begun = super.beginTransaction(connection, settings)
    begun.catch(() => {})
    this.begun.set(connection, begun)
  }

  override async commitTransaction(...[connection]: Parameters<PostgresDriver['commitTransaction']>) {
    const committed = super.commitTransaction(connection)
    this.ended.add(connection)
    await Promise.all([this.begun.get(connection), committed])
  }

  override async rollbackTransaction(...[connection]: Parameters<PostgresDriver['rollbackTransaction']>) {
    // Also after a commit that failed, and nothing comes between these three lines.
    this.ended.delete(connection)
    const undone = super.rollbackTransaction(connection)
    this.ended.add(connection)
    await undone
  }

  private guard(connection: DatabaseConnection): void {
    if (this.guarded.has(connection)) return
    this.guarded.add(connection)
    const execute = connection.executeQuery.bind(connection)
    connection.executeQuery = async (query, ...options) => {
      if (this.ended.has(connection)) throw new TransactionEnded('the transaction of this statement has ended')
      try {
        return await execute(query as CompiledQuery<never>, ...options)
      } catch (error) {
        // Another server's migration gave a table another shape: the statement is prepared anew, by another name.
        if (codeOf(error) === STALE_PLAN) names.delete(query.sql)
        throw error
      }
    }
  }
}

/** A statement came behind its transaction's commit or rollback: it was not sent. */
class TransactionEnded extends Error {}

const STALE_PLAN = '0A000'
const names = new Map<string, string>()
let named = 0
/** More texts than the code has: some statement is made of somebody's numbers; those are not kept. */
const MOST_NAMES = 1000

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMES) return known
  named += 1
  const name = `s${named}`
  names.set(text, name)
  return name
}

/** Held until the transaction ends; serialises those who ask for the same name. */
export async function lockInTransaction(trx: Trx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx)
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

const UNIQUE_VIOLATION = '23505'

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== UNIQUE_VIOLATION) return false
  return constraint === undefined || (error as pg.DatabaseError).constraint === constraint
}
