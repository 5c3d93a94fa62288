import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type ActingSession, holdersOf } from '#modules/identity/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import type { CasesCode } from './errors.ts'
import { findForServant, servantOf } from './office-access.ts'
import { addStep, lockCase } from './store.ts'
import { tables } from './tables.ts'

/** Asks somebody of the same institution; both are on record, and the person sees that it happened, not the words. */
export async function consultColleague(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  input: { to: string; question: string },
): Promise<void> {
  const record = await findForServant(parts, session, folio)
  const colleague = (await holdersOf(parts.db, record.institution)).find(
    ({ account }) => account.id === input.to,
  )?.account
  if (!colleague) throw new Refusal<CasesCode>('colleague-unknown', {}, 404)
  const question = input.question.trim()
  if (question === '') throw new Refusal<CasesCode>('decision-incomplete', { field: 'question' }, 422)
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    const at = parts.clock.now()
    await tables(trx)
      .insertInto('cases.consultation')
      .values({
        owner_id: locked.ownerId,
        case_id: locked.id,
        id: newId(),
        asked_at: at,
        asked_by: session.person.accountId,
        asked_by_name: session.person.name ?? '',
        asked_to: colleague.id,
        asked_to_name: colleague.name ?? '',
        question,
      })
      .execute()
    await addStep(trx, locked, {
      at,
      act: 'consulted',
      ...servantOf(session),
      status: locked.status,
      document_id: null,
      log_entry: null,
      facts: { to: colleague.name ?? '' },
    })
  })
}

export async function answerConsultation(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  input: { id: string; answer: string },
): Promise<void> {
  const record = await findForServant(parts, session, folio)
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    const at = parts.clock.now()
    const changed = await tables(trx)
      .updateTable('cases.consultation')
      .set({ answered_at: at, answer: input.answer.trim() })
      .where('owner_id', '=', locked.ownerId)
      .where('case_id', '=', locked.id)
      .where('id', '=', input.id)
      .where('asked_to', '=', session.person.accountId)
      .where('answered_at', 'is', null)
      .executeTakeFirst()
    if (changed.numUpdatedRows !== 1n) throw new Refusal<CasesCode>('consultation-unknown', {}, 404)
    await addStep(trx, locked, {
      at,
      act: 'consultation-answered',
      ...servantOf(session),
      status: locked.status,
      document_id: null,
      log_entry: null,
    })
  })
}

export async function listConsultations(
  parts: Pick<CaseParts, 'db'>,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
) {
  return tables(parts.db)
    .selectFrom('cases.consultation')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .orderBy('asked_at')
    .execute()
}
