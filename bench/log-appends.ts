import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/kernel/database.ts'
import { startEmbeddedPostgres } from '../src/kernel/embedded-postgres.ts'
import { migrate } from '../src/kernel/migrations.ts'
import { servingUrl } from '../src/kernel/serving-role.ts'
import { migrationFolders } from '../src/migrations.ts'
import { appendActs, openLogKey, sequence } from '../src/modules/ledger/index.ts'
import { type Result, seconds } from './measure.ts'

const BATCH = 500
const WRITERS = 2
const SECONDS = 6

/** Entries per second until they are durable and under a signed checkpoint: fsync on, in batches, sequencing included. */
export async function measureLogAppends(): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-log-'))
  const postgres = await startEmbeddedPostgres(folder)
  try {
    await migrate(postgres.url, migrationFolders)
    const { db, close } = openDatabase(await servingUrl(postgres.url), { max: 8 })
    const key = await openLogKey(folder, 'http://localhost:3000', undefined)
    const at = new Date('2026-11-24T15:00:00Z')
    let going = true
    let written = 0
    const writer = async () => {
      while (going) {
        const acts = Array.from({ length: BATCH }, () => ({ act: 'case.submitted', at, record: { n: written++ } }))
        await db.transaction().execute((trx) => appendActs(trx, acts))
      }
    }
    let placed = 0
    const elapsed = seconds()
    const writers = Array.from({ length: WRITERS }, writer)
    while (elapsed() < SECONDS) placed += (await sequence(db, key)) ?? 0
    going = false
    await Promise.all(writers)
    for (let more = 1; more > 0; placed += more) more = (await sequence(db, key)) ?? 0
    const rate = placed / elapsed()
    await close()
    return [
      {
        what: `log appends, durable, batches of ${BATCH}, placed and signed`,
        value: rate,
        unit: '/s',
        goal: 10_000,
        better: 'more',
      },
    ]
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
