import type { Generated } from 'kysely'
import type { Queries } from '#kernel/database.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type PreservationTables = {
  'preservation.addition': {
    owner_id: string
    document_id: string
    seq: number
    bytes: Buffer
    sha256: Buffer
    size: number
    complete: boolean
    stamped_at: Date
    authority: Buffer
  }
  'preservation.schedule': {
    owner_id: string
    document_id: string
    taken_at: Date
    due_at: Date
    renewal: boolean
    authority: Buffer | null
    tries: Generated<number>
    waits_for: string | null
    issuer: Buffer | null
  }
  'preservation.authority': { sha256: Buffer; certificate: Buffer; above: Buffer[]; ends_at: Date; hashes: Hash[] }
}

export const tables = (queries: Queries) => queries.withTables<PreservationTables>()
