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

/** In whose name a document is sealed that is an institution's act and not the platform's. */
export interface IssuingInstitution {
  id: string
  name: { es: string; en: string }
}

/**
 * Draws and seals what no person signs: the platform's receipt, constancia, certificate of a silence that grants; an institution's decision by rule,
 * dismissal, certificate of a silence that refuses, under its own seal where it has one. Not stored yet; never inside a transaction.
 * @param by the institution whose act it is; the platform where absent
 */
export async function sealDocument(
  parts: Pick<DocumentsParts, 'renderer' | 'seal' | 'sealOf' | 'platformName'>,
  given: OfficialDocument,
  at: Date,
  by?: IssuingInstitution,
): Promise<SealedDocument> {
  const code = newCode()
  const seal = by ? parts.sealOf(by.id) : parts.seal
  const own = by && seal.holder === by.id
  const name = own ? by.name.es : parts.platformName
  // Under an institution's seal the data say whose act it is: nobody else's seal will do.
  const document = own ? { ...given, data: { ...(given.data as object), institution: by.id } } : given
  const field = sealField(seal, { name, reason: document.title, at })
  const prepared = await parts.renderer.draw(document, code, at, field)
  return { id: newId(), code, bytes: await sealPdf(seal, prepared, document.kind), document, at }
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
