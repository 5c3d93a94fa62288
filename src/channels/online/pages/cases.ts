import { type Language, say, type Text } from '#kernel/texts.ts'
import { type CaseRecord, type CaseStatus, type Draft, type OnlineFicha, statusTexts } from '#modules/cases/index.ts'
import {
  button,
  empty,
  heading,
  lead,
  link,
  numbered,
  panel,
  type TagColour,
  table,
  tag,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type CaseTextKey, caseTexts } from '../case-texts.ts'

const colours: Partial<Record<CaseStatus, TagColour>> = {
  submitted: 'blue',
  'in-review': 'blue',
  waiting: 'orange',
  granted: 'green',
  'granted-in-part': 'green',
  'silent-granted': 'green',
  refused: 'red',
  'silent-refused': 'red',
}

export const statusTag = (status: CaseStatus, language: Language): Html =>
  tag(say(statusTexts, status, language), colours[status] ?? 'grey')

export interface CaseLine {
  record: CaseRecord
  name: Text
}

export interface DraftLine {
  draft: Draft
  name: Text
}

export function casesPage(context: PageContext, cases: CaseLine[], drafts: DraftLine[]): Page {
  const { language } = context
  const t = (key: CaseTextKey, facts = {}) => say(caseTexts, key, language, facts)
  const draftList =
    drafts.length > 0 &&
    html`${heading(t('drafts'), 'm', 2)}<ul class="govuk-list">${drafts.map(({ draft, name }) => html`<li>${link(`/borradores/${draft.id}`, name[language])} <span class="vn-quiet">${t('draft.expires', { day: showDay(draft.expiresAt, context) })}</span></li>`)}</ul>`
  const list =
    cases.length === 0
      ? empty(t('list.none'), link('/tramites', t('list.find')))
      : table({
          caption: t('list.title'),
          quietCaption: true,
          head: [t('folio'), t('service'), t('status'), t('sent'), t('due')],
          rows: cases.map(({ record, name }) => [
            html`<a class="govuk-link vn-mono" href="/solicitudes/${record.folio}">${record.folio}</a>`,
            name[language],
            statusTag(record.status, language),
            showDay(record.submittedAt, context),
            record.closedAt ? '' : showDay(record.term.due, context),
          ]),
        })
  return { title: t('list.title'), wide: true, body: html`${heading(t('list.title'))}${list}${draftList}` }
}

export interface SentData {
  record: CaseRecord
  ficha: OnlineFicha
  institution: string
}

/** Right after signing: the folio at once, the receipt when it is sealed. */
export function sentPage(context: PageContext, { record, ficha, institution }: SentData): Page {
  const { language } = context
  const t = (key: CaseTextKey, facts = {}) => say(caseTexts, key, language, facts)
  const { folio } = record
  const receipt = record.receiptId
    ? html`${lead(t('sent.receipt'))}${button({ label: t('sent.download'), href: `/solicitudes/${record.folio}/documento/${record.receiptId}` })}`
    : html`${lead(t('sent.waiting'))}${button({ label: t('sent.reload'), kind: 'secondary', href: `/solicitudes/${record.folio}/enviada` })}`
  return {
    title: t('sent.title'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${panel(t('sent.title'), html`${t('sent.folio', { folio: '' })}<br><strong class="vn-mono">${folio}</strong>`)}
${receipt}
${heading(t('sent.next'), 'm', 2)}${numbered([
  t('sent.term', { institution, day: showDay(record.term.due, context) }),
  t(`sent.silence.${ficha.silence.effect}` as CaseTextKey),
  t(record.notices.electronic ? 'sent.mailbox' : 'sent.in-person'),
])}
<p class="govuk-body">${link(`/solicitudes/${record.folio}`, t('sent.see'))}</p></div></div>`,
  }
}
