import { say } from '#kernel/texts.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import {
  body,
  button,
  buttonGroup,
  checkbox,
  columns,
  errorSummary,
  type FieldFault,
  form,
  heading,
  lead,
  link,
  mono,
  type SummaryRow,
  summaryList,
  textInput,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type AccountTextKey, accountTexts } from '../account-texts.ts'

const textsOf =
  ({ language }: PageContext) =>
  (key: AccountTextKey, facts: Record<string, string | number> = {}) =>
    say(accountTexts, key, language, facts)

/** The privacy notice, once for each version of it. */
export function privacyFirstPage(context: PageContext, next: string, failed: boolean): Page {
  const t = textsOf(context)
  const error = failed ? t('first.accept.error') : undefined
  return {
    title: t('first.title'),
    failed,
    body: columns(
      html`${error && errorSummary(context.language, [{ field: 'leido', message: error }])}
${heading(t('first.title'))}${lead(t('first.privacy.short'))}<p class="govuk-body">${link('/privacidad', t('first.whole'))}</p>
${form(context.csrf, '/primera-vez', html`<input type="hidden" name="sigue" value="${next}">${checkbox(context.language, { name: 'leido', label: t('first.accept'), value: 'si', error })}${button({ label: t('continue') })}`)}`,
    ),
  }
}

export interface EmailData {
  next: string
  value: string
  faults: FieldFault[]
}

export function emailPage(context: PageContext, { next, value, faults }: EmailData): Page {
  const t = textsOf(context)
  return {
    title: t('email.title'),
    failed: faults.length > 0,
    body: columns(
      html`${errorSummary(context.language, faults)}
${form(
  context.csrf,
  '/cuenta/correo',
  html`<input type="hidden" name="sigue" value="${next}">
${textInput(context.language, { name: 'email', label: t('email.title'), asHeading: true, hint: t('email.hint'), type: 'email', autocomplete: 'email', spellcheck: false, value, error: faults[0]?.message })}
${buttonGroup(button({ label: t('email.send') }), link(next, t('email.later')))}`,
)}`,
    ),
  }
}

export interface CodeData {
  next: string
  faults: FieldFault[]
}

export function codePage(context: PageContext, { next, faults }: CodeData): Page {
  const t = textsOf(context)
  return {
    title: t('email.code.title'),
    failed: faults.length > 0,
    body: columns(
      html`${errorSummary(context.language, faults)}
${form(
  context.csrf,
  '/cuenta/correo/codigo',
  html`<input type="hidden" name="sigue" value="${next}">
${textInput(context.language, { name: 'code', label: t('email.code.title'), asHeading: true, hint: t('email.code.body'), inputmode: 'numeric', autocomplete: 'one-time-code', width: 10, error: faults[0]?.message })}
${buttonGroup(button({ label: t('email.code.confirm') }), link('/cuenta/correo', t('email.other')), link(next, t('email.later')))}`,
)}`,
    ),
  }
}

export function accountPage(context: PageContext, session: ActingSession, roles: string[]): Page {
  const t = textsOf(context)
  const { account, person, certificate, contactEmail } = session
  const email = contactEmail
    ? html`${contactEmail.address} · ${t(contactEmail.confirmed ? 'email.confirmed' : 'email.pending')}`
    : t('email.none')
  const company = account.kind === 'company'
  const rows: SummaryRow[] = [
    { key: t(company ? 'actsFor' : 'name'), value: account.name },
    { key: t('rfc'), value: account.rfc && mono(account.rfc) },
    { key: t('curp'), value: account.curp && mono(account.curp) },
    ...(company
      ? [{ key: t('representative'), value: [person.name, person.rfc, person.curp].filter(Boolean).join(' · ') }]
      : []),
    {
      key: t('certificate'),
      value: t('certificate.value', { serial: certificate.serial, day: showDay(certificate.notAfter, context) }),
    },
    {
      key: t('email'),
      value: email,
      action: { href: '/cuenta/correo', label: t('change'), hidden: t('email') },
    },
    ...(roles.length > 0 ? [{ key: t('roles'), value: roles.join(', ') }] : []),
  ]
  return {
    title: t('account.title'),
    body: columns(
      html`${heading(t('account.title'))}${summaryList(rows.filter(({ value }) => value))}
${heading(t('session.title'), 'm', 2)}${body(t('session.body'))}
${form(context.csrf, '/salir-de-todo', button({ label: t('session.everywhere'), kind: 'warning' }))}`,
    ),
  }
}
