import { say } from '#kernel/texts.ts'
import { roleNames } from '#modules/appointments/index.ts'
import { type RoleHolder, roles } from '#modules/identity/index.ts'
import {
  backLink,
  body,
  button,
  errorSummary,
  type FieldFault,
  form,
  heading,
  select,
  table,
  textInput,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { textsOf } from './inbox.ts'

export interface RolesData {
  /** Institutions whose roles this person may give, by id. */
  institutions: Array<{ id: string; name: string }>
  holders: RoleHolder[]
  mayAdminister: boolean
  faults: FieldFault[]
  typed: Record<string, string | undefined>
}

export function rolesPage(
  context: PageContext,
  { institutions, holders, mayAdminister, faults, typed }: RolesData,
): Page {
  const t = textsOf(context)
  const { language, csrf } = context
  const nameOf = (id: string) => institutions.find((each) => each.id === id)?.name ?? id
  const given = roles.filter((role) => mayAdminister || role !== 'administrator')
  const error = faults[0]?.message
  return {
    title: t('roles.title'),
    failed: faults.length > 0,
    wide: true,
    before: backLink(language, '/oficina'),
    body: html`${errorSummary(language, faults)}${heading(t('roles.title'))}${body(t('roles.body'))}
${form(
  csrf,
  '/oficina/encargos',
  html`${textInput(language, { name: 'clave', label: t('roles.person'), width: 20, spellcheck: false, value: typed.clave ?? '', ...(error && { error }) })}
${select(language, { name: 'institucion', label: t('roles.institution'), value: typed.institucion ?? '', choices: institutions.map(({ id, name }) => ({ value: id, label: name })) })}
${select(language, { name: 'encargo', label: t('roles.role'), value: typed.encargo ?? '', choices: given.map((role) => ({ value: role, label: say(roleNames, role, language) })) })}
${button({ label: t('roles.give') })}`,
)}
${table({
  caption: t('roles.title'),
  quietCaption: true,
  head: [t('roles.holder'), t('roles.institution'), t('roles.role'), t('roles.since'), t('roles.take')],
  rows: holders.map(({ account, institution, role, grantedAt }) => [
    account.name,
    nameOf(institution),
    say(roleNames, role, language),
    showDay(grantedAt, context),
    form(
      csrf,
      '/oficina/encargos',
      html`<input type="hidden" name="quitar" value="${account.id}"><input type="hidden" name="institucion" value="${institution}"><input type="hidden" name="encargo" value="${role}"><button class="vn-link-button vn-link-button--quiet" type="submit">${t('roles.take')}<span class="govuk-visually-hidden"> ${say(roleNames, role, language)}: ${account.name}</span></button>`,
    ),
  ]),
})}`,
  }
}
