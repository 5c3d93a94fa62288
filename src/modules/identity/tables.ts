import type { Queries } from '#kernel/database.ts'
import type { Role } from './role.ts'
import type { SessionWarning } from './session.ts'

/** This module's tables, as its SQL migrations make them; `store` files are the only ones that use them. */
export type IdentityTables = {
  'identity.account': {
    id: string
    kind: 'person' | 'company'
    rfc: string | null
    curp: string | null
    name: string | null
    created_at: Date
  }
  'identity.account_key': { key: string; account_id: string }
  'identity.certificate': {
    account_id: string
    sha256: Buffer
    person_id: string
    serial: string
    der: Buffer
    not_after: Date
    first_seen_at: Date
  }
  'identity.challenge': { id: string; text: string; expires_at: Date; spent_at: Date | null }
  'identity.attempt': { key: Buffer; window_start: Date; count: number }
  'identity.session': {
    token_hash: Buffer
    id: string
    account_id: string
    person_id: string
    certificate_sha256: Buffer
    warnings: SessionWarning[]
    evidence_sha256: Buffer | null
    started_at: Date
    last_seen_at: Date
    ended_at: Date | null
  }
  'identity.revocation_answer': {
    sha256: Buffer
    issuer: Buffer
    kind: 'crl' | 'ocsp'
    serial: string | null
    answer: Buffer
    fetched_at: Date
  }
  'identity.contact_email': {
    account_id: string
    confirmed_address: string | null
    confirmed_at: Date | null
    pending_address: string | null
    code_hash: Buffer | null
    code_sent_at: Date | null
    wrong_codes: number
  }
  'identity.privacy_acceptance': { account_id: string; person_id: string; version: string; accepted_at: Date }
  'identity.role_grant': {
    account_id: string
    id: string
    institution: string
    role: Role
    granted_at: Date
    granted_by: string | null
    grant_document: string | null
    withdrawn_at: Date | null
    withdrawn_by: string | null
    withdraw_document: string | null
  }
}

export const tables = (queries: Queries) => queries.withTables<IdentityTables>()
