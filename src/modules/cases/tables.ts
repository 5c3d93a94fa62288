import type { Queries } from '#kernel/database.ts'
import type { Language } from '#kernel/texts.ts'
import type { ActKind, Applicant, CaseStatus, Consent, TermKept } from './case-record.ts'
import type { Channel, Draft } from './draft.ts'
import type { PaymentStatus } from './payment.ts'

type Json = Record<string, unknown>

/** This module's tables, as its SQL migrations make them; nobody else reads them. JSON columns are written as text. */
export type CaseTables = {
  'cases.draft': {
    owner_id: string
    id: string
    anonymous: boolean
    service_id: string
    service_version: string
    language: Language
    channel: Channel
    answers: Json
    changed: Record<string, number>
    revision: number
    objections: Record<string, string>
    linked_case: string | null
    status: Draft['status']
    case_id: string | null
    created_at: Date
    changed_at: Date
    expires_at: Date
  }
  'cases.draft_event': {
    owner_id: string
    draft_id: string
    revision: number
    at: Date
    channel: Channel
    page: string
    answers: unknown
    conflict: boolean
  }
  'cases.held_answer': {
    owner_id: string
    draft_id: string
    question: string
    posted: Json
    based_on: number
    held_at: Date
  }
  'cases.payment': {
    owner_id: string
    id: string
    draft_id: string
    reference: string
    amount_cents: number
    currency: string
    status: PaymentStatus
    created_at: Date
    expires_at: Date
    paid_at: Date | null
    bank_message: string | null
  }
  'cases.payment_reference': { reference: string; owner_id: string; payment_id: string }
  'cases.case': {
    owner_id: string
    id: string
    folio: string
    service_id: string
    service_version: string
    institution: string
    status: CaseStatus
    revision: number
    language: Language
    channel: Channel
    applicant: Applicant
    signed_by: string
    data: Json
    attachments: AttachmentKept[]
    notices: Consent
    submitted_at: Date
    received_at: Date
    term: TermKept
    due_at: Date
    closed_at: Date | null
    preparation_id: string
    application_id: string
    receipt_id: string | null
    log_entry: string
    linked_case: string | null
  }
  'cases.folio': { folio: string; owner_id: string; case_id: string }
  'cases.inbox': {
    institution: string
    case_id: string
    owner_id: string
    folio: string
    service_id: string
    status: CaseStatus
    open: boolean
    assigned_to: string | null
    assigned_name: string | null
    received_at: Date
    due_at: Date
  }
  'cases.step': {
    owner_id: string
    case_id: string
    seq: number
    at: Date
    act: ActKind
    by_kind: 'person' | 'servant' | 'clock' | 'platform'
    by_account: string | null
    by_name: string | null
    by_post: string | null
    status: CaseStatus
    document_id: string | null
    log_entry: string | null
    facts: Json
  }
  'cases.look': {
    owner_id: string
    case_id: string
    id: string
    at: Date
    by_account: string
    by_name: string
    institution: string
    purpose: string
  }
  'cases.prevention': {
    owner_id: string
    case_id: string
    id: string
    binding: boolean
    asked: string
    posted_at: Date
    document_id: string
    notice_id: string | null
    term_days: number
    answer_due_at: Date | null
    answer_term: TermKept | null
    answered_at: Date | null
    answer_document_id: string | null
    answer: string | null
  }
  'cases.consultation': {
    owner_id: string
    case_id: string
    id: string
    asked_at: Date
    asked_by: string
    asked_by_name: string
    asked_to: string
    asked_to_name: string
    question: string
    answered_at: Date | null
    answer: string | null
  }
  'cases.decision_draft': {
    owner_id: string
    case_id: string
    revision: number
    at: Date
    by_account: string
    by_name: string
    outcome: 'granted' | 'granted-in-part' | 'refused'
    reasons: string
    legal_basis: string
    fields: Json
    ready: boolean
  }
  'cases.task': {
    institution: string
    id: string
    owner_id: string
    case_id: string
    kind: 'notify-in-person'
    due_at: Date | null
    done_at: Date | null
    done_by: string | null
    facts: Json
  }
  'cases.relative': { account_id: string; curp: string; declared_at: Date }
}

export interface AttachmentKept {
  field: string
  id: string
  name: string
  type: string
  sha256: string
  bytes: number
}

export const tables = (queries: Queries) => queries.withTables<CaseTables>()
export type CaseRow = CaseTables['cases.case']
