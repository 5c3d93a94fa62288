import { Refusal } from '#kernel/refusal.ts'
import { addBusinessDays, wallClock } from '#modules/calendars/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import type { PostOfficeCode } from './errors.ts'
import type { Notice } from './notice.ts'
import { noticeQueues, type PostOfficeParts } from './post-office-parts.ts'
import { insertEvent, listEvents, lockNotice } from './store.ts'

/** Whether the person can still say that the authority's own fault kept them out (LFEA 11-III). */
export function mayReport(parts: Pick<PostOfficeParts, 'rules' | 'calendars' | 'clock'>, notice: Notice): boolean {
  const rule = parts.rules.get(notice.rule.id)
  if (!rule || rule.reportDays === 0 || notice.servedBy !== 'lapse' || notice.openedAt) return false
  const calendar = parts.calendars.get(rule.calendar)!
  const served = wallClock(notice.servedAt!, rule.zone).day
  const last = addBusinessDays(calendar, served, rule.reportDays, notice.institution).at(-1)!
  return wallClock(parts.clock.now(), rule.zone).day <= last
}

/**
 * The person reports that they were kept out: what lapsed is served by another means, and whoever posted it is told. What
 * happened stays on record. Reporting twice reports once.
 * @throws Refusal `notice-unknown`, `report-too-late`
 */
export async function reportFault(parts: PostOfficeParts, session: ActingSession, noticeId: string): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const notice = await lockNotice(trx, session.account.id, noticeId)
    const events = await listEvents(trx, notice)
    if (events.some(({ event }) => event === 'ContentConsignmentFailure')) return
    if (!mayReport(parts, notice)) throw new Refusal<PostOfficeCode>('report-too-late', {}, 409)
    const at = parts.clock.now()
    const { entryId } = await parts.log.append(trx, {
      act: 'notice.fault-reported',
      at,
      institution: notice.institution,
      record: { notice: notice.id, at: at.toISOString() },
    })
    const facts = { because: 'reported by the person' }
    await insertEvent(trx, notice, { at, event: 'ContentConsignmentFailure', facts, logEntry: entryId })
    if (notice.caseId)
      await parts.jobs.send(trx, noticeQueues.reported, {
        ownerId: notice.ownerId,
        caseId: notice.caseId,
        actDocumentId: notice.actDocumentId,
      })
  })
}
