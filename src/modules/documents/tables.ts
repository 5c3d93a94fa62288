import type { Queries } from '#kernel/database.ts'
import type { DocumentKind } from './official-document.ts'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type DocumentTables = {
  'documents.document': {
    owner_id: string
    id: string
    kind: DocumentKind
    case_id: string | null
    title: string
    sha256: Buffer
    bytes: Buffer
    code: string
    created_at: Date
  }
  'documents.to_preserve': { owner_id: string; document_id: string }
  'documents.code': { code: string; owner_id: string; document_id: string }
  'documents.preparation': {
    owner_id: string
    id: string
    subject_id: string
    kind: DocumentKind
    case_id: string | null
    title: string
    code: string
    signer_id: string
    pdf: Buffer
    byte_range: number[]
    /** SHA-256 over the byte range; none where it was signed before digests were kept. */
    digest: Buffer | null
    signing_time: Date
    context: unknown
    expires_at: Date
    document_id: string | null
  }
  'documents.attachment': {
    owner_id: string
    id: string
    subject_id: string
    field: string
    name: string
    type: string
    sha256: Buffer
    bytes: Buffer
    size: number
    created_at: Date
  }
}

export const tables = (queries: Queries) => queries.withTables<DocumentTables>()
