import type { Database } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type DocumentsCode, listDocuments } from '#modules/documents/index.ts'
import { listNoticesOfCase } from '#modules/post-office/index.ts'
import { type LastingDocument, readLastingDocument } from '#modules/preservation/index.ts'
import type { CaseRecord } from './case-record.ts'
import { tables } from './tables.ts'

type Owned = Pick<CaseRecord, 'ownerId' | 'id' | 'institution'>

/**
 * What the person may read of their case: not the act of a notice that is still closed (signing for it comes first), nor one
 * that is still to be served in person.
 */
export async function readableDocuments(db: Database, { ownerId, id, institution }: Owned) {
  const [documents, notices, tasks] = await Promise.all([
    listDocuments(db, ownerId, id),
    listNoticesOfCase(db, ownerId, id),
    tables(db)
      .selectFrom('cases.task')
      .select('facts')
      .where('institution', '=', institution)
      .where('case_id', '=', id)
      .where('kind', '=', 'notify-in-person')
      .where('done_at', 'is', null)
      .execute(),
  ])
  const closed = new Set<unknown>([
    ...notices.filter(({ openedAt }) => !openedAt).map(({ actDocumentId }) => actDocumentId),
    ...tasks.map(({ facts }) => facts.document),
  ])
  return documents.filter((document) => !closed.has(document.id))
}

/** With what was appended to make it last. @throws Refusal `document-unknown`: also for one that is not to be read yet */
export async function readCaseDocument(db: Database, record: Owned, documentId: string): Promise<LastingDocument> {
  const readable = await readableDocuments(db, record)
  if (!readable.some(({ id }) => id === documentId)) throw new Refusal<DocumentsCode>('document-unknown', {}, 404)
  return readLastingDocument(db, record.ownerId, documentId)
}
