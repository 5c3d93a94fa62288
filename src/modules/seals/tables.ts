import type { Queries } from '#kernel/database.ts'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type SealTables = {
  'seals.use': {
    id: string
    seal: string
    certificate_sha256: Buffer
    kind: string
    content_sha256: Buffer
    signed_sha256: Buffer
    at: Date
  }
}

export const tables = (queries: Queries) => queries.withTables<SealTables>()
