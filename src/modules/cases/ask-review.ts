import type { Queries } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { byPerson } from './by-person.ts'
import { type CaseParts, fichaOf } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { nextStatus, ruleOf } from './case-states.ts'
import type { CasesCode } from './errors.ts'
import { addStep, changeCase, listSteps, lockCase } from './store.ts'
import { termFor } from './submit-case.ts'

/** Whether a human has still to be asked: the rule decided, and nobody has asked before. */
export async function mayAskReview(queries: Queries, record: CaseRecord): Promise<boolean> {
  if (!nextStatus(record.status, 'ask-review', 'person')) return false
  const acts = (await listSteps(queries, record)).map(({ act }) => act)
  return acts.includes('decided-by-rule') && !acts.includes('review-asked')
}

/**
 * A decision that a published rule made goes to a human, with a term of its own. The rule's decision stands until the
 * human's, and no silence follows: there is an answer already.
 * @throws Refusal `not-allowed-now`
 */
export async function askReview(parts: CaseParts, session: ActingSession, caseId: string): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, session.account.id, caseId)
    const status = nextStatus(locked.status, 'ask-review', 'person')
    if (!status || !(await mayAskReview(trx, locked))) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const at = parts.clock.now()
    const ficha = await fichaOf(parts, locked.serviceId, locked.serviceVersion)
    const term = { ...termFor(parts, ficha, at), withoutSilence: true as const }
    const { entryId } = await parts.log.append(trx, {
      act: 'case.review-asked',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, at: at.toISOString(), due: term.due, rule: ruleOf('ask-review') },
    })
    await changeCase(trx, locked, { status, term, dueAt: new Date(term.dueAt), closedAt: null })
    await addStep(trx, locked, {
      at,
      act: 'review-asked',
      ...byPerson(session),
      status,
      document_id: null,
      log_entry: entryId,
    })
  })
}
