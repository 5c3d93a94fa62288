import type { Queries } from '#kernel/database.ts'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type TimestampingTables = {
  'timestamping.issued': { serial: Buffer; at: Date; certificate_sha256: Buffer; content_sha256: Buffer }
  'timestamping.latest': { one: boolean; at: Date }
}

export const tables = (queries: Queries) => queries.withTables<TimestampingTables>()
