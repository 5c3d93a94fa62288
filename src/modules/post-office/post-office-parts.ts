import type { Clock } from '#kernel/clock.ts'
import type { Database, Queries, Trx } from '#kernel/database.ts'
import type { JobSender } from '#kernel/jobs.ts'
import type { Calendars } from '#modules/calendars/index.ts'
import type { DocumentsParts } from '#modules/documents/index.ts'
import type { CertificateJudge, ContactEmail } from '#modules/identity/index.ts'
import type { NoticeRules } from './notice-rules.ts'

export interface PostOfficeParts {
  db: Database
  clock: Clock
  jobs: JobSender
  rules: NoticeRules
  calendars: Calendars
  documents: DocumentsParts
  certificates: CertificateJudge
  log: {
    append(
      trx: Trx,
      act: { act: string; at: Date; institution?: string; service?: string; record: Record<string, unknown> },
    ): Promise<{ entryId: string }>
  }
  /** The address the person confirmed; never the one in a certificate. */
  contactEmail(queries: Queries, accountId: string): Promise<ContactEmail | null>
  /** Origin of the shop, for the link in an aviso. */
  publicUrl: string
  /** The institution that runs the platform, as its constancias are headed. */
  operator: { es: string; en: string }
}

export const noticeQueues = {
  lapse: 'post-office-lapse',
  constancia: 'post-office-constancia',
  /** Told to whoever posted it: the notice of a case was served. */
  served: 'cases-notice-served',
  /** Told to whoever posted it: the person was kept out, and it is to be served by another means. */
  reported: 'cases-notice-reported',
} as const
