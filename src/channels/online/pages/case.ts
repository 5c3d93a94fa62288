import { say } from '#kernel/texts.ts'
import type { readableDocuments } from '#modules/cases/index.ts'
import {
  actTexts,
  type CaseRecord,
  isOpen,
  type listLooks,
  type listSteps,
  movesFrom,
  type OnlineFicha,
  type Prevention,
} from '#modules/cases/index.ts'
import { answerRows } from '#modules/catalogue/index.ts'
import type { Attachment } from '#modules/documents/index.ts'
import type { ContactEmail } from '#modules/identity/index.ts'
import {
  backLink,
  banner,
  body,
  bullets,
  button,
  details,
  errorSummary,
  type FieldFault,
  fileInput,
  form,
  heading,
  inset,
  link,
  mono,
  small,
  summaryList,
  textArea,
  timeline,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showBytes, showDay, showInstant } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type CaseTextKey, caseTexts } from '../case-texts.ts'
import { statusTag } from './cases.ts'

export interface CaseData {
  record: CaseRecord
  ficha: OnlineFicha
  institution: string
  steps: Awaited<ReturnType<typeof listSteps>>
  looks: Awaited<ReturnType<typeof listLooks>>
  documents: Awaited<ReturnType<typeof readableDocuments>>
  preventions: Prevention[]
  /** A rule decided, and a human has not been asked. */
  mayAskReview: boolean
  contact: ContactEmail | null
  /** A notice about it is in the mailbox, not opened. */
  waiting: boolean
  /** Notices that were signed for: only then their words are shown here too. */
  openedNotices: ReadonlySet<string>
  /** Attached to the answer that is being written. */
  answerFiles: Attachment[]
  /** Bytes. */
  largestFile: number
  faults: FieldFault[]
  typed: string
}

type Say = (key: CaseTextKey, facts?: Record<string, string | number>) => string

