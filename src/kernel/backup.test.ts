import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { backUp, restore } from './backup.ts'
import { type EmbeddedPostgres, StartRefusal, startEmbeddedPostgres } from './embedded-postgres.ts'

describe('backup and restore', () => {
  let folder: string
  let serving: EmbeddedPostgres
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ventanilla-backup-'))
    serving = await startEmbeddedPostgres(join(folder, 'a'), { shared_buffers: '32MB' })
  })
  after(async () => {
    await serving.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('a backup taken under load holds everything that was acknowledged before it began', async () => {
    await query(serving.url, 'create table act (n integer primary key, words text)')
    let written = 0
    let busy = true
    const client = await connect(serving.url)
    const load = (async () => {
      while (busy) {
        await client.query(`insert into act select $1, repeat('x', 2000)`, [written])
        written += 1
      }
    })()
    while (written < 200) await new Promise((resolve) => setTimeout(resolve, 5))
    const acknowledged = written
    await writeFile(join(folder, 'a', 'seal.key'), 'a key beside the database')
    await backUp(join(folder, 'a'), join(folder, 'backup.tar.gz'))
    busy = false
    await load
    await client.end()
    assert.ok(written > acknowledged, 'the load went on during the backup')

    await restore(join(folder, 'backup.tar.gz'), join(folder, 'b'))
    const again = await startEmbeddedPostgres(join(folder, 'b'), { shared_buffers: '32MB' })
    const rows = await query(again.url, 'select count(*)::int as count, max(n) as last from act')
    await again.stop()
    assert.ok(rows[0].count >= acknowledged)
    assert.equal(rows[0].count, rows[0].last + 1, 'no row in the middle is missing')
  })

  test('a folder in use and a cut file are refused', async () => {
    await assert.rejects(restore(join(folder, 'backup.tar.gz'), join(folder, 'a')), StartRefusal)
    await mkdir(join(folder, 'kept', 'demo'), { recursive: true })
    await assert.rejects(restore(join(folder, 'backup.tar.gz'), join(folder, 'kept')), /not empty \(demo\)/)
    await truncate(join(folder, 'backup.tar.gz'), 10_000)
    await assert.rejects(restore(join(folder, 'backup.tar.gz'), join(folder, 'c')), StartRefusal)
    await assert.rejects(backUp(join(folder, 'nowhere'), join(folder, 'x')), StartRefusal)
  })
})

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

async function query(url: string, sql: string) {
  const client = await connect(url)
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
