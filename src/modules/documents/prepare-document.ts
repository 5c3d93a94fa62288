import type { Queries, Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { ByteRange } from '#trust/pdf/byte-range.ts'
import { prepareSignature } from '#trust/pdf/prepare-signature.ts'
import { newCode } from './code.ts'
import type { DocumentsParts } from './documents-parts.ts'
import type { DocumentsCode } from './errors.ts'
import type { DocumentKind, OfficialDocument } from './official-document.ts'
import { tables } from './tables.ts'

export interface Preparation {
  ownerId: string
  id: string
  /** What it is about: the draft, the case, the notice. */
  subjectId: string
  kind: DocumentKind
  caseId: string | null
  title: string
  code: string
  /** The account that is to sign. */
  signerId: string
  pdf: Buffer
  byteRange: ByteRange
  signingTime: Date
  context: unknown
  expiresAt: Date
  /** Where it became a document already. */
  documentId: string | null
}

export interface PrepareDocument {
  ownerId: string
  subjectId: string
  caseId?: string
  document: OfficialDocument
  /** The person who is to sign, as shown in the signature. */
  signer: { accountId: string; name: string }
  reason: string
  /** Plain JSON that the act will need when the signature comes; nothing is kept in a process until then. */
  context: unknown
  signingTime: Date
}

const LIFE_MINUTES = 60

/** Draws the document, adds an empty signature field and keeps it for the one who is to sign. */
export async function prepareDocument(
  parts: Pick<DocumentsParts, 'db' | 'draw'>,
  input: PrepareDocument,
): Promise<Preparation> {
  const code = newCode()
  const { signingTime, document, signer } = input
  const rendered = parts.draw(document, code, signingTime)
  const prepared = prepareSignature(rendered, {
    fieldName: 'signature',
    name: signer.name,
    reason: input.reason,
    signingTime,
  })
  const preparation: Preparation = {
    ownerId: input.ownerId,
    id: newId(),
    subjectId: input.subjectId,
    kind: document.kind,
    caseId: input.caseId ?? null,
    title: document.title,
    code,
    signerId: signer.accountId,
    pdf: prepared.pdf,
    byteRange: prepared.byteRange,
    signingTime,
    context: input.context,
    expiresAt: new Date(signingTime.getTime() + LIFE_MINUTES * 60_000),
    documentId: null,
  }
  await insert(parts.db, preparation)
  return preparation
}

async function insert(queries: Queries, preparation: Preparation): Promise<void> {
  await tables(queries)
    .insertInto('documents.preparation')
    .values({
      owner_id: preparation.ownerId,
      id: preparation.id,
      subject_id: preparation.subjectId,
      kind: preparation.kind,
      case_id: preparation.caseId,
      title: preparation.title,
      code: preparation.code,
      signer_id: preparation.signerId,
      pdf: preparation.pdf,
      byte_range: [...preparation.byteRange],
      signing_time: preparation.signingTime,
      context: JSON.stringify(preparation.context),
      expires_at: preparation.expiresAt,
    })
    .execute()
}

/** @throws Refusal `preparation-unknown`: also for somebody else's */
export async function readPreparation(queries: Queries, ownerId: string, id: string): Promise<Preparation> {
  const row = await tables(queries)
    .selectFrom('documents.preparation')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal<DocumentsCode>('preparation-unknown', {}, 404)
  return {
    ownerId: row.owner_id,
    id: row.id,
    subjectId: row.subject_id,
    kind: row.kind,
    caseId: row.case_id,
    title: row.title,
    code: row.code,
    signerId: row.signer_id,
    pdf: row.pdf,
    byteRange: row.byte_range as unknown as ByteRange,
    signingTime: row.signing_time,
    context: row.context,
    expiresAt: row.expires_at,
    documentId: row.document_id,
  }
}

/** The newest one about this subject, for clients that do not carry its id. */
export async function newestPreparation(queries: Queries, ownerId: string, subjectId: string): Promise<Preparation> {
  const row = await tables(queries)
    .selectFrom('documents.preparation')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('subject_id', '=', subjectId)
    .orderBy('signing_time', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw new Refusal<DocumentsCode>('preparation-unknown', {}, 404)
  return readPreparation(queries, ownerId, row.id)
}

/** Signed: its bytes are in the document now, only the trace stays, so that signing twice is seen to be the same act. */
export async function markSigned(trx: Trx, { ownerId, id }: Preparation, documentId: string): Promise<boolean> {
  const result = await tables(trx)
    .updateTable('documents.preparation')
    .set({ document_id: documentId, pdf: Buffer.alloc(0) })
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .where('document_id', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** The daily sweep: what nobody signed in time. */
export async function forgetExpiredPreparations(queries: Queries, now: Date): Promise<void> {
  await tables(queries)
    .deleteFrom('documents.preparation')
    .where('expires_at', '<', now)
    .where('document_id', 'is', null)
    .execute()
}
