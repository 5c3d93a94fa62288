import type { Queries } from '#kernel/database.ts'
import type { Text } from '#kernel/texts.ts'
import type { Lapse, Particulars, ServedBy } from './notice.ts'

type Json<T> = T & {}

/** This module's tables, as its SQL migrations make them; nobody else reads them. JSON columns are written as text. */
export type PostOfficeTables = {
  'post_office.notice': {
    owner_id: string
    id: string
    institution: string
    sender: Json<Text>
    recipient: string | null
    subject: Json<Text>
    kind: string
    case_id: string | null
    folio: string | null
    rule_id: string
    rule_version: string
    act_document_id: string
    particulars: Json<Particulars>
    posted_at: Date
    status: 'deposited' | 'served'
    lapse: Json<Lapse>
    lapse_at: Date | null
    served_at: Date | null
    served_by: ServedBy | null
    effect_at: Date | null
    announced_at: Date | null
    unreachable: boolean
    opened_at: Date | null
    opened_by: string | null
    opening_document_id: string | null
    constancia_document_id: string | null
  }
  'post_office.event': {
    owner_id: string
    notice_id: string
    seq: number
    at: Date
    event: string
    facts: Record<string, unknown>
    log_entry: string | null
  }
  'post_office.mail': {
    owner_id: string
    id: string
    notice_id: string | null
    kind: string
    address: string
    subject: string
    body: string
    created_at: Date
    sent_at: Date | null
    failed_at: Date | null
    failure: string | null
    attempts: number
  }
  'post_office.outage': { id: string; from_at: Date; to_at: Date; cause: string }
}

export const tables = (queries: Queries) => queries.withTables<PostOfficeTables>()
export type NoticeRow = PostOfficeTables['post_office.notice']
