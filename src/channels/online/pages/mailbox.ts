import { say } from '#kernel/texts.ts'
import type { Notice, NoticeEvent, NoticeRule } from '#modules/post-office/index.ts'
import {
  backLink,
  body,
  button,
  buttonGroup,
  details,
  empty,
  form,
  heading,
  inset,
  lead,
  link,
  mono,
  pagination,
  type SummaryRow,
  small,
  summaryList,
  table,
  tag,
  timeline,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay, showInstant } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type MailboxTextKey, mailboxTexts } from '../mailbox-texts.ts'

const textsOf =
  ({ language }: PageContext) =>
  (key: MailboxTextKey, facts: Record<string, string | number> = {}) =>
    say(mailboxTexts, key, language, facts)

/** Seeing the list is an act with effects: the person is told before, and does it by a form of their own. */
export function consultPage(context: PageContext, count: number): Page {
  const t = textsOf(context)
  return {
    title: t('consult.title'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(t('consult.title'))}
${lead(count === 1 ? t('consult.body.1') : t('consult.body', { count }))}${inset(t('consult.later'))}
${form(context.csrf, '/buzon/consultar', buttonGroup(button({ label: t('consult.go') }), link('/solicitudes', t('consult.not-now'))))}</div></div>`,
  }
}

export interface MailboxData {
  notices: Notice[]
  page: number
  more: boolean
}

export function mailboxPage(context: PageContext, { notices, page, more }: MailboxData): Page {
  const t = textsOf(context)
  const { language } = context
  const list =
    notices.length === 0
      ? empty(t('none'), body(t('none.body')))
      : table({
          caption: t('title'),
          quietCaption: true,
          head: [t('subject'), t('from'), t('posted'), t('status')],
          rows: notices.map((notice) => [
            link(`/buzon/${notice.id}`, notice.subject[language]),
            notice.sender[language],
            showDay(notice.postedAt, context),
            notice.openedAt
              ? tag(t('status.opened'), 'green')
              : notice.servedBy === 'lapse'
                ? tag(t('status.lapsed'), 'orange')
                : tag(t('status.closed'), 'yellow'),
          ]),
        })
  return {
    title: t('title'),
    wide: true,
    body: html`${heading(t('title'))}${list}${pagination(language, { previous: page > 1 ? `/buzon?pagina=${page - 1}` : undefined, next: more ? `/buzon?pagina=${page + 1}` : undefined })}`,
  }
}

export interface NoticeData {
  notice: Notice
  rule: NoticeRule
  events: NoticeEvent[]
  /** The last day to appeal, once it is known. */
  appealBy: string | null
  /** It lapsed, and there is still time to say that the fault was the authority's. */
  mayReport: boolean
}

export function noticePage(context: PageContext, { notice, rule, events, appealBy, mayReport }: NoticeData): Page {
  const t = textsOf(context)
  const { language } = context
  const { particulars } = notice
  const reported = events.some(({ event }) => event === 'ContentConsignmentFailure')
  const rows: Array<SummaryRow | false> = [
    { key: t('from'), value: notice.sender[language] },
    notice.folio !== null && {
      key: t('folio'),
      value: html`<a class="govuk-link vn-mono" href="/solicitudes/${notice.folio}">${notice.folio}</a>`,
    },
    { key: t('posted'), value: showInstant(notice.postedAt, context) },
    notice.servedAt !== null && {
      key: t('served'),
      value: t(`served.${notice.servedBy!}`, { day: showDay(notice.servedAt, context) }),
    },
    notice.effectAt !== null && !reported && { key: t('effect'), value: showDay(notice.effectAt, context) },
    { key: t('rule'), value: rule.law[language] },
  ]
  const files = html`<ul class="govuk-list">
<li>${link(`/buzon/${notice.id}/acto`, t('act'))}</li>
${notice.openingDocumentId && html`<li>${link(`/buzon/${notice.id}/acuse`, t('receipt'))}</li>`}
${notice.constanciaDocumentId && html`<li>${link(`/buzon/${notice.id}/constancia`, t('constancia'))}</li>`}</ul>`
  const appeal = particulars.appeal
    ? body(
        t('appeal.text', {
          name: particulars.appeal.name[language],
          before: particulars.appeal.before[language],
          days: particulars.appeal.days,
          basis: particulars.appeal.legalBasis[language],
        }),
      )
    : body(t('final'))
  const report =
    mayReport &&
    !reported &&
    details(
      t('report.title'),
      html`${body(t('report.body'))}${form(context.csrf, `/buzon/${notice.id}/impedimento`, button({ label: t('report.go'), kind: 'secondary' }))}`,
    )
  const closed = html`${reported && inset(t('report.done'))}${!notice.servedAt && notice.lapse.servedAt && inset(t('open.lapse', { day: showDay(notice.lapse.servedAt, context) }))}
${body(t('open.body'))}${form(context.csrf, `/buzon/${notice.id}/abrir`, button({ label: t('open.prepare') }))}${report}`
  return {
    title: notice.subject[language],
    before: backLink(language, '/buzon'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(notice.subject[language])}
${summaryList(rows.filter((row) => row !== false))}
${notice.openedAt ? html`${files}${!particulars.final && html`${heading(t('appeal'), 'm', 2)}${appeal}${appealBy && !reported && body(t('appeal.by', { day: showDay(appealBy, context) }))}`}` : closed}
${heading(t('evidence'), 'm', 2)}${timeline(events.map(({ at, event }) => ({ title: t(`event.${event}` as MailboxTextKey), when: showInstant(at, context) })))}
${small(html`${t('number')}: ${mono(notice.id)}`)}</div></div>`,
  }
}
