import type { Queries } from '#kernel/database.ts'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type LedgerTables = {
  'ledger.pending': { place: number; entry_id: string; bytes: Buffer }
  'ledger.leaf': { position: number; entry_id: string; bytes: Buffer }
  'ledger.tile': { level: number; position: number; hashes: Buffer; root: Buffer }
  'ledger.checkpoint': { size: number; root: Buffer; note: string }
  'ledger.opening': { entry_id: string; salt: Buffer; record: string }
}

export const tables = (queries: Queries) => queries.withTables<LedgerTables>()
