import type { Queries } from '#kernel/database.ts'
import { isId, newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type ByteRange, byteRangeDigest } from '#trust/pdf/byte-range.ts'
import { newCode } from './code.ts'
import type { DocumentsParts } from './documents-parts.ts'
import type { DocumentsCode } from './errors.ts'
import type { DocumentKind, OfficialDocument } from './official-document.ts'
import { type DocumentTables, tables } from './tables.ts'

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
  byteRange: ByteRange
  /** SHA-256 over the byte range: what is signed. */
  digest: Buffer
  signingTime: Date
  context: unknown
  expiresAt: Date
  /** Where it became a document already. */
  documentId: string | null
}

/** With the document itself, for the one who is to see and sign it. */
export interface PreparedDocument extends Preparation {
  pdf: Buffer
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
/** Bytes: a certificate and a signature of 4096 bits; and what a time-stamp authority answers, where one is named. */
const SIGNATURE_ROOM = 4000
const TOKEN_ROOM = 6000

/** Draws the document, adds an empty signature field and keeps it for the one who is to sign. */
export async function prepareDocument(
  parts: Pick<DocumentsParts, 'db' | 'renderer' | 'timestamp'>,
  input: PrepareDocument,
): Promise<PreparedDocument> {
  const code = newCode()
  const { signingTime, document, signer } = input
  const prepared = await parts.renderer.draw(document, code, signingTime, {
    fieldName: 'signature',
    name: signer.name,
    reason: input.reason,
    signingTime,
    contentsSize: parts.timestamp ? SIGNATURE_ROOM + TOKEN_ROOM : SIGNATURE_ROOM,
  })
  const preparation: PreparedDocument = {
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
    digest: byteRangeDigest(prepared.pdf, prepared.byteRange),
    signingTime,
    context: input.context,
    expiresAt: new Date(signingTime.getTime() + LIFE_MINUTES * 60_000),
    documentId: null,
  }
  await insert(parts.db, preparation)
  return preparation
}

async function insert(queries: Queries, preparation: PreparedDocument): Promise<void> {
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
      digest: preparation.digest,
      signing_time: preparation.signingTime,
      context: JSON.stringify(preparation.context),
      expires_at: preparation.expiresAt,
    })
    .execute()
}

/** @throws Refusal `preparation-unknown`: also for somebody else's */
export async function readPreparation(queries: Queries, ownerId: string, id: string): Promise<Preparation> {
  if (!isId(id)) throw unknown()
  return preparationOf(await select(queries, ownerId).where('id', '=', id).executeTakeFirst())
}

/** The newest one about this subject, for clients that do not carry its id. */
export async function newestPreparation(queries: Queries, ownerId: string, subjectId: string): Promise<Preparation> {
  if (!isId(subjectId)) throw unknown()
  const newest = select(queries, ownerId).where('subject_id', '=', subjectId).orderBy('signing_time', 'desc').limit(1)
  return preparationOf(await newest.executeTakeFirst())
}

/** The one that is named, or the newest about this subject. @throws Refusal `preparation-unknown` */
export function findPreparation(
  queries: Queries,
  ownerId: string,
  subjectId: string,
  id?: string,
): Promise<Preparation> {
  return id === undefined ? newestPreparation(queries, ownerId, subjectId) : readPreparation(queries, ownerId, id)
}

/** The document as it will be signed, for the one who is to sign it and nobody else. @throws Refusal `preparation-unknown` */
export async function readPreparedPdf(
  queries: Queries,
  { ownerId, id, signerId }: Pick<Preparation, 'ownerId' | 'id' | 'signerId'>,
): Promise<Buffer> {
  if (!isId(id)) throw unknown()
  const row = await tables(queries)
    .selectFrom('documents.preparation')
    .select('pdf')
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .where('signer_id', '=', signerId)
    .executeTakeFirst()
  if (!row) throw unknown()
  return row.pdf
}

const described = [
  'owner_id',
  'id',
  'subject_id',
  'kind',
  'case_id',
  'title',
  'code',
  'signer_id',
  'byte_range',
  'digest',
  'signing_time',
  'context',
  'expires_at',
  'document_id',
] as const

function select(queries: Queries, ownerId: string) {
  return tables(queries).selectFrom('documents.preparation').select(described).where('owner_id', '=', ownerId)
}

function preparationOf(row: Omit<DocumentTables['documents.preparation'], 'pdf'> | undefined): Preparation {
  if (!row) throw unknown()
  return {
    ownerId: row.owner_id,
    id: row.id,
    subjectId: row.subject_id,
    kind: row.kind,
    caseId: row.case_id,
    title: row.title,
    code: row.code,
    signerId: row.signer_id,
    byteRange: row.byte_range as unknown as ByteRange,
    digest: row.digest ?? Buffer.alloc(0),
    signingTime: row.signing_time,
    context: row.context,
    expiresAt: row.expires_at,
    documentId: row.document_id,
  }
}

function unknown(): Refusal<DocumentsCode> {
  return new Refusal('preparation-unknown', {}, 404)
}

/** The daily sweep: what nobody signed in time. */
export async function forgetExpiredPreparations(queries: Queries, now: Date): Promise<void> {
  await tables(queries)
    .deleteFrom('documents.preparation')
    .where('expires_at', '<', now)
    .where('document_id', 'is', null)
    .execute()
}