/** One case: what happened, who did it and when, who looked, and what the person can do now. */
export function casePage(context: PageContext, data: CaseData): Page {
  const { language } = context
  const { record, ficha, institution, faults } = data
  const t: Say = (key, facts = {}) => say(caseTexts, key, language, facts)
  const { folio } = record
  // A request that waits says itself where to go: one banner is enough.
  const asked = data.preventions.some(({ answered_at }) => !answered_at)
  return {
    title: `${ficha.plainName[language]} ${folio}`,
    failed: faults.length > 0,
    before: backLink(language, '/solicitudes'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${errorSummary(language, faults)}
<span class="govuk-caption-l">${institution}</span>${heading(ficha.plainName[language])}
${data.waiting && !asked && banner(language, html`<p class="govuk-body">${t('mailbox.notice')} ${link('/buzon', t('mailbox.go'))}</p>`)}
${summaryList([
  { key: t('folio'), value: mono(folio) },
  { key: t('status'), value: statusTag(record.status, language) },
  { key: t('sent'), value: showInstant(record.submittedAt, context) },
  ...(record.closedAt
    ? []
    : [{ key: t('due'), value: record.status === 'waiting' ? t('due.stopped') : showDay(record.term.due, context) }]),
  { key: t('notices'), value: noticesPart(context, record, t) },
  ...(record.notices.email === null ? [] : [{ key: t('mail'), value: mailPart(data, t) }]),
])}
${data.preventions.filter(({ answered_at }) => !answered_at).map((each) => preventionPart(context, data, each, t))}
${record.status === 'silent-refused' && tacitPart(context, data, t)}
${data.mayAskReview && reviewPart(context, record, t)}
${heading(t('documents'), 'm', 2)}${bullets(data.documents.map(({ id, title, createdAt }) => html`${link(`/solicitudes/${record.folio}/documento/${id}`, `${title} (PDF)`)} <span class="vn-quiet">${showInstant(createdAt, context)}</span>`))}
<p class="govuk-body">${link(`/solicitudes/${record.folio}/expediente.asice`, t('file'))}<br><span class="vn-quiet">${t('file.hint')}</span></p>
${heading(t('history'), 'm', 2)}${history(context, data, t)}
${details(
  t('data.title'),
  summaryList(
    answerRows(ficha.online, record.data, language)
      .filter(({ value }) => value)
      .map(({ label, value }) => ({ key: label, value })),
  ),
)}
${details(t('term'), termPart(context, record, t))}
${heading(t('looks'), 'm', 2)}${looksPart(context, data, t)}
${movesFrom(record.status, 'person').includes('withdraw') && withdrawPart(context, record, t)}
</div></div>`,
  }
}

/** An address whose code did not come back gets nothing else: whoever waits for a mail must know. */
function mailPart({ record, contact }: CaseData, t: Say): Html {
  if (contact?.confirmed) return html`${contact.address}`
  return html`${record.notices.email}. ${t('mail.unconfirmed')} ${link('/cuenta/correo', t('mail.confirm'))}`
}

function history(context: PageContext, { steps }: CaseData, t: Say): Html {
  return timeline(
    steps.map(({ at, act, by_kind, by_name, facts }) => ({
      title: say(actTexts, act, context.language, textFacts(facts)),
      when: showInstant(at, context),
      by: by_kind === 'servant' ? (by_name ?? '') : t(`by.${by_kind}` as CaseTextKey),
    })),
  )
}

const textFacts = (facts: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)]))

function looksPart(context: PageContext, { looks, institution }: CaseData, t: Say): Html {
  if (looks.length === 0) return body(t('looks.none'))
  return bullets(
    looks.map(
      ({ at, by_name, purpose }) =>
        html`${t('looks.line', { name: by_name, institution, purpose })} <span class="vn-quiet">${showInstant(at, context)}</span>`,
    ),
  )
}

function termPart(context: PageContext, { term }: CaseRecord, t: Say): Html {
  return html`${body(t('term.rule', { rule: term.rule, regime: term.regime, version: term.calendarVersion }))}
${term.days.length === 0 ? body(t('term.months', { from: showDay(term.from, context), due: showDay(term.due, context) })) : html`<p class="govuk-body">${t('term.days')} (${term.days.length}): ${term.days.map((day) => showDay(day, context)).join(' · ')}</p>`}`
}

/** Consent is seen, and taken back for what comes later (LFEA 11). */
function noticesPart(context: PageContext, { folio, notices, status }: CaseRecord, t: Say): Html {
  if (!notices.electronic) return html`${t('notices.in-person')}`
  const stop =
    isOpen(status) &&
    form(
      context.csrf,
      `/solicitudes/${folio}/consentimiento`,
      html`<button class="vn-link-button" type="submit">${t('notices.withdraw')}</button>`,
    )
  return html`${t('notices.electronic')}${stop}`
}

function reviewPart(context: PageContext, { folio }: CaseRecord, t: Say): Html {
  return details(
    t('review.title'),
    html`${body(t('review.body'))}${form(context.csrf, `/solicitudes/${folio}/revision`, button({ label: t('review.go'), kind: 'secondary' }))}`,
  )
}

function preventionPart(context: PageContext, data: CaseData, prevention: Prevention, t: Say): Html {
  const opened = !prevention.binding || prevention.answer_due_at
  const when = prevention.binding
    ? prevention.answer_due_at
      ? t('prevention.due', { day: showDay(new Date(prevention.answer_due_at.getTime() - 1), context) })
      : t(prevention.notice_id === null ? 'prevention.in-person-first' : 'prevention.open-first')
    : t('prevention.voluntary')
  return banner(
    context.language,
    html`<h3 class="govuk-heading-m">${t('prevention.title')}</h3>${body(when)}${prevention.answer_term && small(`${t('term.days')}: ${prevention.answer_term.days.map((day) => showDay(day, context)).join(' · ')}`)}${data.waiting && body(link('/buzon', t('mailbox.go')))}${opened && answerPart(context, data, prevention, t)}`,
  )
}

/** Files first, because a page that sends a file cannot also keep what was typed below it. */
function answerPart(
  { language, csrf }: PageContext,
  { record, typed, faults, answerFiles, largestFile, openedNotices }: CaseData,
  prevention: Prevention,
  t: Say,
): Html {
  const errorAt = (field: string) => {
    const error = faults.find((fault) => fault.field === field)?.message
    return error ? { error } : {}
  }
  const path = `/solicitudes/${record.folio}/respuesta`
  const files = answerFiles.map(({ id, name, bytes }) => ({
    key: name,
    value: html`${showBytes(bytes, language)} ${form(csrf, `${path}/archivo`, html`<input type="hidden" name="archivo" value="${id}"><button class="vn-link-button" type="submit">${t('prevention.remove')}<span class="govuk-visually-hidden"> ${name}</span></button>`)}`,
  }))
  const upload = form(
    csrf,
    `${path}/archivo`,
    html`${fileInput(language, { name: 'archivo', label: t('prevention.file'), hint: t('prevention.file.hint', { limit: Math.floor(largestFile / 1_048_576) }), accept: '.pdf,.jpg,.jpeg,.png', ...errorAt('archivo') })}${button({ label: t('prevention.attach'), kind: 'secondary' })}`,
    { files: true },
  )
  const answer = form(
    csrf,
    path,
    html`${textArea(language, { name: 'respuesta', label: t('prevention.answer'), value: typed, ...errorAt('respuesta') })}${button({ label: t('prevention.prepare') })}`,
  )
  const read = prevention.notice_id === null || openedNotices.has(prevention.notice_id)
  return html`${read ? inset(prevention.asked) : body(t('prevention.read-first'))}${files.length > 0 && summaryList(files)}${upload}${answer}`
}

function tacitPart(context: PageContext, { record, steps }: CaseData, t: Say): Html {
  const asked = steps.some(({ act }) => act === 'tacit-certificate-asked')
  return html`${heading(t('tacit.title'), 'm', 2)}${body(t('tacit.body'))}${!asked && form(context.csrf, `/solicitudes/${record.folio}/constancia`, button({ label: t('tacit.go') }))}`
}

function withdrawPart(context: PageContext, { folio }: CaseRecord, t: Say): Html {
  return details(
    t('withdraw.title'),
    html`${body(t('withdraw.body'))}${form(context.csrf, `/solicitudes/${folio}/desistimiento`, button({ label: t('withdraw.go'), kind: 'warning' }))}`,
  )
}
