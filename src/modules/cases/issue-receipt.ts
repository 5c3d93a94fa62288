import { describeDocument, sealDocument, storeSealed } from '#modules/documents/index.ts'
import { type CaseParts, calendarOf, fichaOf } from './case-parts.ts'
import { receiptDocument } from './receipt-document.ts'
import { addStep, keepReceipt, readCase } from './store.ts'
import { writingIn } from './writing.ts'

/** Not yet: the log has not placed the entry. The job is tried again; a receipt comes late, never wrong. */
export class ProofPending extends Error {}

/** The job: the sealed receipt, with the log's proof inside. Done again, it does nothing. */
export async function issueReceipt(parts: CaseParts, ownerId: string, caseId: string): Promise<void> {
  const record = await readCase(parts.db, ownerId, caseId)
  if (record.receiptId) return
  const [log, application] = await Promise.all([
    parts.log.proofFor(record.logEntry),
    describeDocument(parts.db, ownerId, record.applicationId),
  ])
  if (!log) throw new ProofPending('the entry has no place in the log yet')
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const document = receiptDocument({
    ficha,
    institution: parts.catalogue.institutions.get(record.institution)!,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
    record,
    applicationSha256: application.sha256,
    log,
  })
  const sealed = await sealDocument(parts.documents, document, parts.clock.now())
  await parts.db.transaction().execute(async (trx) => {
    const status = await keepReceipt(trx, record, sealed.id)
    // The same job, twice at once: the other receipt stands.
    if (!status) return
    await storeSealed(trx, sealed, ownerId, caseId)
    await addStep(trx, record, {
      at: sealed.at,
      act: 'receipt-issued',
      by_kind: 'platform',
      by_account: null,
      by_name: null,
      by_post: null,
      status,
      document_id: sealed.id,
      log_entry: null,
    })
  })
}
