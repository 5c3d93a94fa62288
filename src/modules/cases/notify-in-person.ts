import type { Queries } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { withOffset } from '#modules/calendars/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { type NoticeRule, noticeDates } from '#modules/post-office/index.ts'
import { beginAnswerTerm } from './answer-prevention.ts'
import { type CaseParts, fichaOf, type OnlineFicha } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import type { CasesCode } from './errors.ts'
import { findForServant, servantOf } from './office-access.ts'
import { addStep, lockCase } from './store.ts'
import { type CaseTables, tables } from './tables.ts'

export type Task = CaseTables['cases.task']

/** Acts whose notice the person did not want by electronic means: to be served in person, the most urgent first (LFPA 35, 39). */
export async function listTasks(queries: Queries, institution: string, caseId?: string): Promise<Task[]> {
  let query = tables(queries)
    .selectFrom('cases.task')
    .selectAll()
    .where('institution', '=', institution)
    .where('done_at', 'is', null)
  if (caseId) query = query.where('case_id', '=', caseId)
  return query.orderBy('due_at').limit(200).execute()
}

/** The act was handed over; whoever did it is on record, and the person reads it in their case from now on. */
export async function recordNotifiedInPerson(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  taskId: string,
): Promise<void> {
  const record = await findForServant(parts, session, folio, 'officer', 'signer')
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    const at = parts.clock.now()
    const task = await tables(trx)
      .updateTable('cases.task')
      .set({ done_at: at, done_by: session.person.accountId })
      .where('institution', '=', locked.institution)
      .where('id', '=', taskId)
      .where('case_id', '=', locked.id)
      .where('done_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!task) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const served = await servedInPerson(parts, locked, at)
    const { entryId } = await parts.log.append(trx, {
      act: 'notice.handed-over',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, document: task.facts.document, at: at.toISOString(), ...served },
    })
    await addStep(trx, locked, {
      at,
      act: 'notified-in-person',
      ...servantOf(session),
      status: locked.status,
      document_id: null,
      log_entry: entryId,
      facts: served,
    })
    await beginAnswerTerm(parts, trx, locked, String(task.facts.document), new Date(served.effectAt))
  })
}

/** The rule of what is handed over: served then, or on the next business day outside hours (LFPA 35, 38). */
async function servedInPerson(parts: CaseParts, record: CaseRecord, at: Date) {
  const rule = deliveryRule(parts, await fichaOf(parts, record.serviceId, record.serviceVersion))
  const { calendars } = parts.postOffice
  const dates = noticeDates(rule, calendars.get(rule.calendar)!, { at, institution: record.institution })
  return {
    rule: rule.id,
    ruleVersion: rule.version,
    servedAt: withOffset(dates.servedAt!, rule.zone),
    effectAt: withOffset(dates.effectAt!, rule.zone),
  }
}

/** The pack's rule for what is delivered by hand. */
export function deliveryRule({ postOffice }: Pick<CaseParts, 'postOffice'>, { online, id }: OnlineFicha): NoticeRule {
  const found = [...postOffice.rules.values()].find(
    ({ trigger, matters }) =>
      trigger === 'delivery' && matters.includes(online.matter as NoticeRule['matters'][number]),
  )
  if (!found) throw new Error(`the pack has no rule to serve ${id} in person`)
  return found
}
