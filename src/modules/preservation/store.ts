import { sha256 } from '#kernel/bytes.ts'
import type { Queries, Trx } from '#kernel/database.ts'
import { findDocumentByCode, readDocument, type StoredDocument } from '#modules/documents/index.ts'
import type { LastProof } from './renewal.ts'
import { tables } from './tables.ts'

/** A document with what was appended to make it last; its first `original.size` bytes are the document as it was issued. */
export interface LastingDocument extends StoredDocument {
  /** The whole file. Its digest is not `sha256`, which is that of the document as issued, as the log and receipts name it. */
  bytes: Buffer
  original: { size: number }
  additions: number
}

/** As it lasts, or as it was issued: then its digest is `sha256`. */
export function inForm({ bytes, original }: LastingDocument, form: 'lasting' | 'issued' = 'lasting'): Buffer {
  return form === 'issued' ? bytes.subarray(0, original.size) : bytes
}

/** @throws Refusal `document-unknown`: also for somebody else's */
export async function readLastingDocument(queries: Queries, ownerId: string, id: string): Promise<LastingDocument> {
  return withAdditions(queries, await readDocument(queries, ownerId, id))
}

export async function findLastingByCode(queries: Queries, code: string): Promise<LastingDocument | undefined> {
  const document = await findDocumentByCode(queries, code)
  return document && withAdditions(queries, document)
}

async function withAdditions(queries: Queries, document: StoredDocument & { bytes: Buffer }): Promise<LastingDocument> {
  const additions = await tables(queries)
    .selectFrom('preservation.addition')
    .select('bytes')
    .where('owner_id', '=', document.ownerId)
    .where('document_id', '=', document.id)
    .orderBy('seq')
    .execute()
  const { bytes } = document
  return {
    ...document,
    bytes: additions.length === 0 ? bytes : Buffer.concat([bytes, ...additions.map((each) => each.bytes)]),
    original: { size: bytes.length },
    additions: additions.length,
  }
}

/** Until when the last addition proves that the document was there; undefined where there is none. */
export async function readLastProof(trx: Trx, ownerId: string, documentId: string): Promise<LastProof | undefined> {
  const row = await tables(trx)
    .selectFrom('preservation.addition as addition')
    .innerJoin('preservation.authority as authority', 'authority.sha256', 'addition.authority')
    .select(['addition.complete', 'addition.stamped_at', 'authority.ends_at'])
    .where('owner_id', '=', ownerId)
    .where('document_id', '=', documentId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { complete: row.complete, stampedAt: row.stamped_at, endsAt: row.ends_at }
}

export interface NewAddition {
  /** The document with the additions that there were, and the new one behind them. */
  before: LastingDocument
  after: Buffer
  complete: boolean
  stampedAt: Date
  /** Hexadecimal. */
  authority: string
}

/**
 * Keeps what is behind the file as it was. An addition is kept once and for ever.
 * @throws RangeError where the new file does not begin with the old one: a fault of ours
 */
export async function storeAddition(trx: Trx, { before, after, complete, stampedAt, authority }: NewAddition) {
  const { bytes, ownerId, id, additions } = before
  if (after.length <= bytes.length || !after.subarray(0, bytes.length).equals(bytes))
    throw new RangeError('an addition changes what is before it')
  await tables(trx)
    .insertInto('preservation.addition')
    .values({
      owner_id: ownerId,
      document_id: id,
      seq: additions + 1,
      bytes: after.subarray(bytes.length),
      sha256: sha256(after),
      size: after.length,
      complete,
      stamped_at: stampedAt,
      authority: Buffer.from(authority, 'hex'),
    })
    .execute()
}
