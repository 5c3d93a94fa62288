import type { Database, Queries } from '#kernel/database.ts'
import { tables } from './tables.ts'

export interface PostalCode {
  code: string
  settlement: string
  kind: string
  municipality: string
  state: string
}

const FIELDS = 14

/**
 * The post office's own layout: 14 fields, `|` between, Latin-1 or UTF-8; head lines and lines that are no row are counted and left out.
 */
export function parsePostalCodes(file: Buffer): { rows: PostalCode[]; skipped: number } {
  const rows: PostalCode[] = []
  let skipped = 0
  for (const line of decode(file).split(/\r?\n/)) {
    if (line.trim() === '') continue
    const fields = line.split('|').map((field) => field.trim())
    const [code, settlement, kind, municipality, state] = fields as [string, string, string, string, string]
    if (fields.length < FIELDS || !/^\d{5}$/.test(code) || !settlement) skipped += 1
    else rows.push({ code, settlement, kind, municipality, state })
  }
  return { rows, skipped }
}

function decode(file: Buffer): string {
  const utf8 = file.toString('utf8')
  return utf8.includes('\uFFFD') ? file.toString('latin1') : utf8
}

const BATCH = 2000

/** Replaces what is there of the same states, so that importing twice is importing once. @returns rows kept */
export async function importPostalCodes(db: Database, rows: readonly PostalCode[]): Promise<number> {
  const unique = [
    ...new Map(rows.map((row) => [`${row.code}|${row.settlement}|${row.kind}|${row.municipality}`, row])).values(),
  ]
  const states = [...new Set(unique.map(({ state }) => state))]
  await db.transaction().execute(async (trx) => {
    if (states.length > 0) await tables(trx).deleteFrom('catalogue.postal_code').where('state', 'in', states).execute()
    for (let i = 0; i < unique.length; i += BATCH)
      await tables(trx)
        .insertInto('catalogue.postal_code')
        .values(unique.slice(i, i + BATCH))
        .execute()
  })
  return unique.length
}

/** The settlements of a postal code, to choose from; none where the catalogue was not imported. */
export async function findPostalCode(queries: Queries, code: string): Promise<PostalCode[]> {
  if (!/^\d{5}$/.test(code)) return []
  return tables(queries)
    .selectFrom('catalogue.postal_code')
    .selectAll()
    .where('code', '=', code)
    .orderBy('settlement')
    .execute()
}
