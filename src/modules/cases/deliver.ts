import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import type { Text } from '#kernel/texts.ts'
import type { StoredDocument } from '#modules/documents/index.ts'
import { depositNotice, type Notice, type NoticeKind } from '#modules/post-office/index.ts'
import { type CaseParts, calendarOf, type OnlineFicha } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { deliveryRule } from './notify-in-person.ts'
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
      facts: JSON.stringify({ document: document.id, rule: deliveryRule(parts, ficha).id, term }) as never,
    })
    .execute()
  return undefined
}
