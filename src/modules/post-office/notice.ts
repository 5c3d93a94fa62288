import type { Text } from '#kernel/texts.ts'

/** How a notice came to be served. By hand: a personal notice, by the institution (LFPA 35). */
export type ServedBy = 'consultation' | 'opening' | 'lapse' | 'by-hand'

export type NoticeKind = 'decision' | 'prevention' | 'tacit-certificate' | 'dismissal' | 'information'

/** What a notice must carry besides the act itself (LFPA 39): refused without it. */
export interface Particulars {
  legalBasis: Text
  final: boolean
  appeal: { name: Text; before: Text; days: number; legalBasis: Text } | null
}

/** What happens if nobody opens it, as computed when it was posted, and shown to the person before they decide. */
export interface Lapse {
  days: string[]
  /** ISO 8601 with offset: the first instant of the day on which it counts as served; null where the rule knows no lapse. */
  servedAt: string | null
  effectAt: string | null
  calendarVersion: string
  /** The outages on record that moved it. */
  outages?: Array<{ from: string; to: string }>
}

export interface Notice {
  ownerId: string
  id: string
  institution: string
  sender: Text
  /** As the certificate said when they applied; null on notices older than this. */
  recipient: string | null
  subject: Text
  kind: NoticeKind
  caseId: string | null
  folio: string | null
  rule: { id: string; version: string }
  actDocumentId: string
  particulars: Particulars
  postedAt: Date
  status: 'deposited' | 'served'
  lapse: Lapse
  servedAt: Date | null
  servedBy: ServedBy | null
  effectAt: Date | null
  announcedAt: Date | null
  unreachable: boolean
  openedAt: Date | null
  openingDocumentId: string | null
  constanciaDocumentId: string | null
}

/** Evidence events, named as in ETSI EN 319 522-1 (clause in brackets). */
export type EvidenceEvent =
  | 'SubmissionAcceptance' // A.1
  | 'ConsignmentNotification' // B: the aviso left
  | 'ConsignmentNotificationFailure'
  | 'ContentConsignment' // D.1: in the mailbox
  | 'ContentConsignmentFailure' // D.2: the person was kept out of it (LFEA 11-III)
  | 'NotificationAccessTracking' // the board was consulted
  | 'ContentHandover' // E.1: opened and signed for
  | 'AcceptanceRejectionExpiry' // C.5: the lapse
