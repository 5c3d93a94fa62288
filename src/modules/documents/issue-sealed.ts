import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { newCode } from './code.ts'
import type { DocumentsParts } from './documents-parts.ts'
import type { OfficialDocument } from './official-document.ts'
import { sealField, sealPdf } from './seal.ts'
import { type StoredDocument, storeDocument } from './store.ts'

export interface SealedDocument {
  id: string
  code: string
  bytes: Buffer
  document: OfficialDocument
  at: Date
}

/** Draws and seals a document of the platform: receipt, constancia, certificate of silence. Not stored yet; never inside a transaction. */
export async function sealDocument(
  parts: Pick<DocumentsParts, 'renderer' | 'seal' | 'platformName'>,
  document: OfficialDocument,
  at: Date,
): Promise<SealedDocument> {
  const code = newCode()
  const field = sealField(parts.seal, { name: parts.platformName, reason: document.title, at })
  const prepared = await parts.renderer.draw(document, code, at, field)
  return { id: newId(), code, bytes: await sealPdf(parts.seal, prepared, document.kind), document, at }
}

export function storeSealed(
  trx: Trx,
  sealed: SealedDocument,
  ownerId: string,
  caseId: string | null,
): Promise<StoredDocument> {
  const { id, code, bytes, document, at } = sealed
  return storeDocument(trx, {
    ownerId,
    id,
    kind: document.kind,
    caseId,
    title: document.title,
    code,
    bytes,
    createdAt: at,
  })
}
