import type { Database } from '#kernel/database.ts'
import type { CaseRecord, LogEvidence } from '#modules/cases/index.ts'
import { type CaseFileTables, type Reader, tables } from './tables.ts'

export type SealedRow = CaseFileTables['case_files.sealed']

export async function findSealed(
  db: Database,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
  reader: Reader,
): Promise<SealedRow | undefined> {
  return tables(db)
    .selectFrom('case_files.sealed')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .where('reader', '=', reader)
    .executeTakeFirst()
}

export interface NewSealed extends Omit<SealedRow, 'owner_id' | 'case_id' | 'proofs'> {
  proofs: Record<string, LogEvidence>
}

/** In place of the one before: who asks at the same time may have another seal, of the same content. */
export async function keepSealed(
  db: Database,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
  { proofs, ...row }: NewSealed,
): Promise<void> {
  const values = { ...row, proofs: JSON.stringify(proofs) as never }
  await tables(db)
    .insertInto('case_files.sealed')
    .values({ owner_id: ownerId, case_id: id, ...values })
    .onConflict((conflict) => conflict.columns(['owner_id', 'case_id', 'reader']).doUpdateSet(values))
    .execute()
}
