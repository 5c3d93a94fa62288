import { isDeepStrictEqual } from 'node:util'
import {
  type CaseRecord,
  fichaOf,
  type listLooks,
  listPreventions,
  listSteps,
  listLooks as looksOf,
  type OnlineFicha,
  type Prevention,
  readableDocuments,
  readCase,
} from '#modules/cases/index.ts'
import { type Attachment, listAttachments, listDocuments, type StoredDocument } from '#modules/documents/index.ts'
import { listEvents, listNoticesOfCase, type Notice, type NoticeEvent } from '#modules/post-office/index.ts'
import type { CaseFileParts } from './case-file-parts.ts'
import type { Reader } from './tables.ts'

/** Everything that goes into one reader's copy, but for the bytes. */
export interface CaseContents {
  record: CaseRecord
  reader: Reader
  ficha: OnlineFicha
  steps: Awaited<ReturnType<typeof listSteps>>
  documents: StoredDocument[]
  attachments: Array<Pick<Attachment, 'id' | 'name' | 'type' | 'sha256' | 'field'>>
  preventions: Prevention[]
  notices: NoticeWithEvents[]
  looks: Awaited<ReturnType<typeof listLooks>>
}

export interface NoticeWithEvents {
  notice: Notice
  events: NoticeEvent[]
}

const MOST_TRIES = 5

/** The case at one moment: read again where it moved on meanwhile. */
export async function gatherCase(
  parts: CaseFileParts,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
  reader: Reader,
): Promise<CaseContents> {
  const { db } = parts.cases
  for (let tries = 1; ; tries++) {
    const contents = await gatherOnce(parts, await readCase(db, ownerId, id), reader)
    if (tries === MOST_TRIES || isDeepStrictEqual(await readCase(db, ownerId, id), contents.record)) return contents
  }
}

async function gatherOnce({ cases }: CaseFileParts, record: CaseRecord, reader: Reader): Promise<CaseContents> {
  const { db } = cases
  const { ownerId, id } = record
  const [ficha, steps, documents, preventions, notices, looks] = await Promise.all([
    fichaOf(cases, record.serviceId, record.serviceVersion),
    listSteps(db, record),
    reader === 'person' ? readableDocuments(db, record) : listDocuments(db, ownerId, id),
    listPreventions(db, record),
    listNoticesOfCase(db, ownerId, id),
    reader === 'person' ? looksOf(db, record) : [],
  ])
  const withEvents = await Promise.all(
    notices.map(async (notice) => ({ notice, events: await listEvents(db, notice) })),
  )
  const answered = preventions.filter(({ answered_at }) => answered_at)
  const answers = await Promise.all(answered.map((each) => listAttachments(db, ownerId, each.id)))
  const attachments = [...record.attachments, ...answers.flat()]
  return { record, reader, ficha, steps, documents, attachments, preventions, notices: withEvents, looks }
}

/** Whether this reader has the document's act before them: else what it says is told nowhere in the file. */
export const isIn = ({ documents }: CaseContents, documentId: string | null): boolean =>
  documentId === null || documents.some(({ id }) => id === documentId)
