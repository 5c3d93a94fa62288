import type { Queries } from '#kernel/database.ts'
import { tables } from './tables.ts'

/** For the demo's page that shows what would have been sent. */
export async function listMails(queries: Queries, limit = 50) {
  return tables(queries).selectFrom('post_office.mail').selectAll().orderBy('created_at', 'desc').limit(limit).execute()
}
