import { sql } from 'kysely'
import { sha256 } from '#kernel/bytes.ts'
import type { Clock } from '#kernel/clock.ts'
import { type Database, lockInTransaction, type Trx } from '#kernel/database.ts'
import { PackFault } from '#kernel/pack-file.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import type { Ficha } from './ficha.ts'
import type { Pack } from './load-pack.ts'
import { indexedWords } from './search-words.ts'
import { tables } from './tables.ts'

interface PublishParts {
  db: Database
  clock: Clock
  /** The public log: publishing what may be asked of people is an official act. */
  append(
    trx: Trx,
    act: { act: string; at: Date; institution: string; service: string; record: Record<string, unknown> },
  ): Promise<{ entryId: string }>
}

/**
 * Publishes what is new in the pack. A version that is published never changes: a ficha that differs needs the next number.
 * @returns what was published
 * @throws PackFault
 */
export async function publishPack(parts: PublishParts, pack: Pack): Promise<string[]> {
  return parts.db.transaction().execute(async (trx) => {
    await lockInTransaction(trx, 'catalogue')
    const published: string[] = []
    const known = await knownVersions(trx)
    for (const ficha of pack.fichas)
      if (await publishOne(parts, trx, pack, ficha, known)) published.push(`${ficha.id} ${ficha.version}`)
    const ids = pack.fichas.map(({ id }) => id)
    const gone = await tables(trx)
      .updateTable('catalogue.service')
      .set({ withdrawn: true })
      .where('service_id', 'not in', ids)
      .where('withdrawn', '=', false)
      .executeTakeFirst()
    if (published.length > 0 || gone.numUpdatedRows > 0n)
      await sql`update catalogue.generation set number = number + 1`.execute(trx)
    return published
  })
}

async function knownVersions(trx: Trx): Promise<Map<string, Buffer>> {
  const rows = await tables(trx).selectFrom('catalogue.version').select(['service_id', 'version', 'digest']).execute()
  return new Map(rows.map((row) => [`${row.service_id} ${row.version}`, row.digest]))
}

async function publishOne(
  parts: PublishParts,
  trx: Trx,
  pack: Pack,
  ficha: Ficha,
  known: Map<string, Buffer>,
): Promise<boolean> {
  const digest = sha256(canonicalJson(ficha))
  const before = known.get(`${ficha.id} ${ficha.version}`)
  if (before?.equals(digest)) return false
  if (before)
    throw new PackFault(
      `services/${ficha.id}.yaml`,
      1,
      `version ${ficha.version} is published and never changes: give the new text the next version`,
    )
  const at = parts.clock.now()
  const { entryId } = await parts.append(trx, {
    act: 'service.published',
    at,
    institution: ficha.institution,
    service: ficha.id,
    record: { service: ficha.id, version: ficha.version, digest: digest.toString('hex') },
  })
  await tables(trx)
    .insertInto('catalogue.version')
    .values({
      service_id: ficha.id,
      version: Number(ficha.version),
      digest,
      ficha: JSON.stringify(ficha) as never,
      published_at: at,
      log_entry: entryId,
    })
    .execute()
  await index(trx, pack, ficha)
  return true
}

async function index(trx: Trx, pack: Pack, ficha: Ficha): Promise<void> {
  const institution = pack.institutions.get(ficha.institution)!
  const { names, keywords, summary } = indexedWords(
    ficha,
    `${institution.acronym} ${institution.name.es} ${institution.name.en}`,
  )
  const channels = Object.entries(ficha.channels)
    .filter(([, level]) => level !== 'none')
    .map(([channel]) => channel)
  const words = sql<string>`setweight(to_tsvector('spanish', ${names}) || to_tsvector('english', ${names}), 'A')
    || setweight(to_tsvector('spanish', ${keywords}) || to_tsvector('english', ${keywords}), 'B')
    || setweight(to_tsvector('spanish', ${summary}) || to_tsvector('english', ${summary}), 'D')`
  const row = {
    version: Number(ficha.version),
    institution: ficha.institution,
    online: ficha.online !== undefined,
    withdrawn: false,
    channels,
    life_events: ficha.lifeEvents,
    topics: ficha.topics,
    applicants: ficha.applicants as string[],
    names: `${names} ${keywords}`,
    words,
  }
  await tables(trx)
    .insertInto('catalogue.service')
    .values({ service_id: ficha.id, ...row })
    .onConflict((conflict) => conflict.column('service_id').doUpdateSet(row))
    .execute()
  await sql`
    insert into catalogue.word select distinct unnest(string_to_array(${row.names}::text, ' ')) on conflict do nothing`.execute(
    trx,
  )
}
