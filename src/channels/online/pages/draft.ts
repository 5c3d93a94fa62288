import { say } from '#kernel/texts.ts'
import {
  type Applicant,
  type Draft,
  formatPaymentReference,
  type OnlineFicha,
  type Payment,
} from '#modules/cases/index.ts'
import { answerRows, type Posted, type Question, showValue } from '#modules/catalogue/index.ts'
import type { Preparation } from '#modules/documents/index.ts'
import {
  backLink,
  bullets,
  button,
  buttonGroup,
  form,
  heading,
  inset,
  lead,
  lines,
  small,
  summaryList,
} from '#web/components/index.ts'
import { signPage } from '#web/components/sign-page.ts'
import type { PageContext } from '#web/context.ts'
import { showInstant, showMoney } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type DraftTextKey, draftTexts } from '../draft-texts.ts'

const textsOf =
  ({ language }: PageContext) =>
  (key: DraftTextKey, facts: Record<string, string | number> = {}) =>
    say(draftTexts, key, language, facts)

/** Before the first question: what to have at hand, and what happens with what is typed. */
export function startPage(context: PageContext, ficha: OnlineFicha, open: Draft | undefined): Page {
  const t = textsOf(context)
  const { language } = context
  const title = t('start.title', { service: ficha.plainName[language] })
  const asksFiles = ficha.online.questions.some(({ type }) => type === 'file')
  const files = ficha.requirements
    .filter(({ form, held }) => asksFiles && form !== 'data' && !held)
    .map(({ name }) => name[language])
  const onlyCompanies = !ficha.applicants.includes('person')
  return {
    title,
    before: backLink(language, `/tramites/${ficha.id}`),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(title)}
${onlyCompanies && inset(t('start.company'))}
${heading(t('start.need'), 'm', 2)}${bullets([t('start.efirma'), ...(files.length > 0 ? [t('start.files', { files: files.join(' · ') })] : [])])}
${open && html`${inset(t('start.open'))}${button({ label: t('start.resume'), href: `/borradores/${open.id}` })}`}
${form(context.csrf, `/solicitar/${ficha.id}`, button({ label: t(open ? 'start.new' : 'start.go'), ...(open && { kind: 'secondary' as const }) }))}
${small(t('start.saved'))}</div></div>`,
  }
}

export interface ConflictData {
  draft: Draft
  question: Question
  theirs: unknown
  yours: unknown
  /** The form as it came: sent again, it counts. */
  posted: Posted
}

/** Two devices answered the same question: both answers are shown, the person chooses. */
export function conflictPage(context: PageContext, { draft, question, theirs, yours, posted }: ConflictData): Page {
  const t = textsOf(context)
  const show = (value: unknown) => showValue(question, value, context.language) || t('empty')
  const again = Object.entries(posted)
    .filter(([name]) => !['csrf', 'revision'].includes(name))
    .flatMap(([name, value]) =>
      [value].flat().map((each) => html`<input type="hidden" name="${name}" value="${each}">`),
    )
  return {
    title: t('conflict.title'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(t('conflict.title'))}${lead(t('conflict.body'))}
<h2 class="govuk-heading-m">${question.label[context.language]}</h2>
${summaryList([
  { key: t('conflict.yours'), value: lines(show(yours)) },
  { key: t('conflict.theirs'), value: lines(show(theirs)) },
])}
${form(context.csrf, `/borradores/${draft.id}/${question.id}`, html`<input type="hidden" name="revision" value="${draft.revision}">${again}${buttonGroup(button({ label: t('conflict.keep-yours') }), button({ label: t('conflict.keep-theirs'), kind: 'secondary', href: `/borradores/${draft.id}` }))}`)}</div></div>`,
  }
}

export function paymentPage(context: PageContext, ficha: OnlineFicha, payment: Payment): Page {
  const t = textsOf(context)
  const { language } = context
  const amount = showMoney(payment.amountCents, payment.currency, language)
  const text = t('pay.body', {
    amount,
    day: showInstant(payment.expiresAt, context),
    basis: ficha.online.fee!.legalBasis[language],
  })
  return {
    title: t('pay.title'),
    before: backLink(language, `/borradores/${payment.draftId}`),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(t('pay.title'))}${lead(text)}
<p class="govuk-body">${t('pay.reference')}</p><p class="vn-folio">${formatPaymentReference(payment.reference)}</p>
${buttonGroup(context.demo && button({ label: t('pay.bank'), href: `/demo/banco/${payment.reference}` }), button({ label: t('pay.reload'), href: `/borradores/${payment.draftId}`, kind: 'secondary' }))}
</div></div>`,
  }
}

interface PreparedApplication {
  data: Record<string, unknown>
  attachments: Array<{ field: string; name: string }>
  applicant: Applicant
}

/** The answers as they are in the document that was prepared, not as they may be in the draft by now. */
export function signDraftPage(context: PageContext, ficha: OnlineFicha, draft: Draft, preparation: Preparation): Page {
  const t = textsOf(context)
  const { data, attachments, applicant } = preparation.context as PreparedApplication
  const names = (field: string) => attachments.filter((each) => each.field === field).map(({ name }) => name)
  const answers = answerRows(ficha.online, data, context.language, names).filter(({ value }) => value !== '')
  return signPage(context, {
    title: t('sign.title'),
    text: t('sign.body'),
    shown: [{ key: t('name'), value: applicant.name }, ...answers.map(({ label, value }) => ({ key: label, value }))],
    back: `/borradores/${draft.id}`,
    documentUrl: `/borradores/${draft.id}/documento/${preparation.id}`,
    action: `/borradores/${draft.id}/firma`,
    preparation,
    open: t('sign.open'),
    button: t('sign.button'),
    what: t('sign.what'),
  })
}
