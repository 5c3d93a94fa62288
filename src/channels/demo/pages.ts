import { say } from '#kernel/texts.ts'
import { formatPaymentReference, type Payment } from '#modules/cases/index.ts'
import type { DemoPerson } from '#modules/demo/index.ts'
import type { listMails } from '#modules/post-office/index.ts'
import {
  backLink,
  banner,
  body,
  button,
  empty,
  form,
  heading,
  lead,
  link,
  mono,
  summaryList,
  table,
  textInput,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showInstant, showMoney } from '#web/format.ts'
import { html, paragraphs } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type DemoTextKey, demoTexts } from './texts.ts'

const textsOf =
  ({ language }: PageContext) =>
  (key: DemoTextKey, facts: Record<string, string | number> = {}) =>
    say(demoTexts, key, language, facts)

export function peoplePage(context: PageContext, people: DemoPerson[]): Page {
  const t = textsOf(context)
  const { language } = context
  const list = (key: DemoTextKey, some: DemoPerson[]) =>
    table({
      caption: t(key),
      head: [t('person'), t('what'), t('files')],
      rows: some.map(({ id, name, rfc, note }) => [
        html`${name}<br>${mono(rfc)}`,
        note[language],
        html`${link(`/demo/people/${id}/cer`, `${id}.cer`)}<br>${link(`/demo/people/${id}/key`, `${id}.key`)}`,
      ]),
    })
  const servants = people.filter(({ roles }) => roles.length > 0)
  const refused = people.filter(
    ({ kind, certificate }) => kind === 'seal' || certificate === 'expired' || certificate === 'revoked',
  )
  const citizens = people.filter((person) => !servants.includes(person) && !refused.includes(person))
  return {
    title: t('title'),
    wide: true,
    body: html`${heading(t('title'))}${lead(t('lead', { password: people[0]?.password ?? '' }))}
${list('citizens', citizens)}${list('servants', servants)}${list('refused', refused)}
${heading(t('more'), 'm', 2)}<ul class="govuk-list"><li>${link('/demo/reloj', t('clock'))}</li><li>${link('/demo/correos', t('mails'))}</li><li>${link('/demo/ca.crl', t('crl'))}</li></ul>`,
  }
}

export function clockPage(context: PageContext, moved: boolean, fault?: string): Page {
  const t = textsOf(context)
  return {
    title: t('clock'),
    before: backLink(context.language, '/demo'),
    failed: fault !== undefined,
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${moved && banner(context.language, body(t('clock.moved')), 'success')}
${heading(t('clock'))}${lead(t('clock.now', { now: showInstant(context.now, context) }))}${body(t('clock.body'))}
${form(context.csrf, '/demo/reloj', html`${textInput(context.language, { name: 'dias', label: t('clock.days'), width: 4, inputmode: 'numeric', value: '1', ...(fault && { error: fault }) })}${button({ label: t('clock.go') })}`)}</div></div>`,
  }
}

export function mailsPage(context: PageContext, mails: Awaited<ReturnType<typeof listMails>>): Page {
  const t = textsOf(context)
  const list =
    mails.length === 0
      ? empty(t('mails.none'), html``)
      : mails.map(
          ({ address, subject, body: text, created_at }) =>
            html`<article class="vn-card"><h2 class="govuk-heading-s">${subject}</h2><p class="govuk-body-s vn-quiet">${t('to')}: ${address} · ${showInstant(created_at, context)}</p>${paragraphs(text)}</article>`,
        )
  return {
    title: t('mails'),
    before: backLink(context.language, '/demo'),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(t('mails'))}${lead(t('mails.lead'))}${list}</div></div>`,
  }
}

export function bankPage(context: PageContext, payment: Payment): Page {
  const t = textsOf(context)
  const back = `/borradores/${payment.draftId}`
  const act =
    payment.status === 'paid'
      ? html`${banner(context.language, body(t('bank.paid')), 'success')}${button({ label: t('bank.back'), href: back })}`
      : form(context.csrf, `/demo/banco/${payment.reference}`, button({ label: t('bank.pay') }))
  return {
    title: t('bank'),
    before: backLink(context.language, back),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(t('bank'))}${lead(t('bank.lead'))}
${summaryList([
  { key: t('bank.reference'), value: mono(formatPaymentReference(payment.reference)) },
  { key: t('bank.amount'), value: showMoney(payment.amountCents, payment.currency, context.language) },
])}${act}</div></div>`,
  }
}
