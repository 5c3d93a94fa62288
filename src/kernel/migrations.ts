import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { sha256Hex } from './bytes.ts'

export class MigrationFault extends Error {}

export const SERVING_ROLE = 'ventanilla_app'
const LOCK = 7201945

interface Migration {
  name: string
  sql: string
  digest: string
}

/**
 * Brings a database up to date, as its owner: every `NNNN_words.sql` of the given folders in order, each in its own
 * transaction, once. Files are forward-only; one that was applied and then changed is a fault.
 */
export async function migrate(ownerUrl: string, folders: Array<{ module: string; folder: string }>): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await createServingRole(client)
    await client.query(`create schema if not exists kernel;
      create table if not exists kernel.migration (name text primary key, digest text not null);
      grant usage on schema kernel to ${SERVING_ROLE}`)
    const applied = new Map<string, string>(
      (await client.query('select name, digest from kernel.migration')).rows.map((row) => [row.name, row.digest]),
    )
    const done: string[] = []
    const migrations = await readMigrations(folders)
    const unknown = [...applied.keys()].find((name) => !migrations.some((migration) => migration.name === name))
    if (unknown) throw anotherVersion(unknown)
    for (const migration of migrations) {
      const digest = applied.get(migration.name)
      if (digest === migration.digest) continue
      if (digest !== undefined) throw anotherVersion(migration.name)
      await apply(client, migration)
      done.push(migration.name)
    }
    return done
  } finally {
    await client.end()
  }
}

/** A newer Ventanilla's schema is not for this one to serve. */
function anotherVersion(migration: string): MigrationFault {
  return new MigrationFault(
    `The database was made by another version of Ventanilla (${migration}): start that version, or choose another DATA_DIR or DATABASE_URL.`,
  )
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into kernel.migration (name, digest) values ($1, $2)', [
      migration.name,
      migration.digest,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new MigrationFault(`${migration.name}: ${(error as Error).message}`, { cause: error })
  }
}

async function readMigrations(folders: Array<{ module: string; folder: string }>): Promise<Migration[]> {
  const migrations: Migration[] = []
  for (const { module, folder } of folders) {
    const files = await readdir(folder).catch(() => [])
    for (const file of files.filter((name) => /^\d{4}_[\w-]+\.sql$/.test(name)).sort()) {
      const sql = await readFile(join(folder, file), 'utf8')
      migrations.push({ name: `${module}/${file}`, sql, digest: sha256Hex(sql) })
    }
  }
  return migrations
}

// A role is shared by all databases of a server: two installations starting at once may both try to make it.
async function createServingRole(client: pg.Client): Promise<void> {
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = '${SERVING_ROLE}') then create role ${SERVING_ROLE} login; end if;
  exception when duplicate_object or unique_violation then null; end $$`)
}
