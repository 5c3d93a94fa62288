import type { Queries } from '#kernel/database.ts'
import type { LogEvidence } from '#modules/cases/index.ts'

/** Whose copy it is: they do not see the same. */
export type Reader = 'person' | 'institution'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type CaseFileTables = {
  'case_files.sealed': {
    owner_id: string
    case_id: string
    reader: Reader
    proofs: Record<string, LogEvidence>
    manifest: Buffer
    signature: Buffer
    certificate_sha256: Buffer
    stamped: boolean
    sealed_at: Date
  }
}

export const tables = (queries: Queries) => queries.withTables<CaseFileTables>()
