import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { fill, type Language, type Text } from '#kernel/texts.ts'
import { withOffset } from '#modules/calendars/index.ts'
import type { PostOfficeCode } from './errors.ts'
import type { Lapse, Notice, NoticeKind, Particulars } from './notice.ts'
import { noticeDates } from './notice-dates.ts'
import type { NoticeRule } from './notice-rules.ts'
import { noticeQueues, type PostOfficeParts } from './post-office-parts.ts'
import { queueMail } from './send-mail.ts'
import { insertEvent, insertNotice, updateNotice } from './store.ts'
import { avisoTexts } from './texts.ts'

export interface DepositNotice {
  ownerId: string
  institution: string
  service?: string
  sender: Text
  subject: Text
  kind: NoticeKind
  caseId: string | null
  folio: string | null
  rule: string
  matter: 'administrative' | 'fiscal'
  /** The person's express consent, where the rule asks for it. */
  consent: boolean
  actDocumentId: string
  actSha256: string
  particulars: Particulars
  language: Language
}

/**
 * Puts an act into the mailbox, in the transaction that decided it, with its rule stamped and its dates computed.
 * @throws Refusal `consent-missing` (LFEA 11), `rule-not-for-this`, `notice-without-particulars` (LFPA 39)
 */
export async function depositNotice(parts: PostOfficeParts, trx: Trx, input: DepositNotice): Promise<Notice> {
  const rule = parts.rules.get(input.rule)
  if (!rule?.matters.includes(input.matter) || rule.trigger === 'delivery')
    throw new Refusal<PostOfficeCode>('rule-not-for-this', {}, 422)
  if (rule.consent === 'express' && !input.consent) throw new Refusal<PostOfficeCode>('consent-missing', {}, 409)
  if (!input.particulars.legalBasis.es.trim() || (!input.particulars.final && !input.particulars.appeal))
    throw new Refusal<PostOfficeCode>('notice-without-particulars', {}, 422)
  const postedAt = parts.clock.now()
  const lapse = lapseIfUnopened(parts, rule, postedAt, input.institution)
  const notice: Notice = {
    ownerId: input.ownerId,
    id: newId(),
    institution: input.institution,
    sender: input.sender,
    subject: input.subject,
    kind: input.kind,
    caseId: input.caseId,
    folio: input.folio,
    rule: { id: rule.id, version: rule.version },
    actDocumentId: input.actDocumentId,
    particulars: input.particulars,
    postedAt,
    status: 'deposited',
    lapse,
    servedAt: null,
    servedBy: null,
    effectAt: null,
    announcedAt: null,
    unreachable: false,
    openedAt: null,
    openingDocumentId: null,
    constanciaDocumentId: null,
  }
  const lapseAt = lapse.servedAt ? new Date(lapse.servedAt) : null
  await insertNotice(trx, notice, lapseAt)
  const { entryId } = await parts.log.append(trx, {
    act: 'notice.deposited',
    at: postedAt,
    institution: input.institution,
    ...(input.service && { service: input.service }),
    record: {
      notice: notice.id,
      rule: notice.rule,
      act: input.actSha256,
      at: postedAt.toISOString(),
      lapse: lapse.servedAt,
    },
  })
  await insertEvent(trx, notice, { at: postedAt, event: 'SubmissionAcceptance', facts: {}, logEntry: null })
  await insertEvent(trx, notice, {
    at: postedAt,
    event: 'ContentConsignment',
    facts: { act: input.actSha256 },
    logEntry: entryId,
  })
  if (lapseAt)
    await parts.jobs.at(trx, {
      queue: noticeQueues.lapse,
      key: `lapse ${notice.id}`,
      dueAt: lapseAt,
      data: { ownerId: notice.ownerId, noticeId: notice.id },
    })
  await announce(parts, trx, notice, rule, input.language)
  return notice
}

function lapseIfUnopened(parts: PostOfficeParts, rule: NoticeRule, at: Date, institution: string): Lapse {
  const calendar = parts.calendars.get(rule.calendar)!
  const dates = noticeDates(rule, calendar, { at, institution })
  const show = (instant: Date | null) => (instant ? withOffset(instant, rule.zone) : null)
  return {
    days: dates.days,
    servedAt: show(dates.servedAt),
    effectAt: show(dates.effectAt),
    calendarVersion: calendar.version,
  }
}

/** Tells, by e-mail, that there is something, from whom and by when. Without a working address the sender is told now, not after the lapse. */
async function announce(
  parts: PostOfficeParts,
  trx: Trx,
  notice: Notice,
  rule: NoticeRule,
  language: Language,
): Promise<void> {
  const contact = await parts.contactEmail(trx, notice.ownerId)
  if (!contact?.confirmed) {
    await updateNotice(trx, notice, { unreachable: true })
    await insertEvent(trx, notice, {
      at: notice.postedAt,
      event: 'ConsignmentNotificationFailure',
      facts: { because: 'no confirmed address' },
      logEntry: null,
    })
    return
  }
  const day = new Intl.DateTimeFormat(language === 'es' ? 'es-MX' : 'en', { dateStyle: 'long', timeZone: rule.zone })
  const lapse = notice.lapse.servedAt ? new Date(notice.lapse.servedAt) : undefined
  const facts = {
    sender: notice.sender[language],
    link: `${parts.publicUrl}/buzon`,
    lapse: lapse ? day.format(lapse) : '',
    // The last whole day before it counts as served.
    limit: lapse ? day.format(new Date(lapse.getTime() - 1)) : '',
  }
  await queueMail(trx, parts.jobs, notice.postedAt, {
    ownerId: notice.ownerId,
    noticeId: notice.id,
    kind: 'aviso',
    address: contact.address,
    subject: avisoTexts['aviso.subject'][language],
    body: fill(avisoTexts[lapse ? 'aviso.body' : 'aviso.body-without-limit'][language], facts),
  })
}
