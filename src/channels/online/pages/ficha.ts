import { fill, say } from '#kernel/texts.ts'
import type { Ficha, Institution } from '#modules/catalogue/index.ts'
import {
  body,
  breadcrumbs,
  bullets,
  button,
  details,
  heading,
  inset,
  lead,
  link,
  numbered,
  type SummaryRow,
  small,
  summaryList,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { listOf, showDay, showMoney } from '#web/format.ts'
import { type Html, type HtmlValue, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type CatalogueTextKey, catalogueTexts } from '../catalogue-texts.ts'

export interface ServiceData {
  ficha: Ficha
  institution: Institution
  servicesLabel: string
}

type Say = (key: CatalogueTextKey, facts?: Record<string, string | number>) => string

export function servicePage(context: PageContext, { ficha, institution, servicesLabel }: ServiceData): Page {
  const { language } = context
  const t: Say = (key, facts = {}) => say(catalogueTexts, key, language, facts)
  return {
    title: ficha.plainName[language],
    before: breadcrumbs(language, [
      ['/tramites', servicesLabel],
      [`/instituciones/${institution.id}`, institution.acronym],
    ]),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${heading(ficha.plainName[language])}${lead(ficha.summary[language])}
${ficha.online ? html`${button({ label: t('start'), href: `/solicitar/${ficha.id}`, start: true })}${small(t('start.no-sign-in'))}` : inset(t('not-online'))}
${summaryList(glance(ficha, language, t))}
${heading(t('requirements'), 'm', 2)}${requirements(ficha, language, t)}
${details(t('more'), whole(context, ficha, t))}
</div><aside class="govuk-grid-column-one-third">
${heading(t('channels'), 's', 2)}${channels(ficha, t)}
${heading(t('contact'), 's', 2)}${contacts(ficha)}
<p class="govuk-body">${link(`/tramites/${ficha.id}/hoja`, t('sheet'))}</p>
<p class="govuk-body">${link(`/api/v1/services/${ficha.id}`, t('data'))}</p>
</aside></div>`,
  }
}

/** Everything on one page, for paper. */
export function sheetPage(context: PageContext, { ficha, institution }: ServiceData): Page {
  const { language } = context
  const t: Say = (key, facts = {}) => say(catalogueTexts, key, language, facts)
  return {
    title: ficha.name[language],
    before: breadcrumbs(language, [[`/tramites/${ficha.id}`, ficha.plainName[language]]]),
    body: html`${heading(ficha.name[language])}${body(institution.name[language])}${lead(ficha.summary[language])}
${summaryList(glance(ficha, language, t))}
${heading(t('requirements'), 'm', 2)}${requirements(ficha, language, t)}
${heading(t('channels'), 'm', 2)}${channels(ficha, t)}
${whole(context, ficha, t)}
${heading(t('contact'), 'm', 2)}${contacts(ficha)}`,
  }
}

function glance(ficha: Ficha, language: 'es' | 'en', t: Say): SummaryRow[] {
  const rows: Array<[CatalogueTextKey, HtmlValue]> = [
    [
      'who',
      listOf(
        ficha.applicants.map((each) => t(`who.${each}` as CatalogueTextKey)),
        language,
      ),
    ],
    ['gets', ficha.gets[language]],
    ['cost', cost(ficha, language, t)],
    [
      'term',
      ficha.term ? t(`term.${ficha.term.unit}` as CatalogueTextKey, { value: ficha.term.value }) : t('term.general'),
    ],
    ['silence', t(`silence.${ficha.silence.effect}` as CatalogueTextKey)],
    ['when', ficha.when[language]],
    ['validity', ficha.validity?.[language]],
  ]
  return rows.filter(([, value]) => value).map(([key, value]) => ({ key: t(key), value }))
}

function cost({ cost: price, online }: Ficha, language: 'es' | 'en', t: Say): HtmlValue {
  if (price.kind === 'free') return t('free')
  const currency = price.currency ?? online?.fee?.currency ?? 'MXN'
  const amounts = (price.amounts ?? []).map(
    ({ label, cents }) => `${label[language]}: ${showMoney(cents, currency, language)}`,
  )
  return html`${amounts.length > 0 && bullets(amounts)}${price.note?.[language]}`
}

function requirements(ficha: Ficha, language: 'es' | 'en', t: Say): Html {
  if (ficha.requirements.length === 0) return body(t('requirements.none'))
  return bullets(
    ficha.requirements.map(
      ({ name, form, held, legalBasis }) =>
        html`${name[language]} (${t(`form.${form}` as CatalogueTextKey)})${held && html`<br><span class="vn-quiet">${t(ficha.online ? 'held' : 'held.elsewhere', { where: held.where[language] })}</span>`}<br><span class="vn-quiet">${legalBasis[language]}</span>`,
    ),
    true,
  )
}

function channels(ficha: Ficha, t: Say): Html {
  const level = (name: 'online' | 'telephone' | 'counter') => t(`level.${ficha.channels[name]}` as CatalogueTextKey)
  return bullets(
    (['online', 'telephone', 'counter'] as const).map((name) => html`${t(`channel.${name}`)}: ${level(name)}`),
  )
}

function contacts(ficha: Ficha): Html {
  return bullets(
    ficha.contacts.map(({ kind, value }) =>
      kind === 'web' && /^https:\/\//.test(value) ? link(value, value.replace(/^https:\/\//, '')) : value,
    ),
  )
}

function whole({ language, zone }: PageContext, ficha: Ficha, t: Say): Html {
  const { appeal } = ficha
  return html`
${heading(t('criteria'), 's', 2)}${body(ficha.criteria[language])}
${ficha.inspection && html`${heading(t('inspection'), 's', 2)}${body(ficha.inspection[language])}`}
${heading(t('prevention'), 's', 2)}${body(t('prevention.days', { days: ficha.preventionDays }))}
${ficha.online && html`${heading(t('steps'), 's', 2)}${numbered(ficha.online.workflow.steps.map((step) => step[language]))}`}
${heading(t('appeal'), 's', 2)}${body(fill(t('appeal.text'), { name: appeal.name[language], before: appeal.before[language], days: appeal.days, basis: appeal.legalBasis[language] }))}
${heading(t('offices'), 's', 2)}${bullets(ficha.offices.map(({ name, address, hours }) => html`${name[language]}${address && html`<br>${address}`}<br><span class="vn-quiet">${hours[language]}</span>`))}
${heading(t('law'), 's', 2)}${bullets(ficha.legalBasis.map((each) => each[language]))}
${heading(t('unit'), 's', 2)}${body(ficha.unit[language])}
${heading(t('homoclave'), 's', 2)}${body(html`<span class="vn-mono">${ficha.homoclave.key}</span>${!ficha.homoclave.official && html` (${t('homoclave.ours')})`} · ${t('version', { version: ficha.version, day: showDay(ficha.validFrom, { language, zone }) })}`)}
${heading(t('sources'), 's', 2)}${bullets(ficha.sources.map(({ what, source, date }) => html`${what[language]}: ${typeof source === 'string' ? link(source, new URL(source).host) : source[language]} (${showDay(date, { language, zone })})`))}`
}
