import { say } from '#kernel/texts.ts'
import type { Applicant, Draft, OnlineFicha, Payment } from '#modules/cases/index.ts'
import { answerRows } from '#modules/catalogue/index.ts'
import type { Attachment } from '#modules/documents/index.ts'
import type { ContactEmail } from '#modules/identity/index.ts'
import {
  backLink,
  body,
  button,
  details,
  errorSummary,
  type FieldFault,
  form,
  heading,
  inset,
  lines,
  link,
  radios,
  type SummaryRow,
  small,
  summaryList,
  textArea,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay, showMoney } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type DraftTextKey, draftTexts } from '../draft-texts.ts'

export interface CheckData {
  draft: Draft
  ficha: OnlineFicha
  attachments: Attachment[]
  /** Undefined while nobody has signed in. */
  applicant: Applicant | undefined
  contactEmail: ContactEmail | null
  faults: FieldFault[]
  /** Questions still to be answered. */
  missing: ReadonlySet<string>
  payment: Payment | undefined
}

type Say = (key: DraftTextKey, facts?: Record<string, string | number>) => string

export function checkAnswersPage(context: PageContext, data: CheckData): Page {
  const { draft, ficha, faults } = data
  const t: Say = (key, facts = {}) => say(draftTexts, key, context.language, facts)
  return {
    title: t('check.title'),
    failed: faults.length > 0,
    before: backLink(context.language, `/tramites/${ficha.id}`),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${errorSummary(context.language, faults)}
<span class="govuk-caption-l">${ficha.plainName[context.language]}</span>${heading(t('check.title'))}
${summaryList(rows(context, data, t))}
${data.applicant ? html`${held(context, data, data.applicant, t)}${send(context, data, t)}` : signInFirst(draft, t)}
${small(t('expires', { day: showDay(draft.expiresAt, context) }))}
</div></div>`,
  }
}

const errorAt = (faults: readonly FieldFault[], field: string): { error?: string } => {
  const error = faults.find((fault) => fault.field === field)?.message
  return error === undefined ? {} : { error }
}

function rows({ language }: PageContext, { draft, ficha, attachments, missing }: CheckData, t: Say): SummaryRow[] {
  const names = (field: string) => attachments.filter((each) => each.field === field).map(({ name }) => name)
  return answerRows(ficha.online, draft.answers, language, names).map(({ questionId, label, value }) => ({
    key: label,
    value: value === '' ? html`<span class="vn-quiet" id="${questionId}">${t('empty')}</span>` : lines(value),
    action: {
      href: `/borradores/${draft.id}/${questionId}`,
      label: t(missing.has(questionId) ? 'check.answer' : 'change'),
      hidden: label,
    },
  }))
}

/** Once only: what the State already holds is shown with where it comes from, and may be objected to. */
function held(context: PageContext, { draft, faults }: CheckData, applicant: Applicant, t: Say): Html {
  const { representative } = applicant
  const list: SummaryRow[] = [
    { key: t('name'), value: applicant.name },
    { key: 'RFC', value: applicant.rfc },
    { key: 'CURP', value: applicant.curp },
    {
      key: t('representative'),
      value:
        representative && [representative.name, representative.rfc, representative.curp].filter(Boolean).join(' · '),
    },
  ]
  const error = errorAt(faults, 'objecion')
  const objection = form(
    context.csrf,
    `/borradores/${draft.id}/objecion`,
    html`${textArea(context.language, { name: 'objecion', label: t('held.objection'), rows: 3, value: draft.objections.certificate ?? '', ...error })}${button({ label: t('held.save'), kind: 'secondary' })}`,
  )
  return html`${heading(t('held.title'), 'm', 2)}${body(t('held.body'))}${summaryList(list.filter(({ value }) => value))}
${error.error ? objection : html`${draft.objections.certificate && inset(draft.objections.certificate)}${details(t('held.wrong'), objection)}`}`
}

function send(
  context: PageContext,
  { draft, ficha, contactEmail, payment, missing, faults }: CheckData,
  t: Say,
): Html | false {
  if (missing.size > 0) return false
  const { language } = context
  const { fee } = ficha.online
  if (fee && payment?.status !== 'paid') {
    const amount = showMoney(fee.cents, fee.currency, language)
    return html`${heading(t('pay.title'), 'm', 2)}${form(context.csrf, `/borradores/${draft.id}/pago`, button({ label: t('pay.go', { amount }) }))}`
  }
  const email = contactEmail
    ? t('notices.email', { email: contactEmail.address })
    : html`${t('notices.no-email')} ${link(`/cuenta/correo?sigue=/borradores/${draft.id}`, t('notices.add-email'))}`
  return html`${payment?.paidAt && inset(t('pay.paid', { day: showDay(payment.paidAt, context) }))}
${form(
  context.csrf,
  `/borradores/${draft.id}/preparar`,
  html`${radios(language, {
    name: 'consiento',
    label: t('notices.title'),
    choices: [
      { value: 'si', label: t('notices.consent'), hint: t('notices.consent.hint') },
      { value: 'no', label: t('notices.in-person'), hint: t('notices.in-person.hint') },
    ],
    ...errorAt(faults, 'consiento'),
  })}${body(email)}${inset(ficha.online.declaration[language])}${button({ label: t('check.prepare') })}`,
)}`
}

function signInFirst(draft: Draft, t: Say): Html {
  return html`${inset(t('check.sign-in'))}${button({ label: t('check.sign-in.go'), href: `/entrar?sigue=/borradores/${draft.id}` })}`
}
