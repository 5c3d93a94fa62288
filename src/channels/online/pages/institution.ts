import { say } from '#kernel/texts.ts'
import type { Ficha, Institution } from '#modules/catalogue/index.ts'
import { body, breadcrumbs, card, cards, heading, link, tag } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { catalogueTexts } from '../catalogue-texts.ts'

export function institutionPage({ language }: PageContext, institution: Institution, fichas: Ficha[]): Page {
  const { web } = institution
  return {
    title: institution.name[language],
    before: breadcrumbs(language, [['/tramites', say(catalogueTexts, 'services.title', language)]]),
    body: html`<span class="govuk-caption-l">${institution.acronym}</span>${heading(institution.name[language])}
${web && body(link(web.startsWith('https://') ? web : `https://${web}`, web.replace(/^https:\/\//, '')))}
${heading(say(catalogueTexts, 'services.title', language), 'm', 2)}${cards(fichas.map((ficha) => card(`/tramites/${ficha.id}`, ficha.plainName[language], ficha.summary[language], ficha.online && tag(say(catalogueTexts, 'tag.online', language), 'green'))))}`,
  }
}
