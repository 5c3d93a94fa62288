import type { KeyObject } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { Database, Trx } from '#kernel/database.ts'
import type { JobSender } from '#kernel/jobs.ts'
import { type Calendar, type Calendars, wallClock } from '#modules/calendars/index.ts'
import type { Catalogue, Ficha, Online } from '#modules/catalogue/index.ts'
import type { DocumentsParts } from '#modules/documents/index.ts'
import type { CertificateJudge } from '#modules/identity/index.ts'
import type { PostOfficeParts } from '#modules/post-office/index.ts'
import type { TermRule } from './terms.ts'

/** What proves an act's entry, for the document that carries it. */
export interface LogEvidence {
  proof: string
  salt: string
  record: string
  entry: string
}

/** The public log as the modules above it use it. */
export interface LogSeam {
  append(
    trx: Trx,
    act: { act: string; at: Date; institution?: string; service?: string; record: Record<string, unknown> },
  ): Promise<{ entryId: string }>
  /** What proves an entry's inclusion to anyone, offline; undefined while it has no place yet. */
  proofFor(entryId: string): Promise<LogEvidence | undefined>
}

export interface CaseLimits {
  attachmentBytes: number
  applicationBytes: number
  submissionsPerDay: number
}

/** What the use-cases need; made once, in the composition root. */
export interface CaseParts {
  db: Database
  clock: Clock
  jobs: JobSender
  log: LogSeam
  catalogue: Catalogue
  calendars: Calendars
  certificates: CertificateJudge
  documents: DocumentsParts
  postOffice: PostOfficeParts
  /** Of the bank that confirms payments. */
  bankKey: KeyObject
  limits: CaseLimits
}

/** A ficha that can be asked for wholly online. */
export type OnlineFicha = Ficha & { online: Online }

/** The ficha a draft or case began with; published versions never go away, so a missing one is a fault. */
export async function fichaOf(
  parts: Pick<CaseParts, 'catalogue'>,
  serviceId: string,
  version: string,
): Promise<OnlineFicha> {
  const ficha = await parts.catalogue.version(serviceId, version)
  if (!ficha?.online) throw new Error(`version ${version} of ${serviceId} is not there`)
  return ficha as OnlineFicha
}

export function calendarOf(parts: Pick<CaseParts, 'calendars'>, ficha: OnlineFicha): Calendar {
  const calendar = parts.calendars.get(ficha.online.calendar)
  if (!calendar) throw new Error(`calendar ${ficha.online.calendar} is not there`)
  return calendar
}

/** The term of the service's own law, or the general one of the pack. */
export function termRuleOf({ catalogue }: Pick<CaseParts, 'catalogue'>, { term }: OnlineFicha): TermRule {
  const { value, unit, rule } = term ?? catalogue.settings.generalTerm
  return { value, unit: unit as TermRule['unit'], rule }
}

/** The day it is where the term counts. */
export const todayIn = (parts: Pick<CaseParts, 'clock' | 'calendars'>, ficha: OnlineFicha): string =>
  wallClock(parts.clock.now(), calendarOf(parts, ficha).zone).day

export const queues = {
  receipt: 'cases-receipt',
  silence: 'cases-silence',
  decideByRule: 'cases-decide-by-rule',
  certificate: 'cases-certificate',
  preventionDue: 'cases-prevention-due',
  served: 'cases-notice-served',
  reported: 'cases-notice-reported',
  sweep: 'cases-sweep',
  paymentExpiry: 'cases-payment-expiry',
} as const
