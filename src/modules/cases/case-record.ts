import type { Language } from '#kernel/texts.ts'
import type { Channel } from './draft.ts'
import type { AttachmentKept } from './tables.ts'

export type CaseStatus =
  | 'draft'
  | 'awaiting-payment'
  | 'submitted'
  | 'in-review'
  | 'waiting'
  | 'dismissed'
  | 'granted'
  | 'granted-in-part'
  | 'refused'
  | 'silent-granted'
  | 'silent-refused'
  | 'withdrawn'
  | 'appealed'
  | 'annulled'

/** What happened, as the citizen reads it in the history. */
export type ActKind =
  | 'submitted'
  | 'receipt-issued'
  | 'assigned'
  | 'prevention-posted'
  | 'information-asked'
  | 'prevention-answered'
  | 'prevention-lapsed'
  | 'consulted'
  | 'consultation-answered'
  | 'decision-drafted'
  | 'decision-signed'
  | 'decided-by-rule'
  | 'silence'
  | 'tacit-certificate-issued'
  | 'tacit-certificate-asked'
  | 'notified-in-person'
  | 'withdrawn'
  | 'kept-out-reported'
  | 'consent-withdrawn'
  | 'review-asked'
  | 'appealed'

/** As the certificate said on the day of signing. */
export interface Applicant {
  name: string
  rfc: string | null
  curp: string | null
  /** For a company: who signed for it. */
  representative: { name: string | null; rfc: string | null; curp: string | null } | null
}

/** Express consent to be notified electronically (LFEA 11), as signed in the application. */
export interface Consent {
  electronic: boolean
  email: string | null
}

/** A term as it was computed, so that anyone can count it again day by day. */
export interface TermKept {
  rule: string
  regime: string
  calendarVersion: string
  from: string
  days: string[]
  due: string
  /** ISO 8601 of the first instant after the last day. */
  dueAt: string
  /** There is an answer already, and a human reviews it: nothing follows from silence. */
  withoutSilence?: true
  /** Why it differs from the first computation. */
  moved?: { because: 'prevention'; stoppedAt: string; resumedOn: string | null; daysLeft: number }
}

export interface CaseRecord {
  ownerId: string
  id: string
  folio: string
  serviceId: string
  serviceVersion: string
  institution: string
  status: CaseStatus
  revision: number
  language: Language
  channel: Channel
  applicant: Applicant
  signedBy: string
  data: Record<string, unknown>
  attachments: AttachmentKept[]
  notices: Consent
  submittedAt: Date
  receivedAt: Date
  term: TermKept
  dueAt: Date
  closedAt: Date | null
  applicationId: string
  receiptId: string | null
  logEntry: string
  linkedCase: string | null
}

export const isOpen = (status: CaseStatus): boolean => !closedStatuses.includes(status)

/** The institution's term has passed and nothing came. While the person has to answer it stands still (LFPA 17-A). */
export function isOverdue(status: CaseStatus, dueAt: Date, now: Date): boolean {
  return isOpen(status) && status !== 'waiting' && dueAt <= now
}

export const closedStatuses: readonly CaseStatus[] = [
  'dismissed',
  'granted',
  'granted-in-part',
  'refused',
  'silent-granted',
  'withdrawn',
  'appealed',
  'annulled',
]
