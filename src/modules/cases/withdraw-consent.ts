import { Refusal } from '#kernel/refusal.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { byPerson } from './by-person.ts'
import type { CaseParts } from './case-parts.ts'
import { isOpen } from './case-record.ts'
import type { CasesCode } from './errors.ts'
import { addStep, changeCase, lockCase } from './store.ts'

/**
 * Express consent to electronic notices is given for an act, and can be taken back for what comes later (LFEA 11): what was
 * posted stays posted; the next act is handed over in person.
 * @throws Refusal `not-allowed-now`
 */
export async function withdrawConsent(parts: CaseParts, session: ActingSession, caseId: string): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, session.account.id, caseId)
    if (!locked.notices.electronic || !isOpen(locked.status)) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const at = parts.clock.now()
    const { entryId } = await parts.log.append(trx, {
      act: 'case.consent-withdrawn',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, at: at.toISOString() },
    })
    await changeCase(trx, locked, { notices: { ...locked.notices, electronic: false } })
    await addStep(trx, locked, {
      at,
      act: 'consent-withdrawn',
      ...byPerson(session),
      status: locked.status,
      document_id: null,
      log_entry: entryId,
    })
  })
}
