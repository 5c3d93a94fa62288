import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import type { Text } from '#kernel/texts.ts'
import type { StoredDocument } from '#modules/documents/index.ts'
import { depositNotice, type Notice, type NoticeKind } from '#modules/post-office/index.ts'
import { forgetAnswerTerm } from './answer-prevention.ts'
import { type CaseParts, calendarOf, fichaOf, type OnlineFicha } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { deliveryRule } from './notify-in-person.ts'
import { addStep, lockCase } from './store.ts'
import { tables } from './tables.ts'
import { termToNotify } from './terms.ts'

export interface Delivery {
  record: CaseRecord
  ficha: OnlineFicha
  kind: NoticeKind
  document: StoredDocument
  /** Nothing to appeal: a request, a certificate that favours. */
  final: boolean
  act: Text
}

/**
 * Serves an act by the rule of the service where the person consented; otherwise it is a task of the institution's, to be
 * done in person within ten business days (LFPA 35, 39).
 */
export async function deliver(
  parts: CaseParts,
  trx: Trx,
  { record, ficha, kind, document, final, act }: Delivery,
): Promise<Notice | undefined> {
  const institution = parts.catalogue.institutions.get(record.institution)!
  const { appeal } = ficha
  if (record.notices.electronic) {
    return depositNotice(parts.postOffice, trx, {
      ownerId: record.ownerId,
      institution: record.institution,
      service: record.serviceId,
      sender: institution.name,
      recipient: record.applicant.name,
      subject: { es: `${act.es} · ${ficha.plainName.es}`, en: `${act.en} · ${ficha.plainName.en}` },
      kind,
      caseId: record.id,
      folio: record.folio,
      rule: ficha.online.noticeRule,
      matter: ficha.online.matter as 'administrative' | 'fiscal',
      consent: true,
      actDocumentId: document.id,
      actSha256: document.sha256,
      particulars: {
        legalBasis: ficha.legalBasis[0]!,
        final,
        appeal: { name: appeal.name, before: appeal.before, days: appeal.days, legalBasis: appeal.legalBasis },
      },
      language: record.language,
    })
  }
  await promiseInPerson(parts, trx, record, ficha, document.id)
  return undefined
}

/** A task of the institution's: to hand the act over within ten business days (LFPA 35, 39). */
async function promiseInPerson(
  parts: CaseParts,
  trx: Trx,
  record: CaseRecord,
  ficha: OnlineFicha,
  documentId: string,
): Promise<void> {
  const term = termToNotify(calendarOf(parts, ficha), parts.clock.now(), record.institution)
  await tables(trx)
    .insertInto('cases.task')
    .values({
      institution: record.institution,
      id: newId(),
      owner_id: record.ownerId,
      case_id: record.id,
      kind: 'notify-in-person',
      due_at: new Date(term.dueAt),
      facts: JSON.stringify({ document: documentId, rule: deliveryRule(parts, ficha).id, term }) as never,
    })
    .execute()
}

/** The job: the person was kept out of the mailbox, and what lapsed is handed over (LFEA 11-III). Done again, it does nothing. */
export async function deliverOtherwise(
  parts: CaseParts,
  ownerId: string,
  caseId: string,
  actDocumentId: string,
): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const record = await lockCase(trx, ownerId, caseId)
    const tasks = await tables(trx)
      .selectFrom('cases.task')
      .select('facts')
      .where('institution', '=', record.institution)
      .where('case_id', '=', caseId)
      .execute()
    if (tasks.some(({ facts }) => facts.document === actDocumentId)) return
    const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
    await promiseInPerson(parts, trx, record, ficha, actDocumentId)
    await forgetAnswerTerm(parts, trx, record, actDocumentId)
    await addStep(trx, record, {
      at: parts.clock.now(),
      act: 'kept-out-reported',
      by_kind: 'person',
      by_account: null,
      by_name: record.applicant.name,
      by_post: null,
      status: record.status,
      document_id: null,
      log_entry: null,
    })
  })
}
