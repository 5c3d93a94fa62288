import type { Queries } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type ActingSession, readCurp } from '#modules/identity/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CasesCode } from './errors.ts'
import { tables } from './tables.ts'

/**
 * A public servant declares a relative: from then on they never ask, draft or sign anything in that person's cases (LFPA 21).
 * What was declared is not taken back.
 * @throws Refusal `relative-shape`
 */
export async function declareRelative(
  parts: Pick<CaseParts, 'db' | 'clock'>,
  session: ActingSession,
  typed: string,
): Promise<void> {
  const reading = readCurp(typed)
  if (!reading) throw new Refusal<CasesCode>('relative-shape', {}, 422)
  await tables(parts.db)
    .insertInto('cases.relative')
    .values({ account_id: session.person.accountId, curp: reading.curp, declared_at: parts.clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function listRelatives(
  queries: Queries,
  { person }: Pick<ActingSession, 'person'>,
): Promise<Array<{ curp: string; declaredAt: Date }>> {
  const rows = await tables(queries)
    .selectFrom('cases.relative')
    .select(['curp', 'declared_at'])
    .where('account_id', '=', person.accountId)
    .orderBy('declared_at')
    .execute()
  return rows.map(({ curp, declared_at }) => ({ curp, declaredAt: declared_at }))
}
