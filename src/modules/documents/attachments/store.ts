import { sha256 } from '#kernel/bytes.ts'
import type { Queries, Trx } from '#kernel/database.ts'
import { isId, newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { DocumentsCode } from '../errors.ts'
import { tables } from '../tables.ts'
import type { CheckedFile } from './check-file.ts'

export interface Attachment {
  id: string
  field: string
  name: string
  type: string
  /** Hexadecimal. */
  sha256: string
  bytes: number
}

export interface NewAttachment {
  ownerId: string
  /** The draft, or the answer to a prevention. */
  subjectId: string
  field: string
  name: string
  file: CheckedFile
  at: Date
  /** Of all files of the subject together. */
  largestTotal: number
}

/** @throws Refusal `files-too-large` */
export async function addAttachment(trx: Trx, input: NewAttachment): Promise<Attachment> {
  const kept = await listAttachments(trx, input.ownerId, input.subjectId)
  const total = kept.reduce((sum, each) => sum + each.bytes, input.file.bytes.length)
  if (total > input.largestTotal)
    throw new Refusal<DocumentsCode>('files-too-large', { limit: Math.floor(input.largestTotal / 1_048_576) }, 422)
  const digest = sha256(input.file.bytes)
  const id = newId()
  const name = cleanName(input.name, input.file.type)
  await tables(trx)
    .insertInto('documents.attachment')
    .values({
      owner_id: input.ownerId,
      id,
      subject_id: input.subjectId,
      field: input.field,
      name,
      type: input.file.type,
      sha256: digest,
      bytes: input.file.bytes,
      size: input.file.bytes.length,
      created_at: input.at,
    })
    .execute()
  return {
    id,
    field: input.field,
    name,
    type: input.file.type,
    sha256: digest.toString('hex'),
    bytes: input.file.bytes.length,
  }
}

export async function listAttachments(queries: Queries, ownerId: string, subjectId: string): Promise<Attachment[]> {
  const rows = await tables(queries)
    .selectFrom('documents.attachment')
    .select(['id', 'field', 'name', 'type', 'sha256', 'size'])
    .where('owner_id', '=', ownerId)
    .where('subject_id', '=', subjectId)
    .orderBy('id')
    .execute()
  return rows.map(({ size, sha256: digest, ...row }) => ({ ...row, sha256: digest.toString('hex'), bytes: size }))
}

/** @throws Refusal `document-unknown` */
export async function readAttachment(
  queries: Queries,
  ownerId: string,
  id: string,
): Promise<Attachment & { content: Buffer }> {
  const row = await tables(queries)
    .selectFrom('documents.attachment')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal<DocumentsCode>('document-unknown', {}, 404)
  return {
    id: row.id,
    field: row.field,
    name: row.name,
    type: row.type,
    sha256: row.sha256.toString('hex'),
    bytes: row.size,
    content: row.bytes,
  }
}

export async function removeAttachment(trx: Trx, ownerId: string, subjectId: string, id: string): Promise<void> {
  if (!isId(id)) return
  await tables(trx)
    .deleteFrom('documents.attachment')
    .where('owner_id', '=', ownerId)
    .where('subject_id', '=', subjectId)
    .where('id', '=', id)
    .execute()
}

export async function removeAttachments(trx: Trx, ownerId: string, subjectId: string): Promise<void> {
  await tables(trx)
    .deleteFrom('documents.attachment')
    .where('owner_id', '=', ownerId)
    .where('subject_id', '=', subjectId)
    .execute()
}

/** With the drafts that a cookie began and an account takes over. */
export async function moveAttachments(
  trx: Trx,
  fromOwner: string,
  toOwner: string,
  subjectIds: readonly string[],
): Promise<void> {
  await tables(trx)
    .updateTable('documents.attachment')
    .set({ owner_id: toOwner })
    .where('owner_id', '=', fromOwner)
    .where('subject_id', 'in', [...subjectIds])
    .execute()
}

const ENDINGS: Record<CheckedFile['type'], RegExp> = {
  'application/pdf': /\.pdf$/i,
  'image/jpeg': /\.jpe?g$/i,
  'image/png': /\.png$/i,
}
const LONGEST_NAME = 100

/** A file's name as a label: no folders, nothing that hides or turns letters, short; it ends by what the file is. */
export function cleanName(name: string, type: CheckedFile['type']): string {
  const last = (name.normalize('NFC').replaceAll('\\', '/').split('/').at(-1) ?? '').replace(/%22/g, '"')
  const shown = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const ending = ENDINGS[type].exec(shown)?.[0] ?? `.${type.split('/')[1]!.replace('jpeg', 'jpg')}`
  const stem = shown.replace(ENDINGS[type], '').replace(/[\s.]+$/, '') || 'archivo'
  return [...stem].slice(0, LONGEST_NAME - ending.length).join('') + ending
}
