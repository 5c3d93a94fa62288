import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
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
    Client: PreparingClient,
    pipeline: true,
  })
  // An idle connection that the server ends would otherwise end the process; the next query opens a new one.
  pool.on('error', (error) => options.onLost?.(error))
  const db = new Kysely<NoTables>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}

/**
 * Statements with parameters are prepared once on each connection, by name, so that their plans are kept: planning the reading of a
 * session alone costs more than running it. What statements are asked later on has the same text, for people's values are parameters.
 */
class PreparingClient extends pg.Client {
  override query(config: unknown, values?: unknown, callback?: unknown): never {
    const named =
      typeof config === 'string' && Array.isArray(values) && values.length > 0
        ? { name: nameOf(config), text: config, values }
        : config
    return super.query(named as never, (named === config ? values : undefined) as never, callback as never) as never
  }
}

const names = new Map<string, string>()
/** More texts than the code has: some statement is made of somebody's numbers; those are not kept. */
const MOST_NAMES = 1000

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMES) return known
  const name = `s${names.size}`
  names.set(text, name)
  return name
}

/** Held until the transaction ends; serialises those who ask for the same name. */
export async function lockInTransaction(trx: Trx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx)
}

const UNIQUE_VIOLATION = '23505'

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return false
  return constraint === undefined || ('constraint' in error && error.constraint === constraint)
}
