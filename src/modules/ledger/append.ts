import { sql } from 'kysely'
import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { type Act, type SealedAct, sealAct } from './entry.ts'

export interface Appended {
  entryId: string
  /** 32 random bytes: goes into the person's receipt, so that they can open the commitment to anyone they choose. */
  salt: Buffer
  /** base64url, as in the public entry. */
  commitment: string
  /** The canonical JSON that was committed to. */
  record: string
}

/**
 * Writes the entries of these acts in the transaction that does them, in this order. They are in the log once that transaction has
 * committed and the sequencer has passed; a rollback leaves nothing.
 */
export async function appendActs(trx: Trx, acts: readonly Act[]): Promise<Appended[]> {
  if (acts.length === 0) return []
  const sealed = acts.map((act) => ({ entryId: newId(), ...sealAct(act) }))
  await storeSealed(trx, sealed)
  return sealed.map(({ entryId, salt, commitment, record }) => ({ entryId, salt, commitment, record }))
}

async function storeSealed(trx: Trx, sealed: Array<SealedAct & { entryId: string }>): Promise<void> {
  const ids = sealed.map((one) => one.entryId)
  const salts = sealed.map((one) => one.salt)
  const records = sealed.map((one) => one.record)
  const bytes = sealed.map((one) => one.bytes)
  await sql`
    with opened as (
      insert into ledger.opening (entry_id, salt, record)
      select * from unnest(${ids}::uuid[], ${salts}::bytea[], ${records}::text[]))
    insert into ledger.pending (entry_id, bytes)
    select id, bytes from unnest(${ids}::uuid[], ${bytes}::bytea[]) with ordinality as entry (id, bytes, turn) order by turn`.execute(
    trx,
  )
}
