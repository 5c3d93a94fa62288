import { sql } from 'kysely'
import { sha256 } from '#kernel/bytes.ts'
import type { Queries, Trx } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { DocumentsCode } from './errors.ts'
import type { DocumentKind } from './official-document.ts'
import { tables } from './tables.ts'

export interface StoredDocument {
  ownerId: string
  id: string
  kind: DocumentKind
  caseId: string | null
  title: string
  /** Hexadecimal. */
  sha256: string
  code: string
  createdAt: Date
}

export interface NewDocument extends Omit<StoredDocument, 'sha256'> {
  bytes: Buffer
}

/** A document is kept once and for ever: nothing changes or deletes its row. */
export async function storeDocument(trx: Trx, { bytes, ...document }: NewDocument): Promise<StoredDocument> {
  const digest = sha256(bytes)
  const queries = tables(trx)
  await queries
    .with('kept', () =>
      queries.insertInto('documents.document').values({
        owner_id: document.ownerId,
        id: document.id,
        kind: document.kind,
        case_id: document.caseId,
        title: document.title,
        sha256: digest,
        bytes,
        code: document.code,
        created_at: document.createdAt,
      }),
    )
    .with('announced', () =>
      queries.insertInto('documents.to_preserve').values({ owner_id: document.ownerId, document_id: document.id }),
    )
    .insertInto('documents.code')
    .values({ code: document.code, owner_id: document.ownerId, document_id: document.id })
    .execute()
  return { ...document, sha256: digest.toString('hex') }
}

const described = ['owner_id', 'id', 'kind', 'case_id', 'title', 'sha256', 'code', 'created_at'] as const

interface DescribedRow {
  owner_id: string
  id: string
  kind: DocumentKind
  case_id: string | null
  title: string
  sha256: Buffer
  code: string
  created_at: Date
}

/** @throws Refusal `document-unknown`: also for somebody else's */
export async function readDocument(
  queries: Queries,
  ownerId: string,
  id: string,
): Promise<StoredDocument & { bytes: Buffer }> {
  const row = await tables(queries)
    .selectFrom('documents.document')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal<DocumentsCode>('document-unknown', {}, 404)
  return { ...documentOf(row), bytes: row.bytes }
}

/** The same without its bytes. @throws Refusal `document-unknown` */
export async function describeDocument(queries: Queries, ownerId: string, id: string): Promise<StoredDocument> {
  const row = await tables(queries)
    .selectFrom('documents.document')
    .select(described)
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal<DocumentsCode>('document-unknown', {}, 404)
  return documentOf(row)
}

/** A case's documents in the order they were made, without their bytes. */
export async function listDocuments(queries: Queries, ownerId: string, caseId: string): Promise<StoredDocument[]> {
  const rows = await tables(queries)
    .selectFrom('documents.document')
    .select(described)
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', caseId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(documentOf)
}

/** Whoever has the code may see what the paper says; the code is not to be guessed. */
export async function findDocumentByCode(
  queries: Queries,
  code: string,
): Promise<(StoredDocument & { bytes: Buffer }) | undefined> {
  const found = await tables(queries)
    .selectFrom('documents.code')
    .selectAll()
    .where('code', '=', code)
    .executeTakeFirst()
  return found && readDocument(queries, found.owner_id, found.document_id)
}

export interface DocumentKey {
  ownerId: string
  documentId: string
}

/**
 * Those that were kept and that nobody has in hand to preserve: each is given once, to whoever's transaction stands. Several
 * may ask at once.
 */
export async function takeToPreserve(trx: Trx, most: number): Promise<DocumentKey[]> {
  const { rows } = await sql<DocumentKey>`
    delete from documents.to_preserve where (owner_id, document_id) in (
      select owner_id, document_id from documents.to_preserve limit ${most} for update skip locked)
    returning owner_id as "ownerId", document_id as "documentId"`.execute(trx)
  return rows
}

/** How many wait to be taken. */
export async function countToPreserve(queries: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from documents.to_preserve`.execute(queries)
  return rows[0]!.count
}

function documentOf(row: DescribedRow): StoredDocument {
  return {
    ownerId: row.owner_id,
    id: row.id,
    kind: row.kind,
    caseId: row.case_id,
    title: row.title,
    sha256: row.sha256.toString('hex'),
    code: row.code,
    createdAt: row.created_at,
  }
}
