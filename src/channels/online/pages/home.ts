import { say } from '#kernel/texts.ts'
import type { Catalogue, Ficha } from '#modules/catalogue/index.ts'
import { button, card, cards, heading, lead, numbered } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type CatalogueTextKey, catalogueTexts } from '../catalogue-texts.ts'

export interface HomeData {
  lists: Catalogue['lists']
  institutions: Catalogue['institutions']
  online: Ficha[]
}

export function homePage({ language }: PageContext, { lists, institutions, online }: HomeData): Page {
  const t = (key: CatalogueTextKey) => say(catalogueTexts, key, language)
  const links = (items: ReadonlyArray<{ href: string; name: string }>): Html =>
    html`<ul class="govuk-list vn-links">${items.map(({ href, name }) => html`<li><a class="govuk-link" href="${href}">${name}</a></li>`)}</ul>`
  return {
    title: t('home.title'),
    body: html`<div class="vn-hero">${heading(t('home.title'), 'xl')}${lead(t('home.lead'))}
${searchForm(t, '')}</div>
<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${heading(t('home.events'), 'm', 2)}${links(lists.lifeEvents.map(({ id, name }) => ({ href: `/tramites?momento=${id}`, name: name[language] })))}
${heading(t('home.topics'), 'm', 2)}${links(lists.topics.map(({ id, name }) => ({ href: `/tramites?tema=${id}`, name: name[language] })))}
${heading(t('home.online'), 'm', 2)}${cards(online.map((ficha) => card(`/tramites/${ficha.id}`, ficha.plainName[language], ficha.summary[language])))}
</div><div class="govuk-grid-column-one-third">
${heading(t('home.how'), 'm', 2)}${numbered([t('home.how.1'), t('home.how.2'), t('home.how.3'), t('home.how.4')])}
${heading(t('home.institutions'), 'm', 2)}${links([...institutions.values()].map(({ id, name, acronym }) => ({ href: `/instituciones/${id}`, name: `${acronym}: ${name[language]}` })))}
</div></div>`,
  }
}

export function searchForm(t: (key: CatalogueTextKey) => string, typed: string): Html {
  return html`<form action="/tramites" method="get" role="search" class="vn-search"><div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="q">${t('home.search')}</label><div class="govuk-hint" id="q-hint">${t('home.hint')}</div><input class="govuk-input" id="q" name="q" type="search" maxlength="120" value="${typed}" aria-describedby="q-hint"></div>${button({ label: t('search') })}</form>`
}
