import { say } from '#kernel/texts.ts'
import type { Catalogue, Ficha } from '#modules/catalogue/index.ts'
import { button, card, cards, empty, heading, link, pagination, select, tag } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { html, rawHtml } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type CatalogueTextKey, catalogueTexts } from '../catalogue-texts.ts'
import { searchForm } from './home.ts'

export interface Wanted {
  q: string
  canal: string
  institucion: string
  momento: string
  tema: string
  pagina: number
}

export interface ServicesData {
  catalogue: Pick<Catalogue, 'lists' | 'institutions'>
  wanted: Wanted
  items: Ficha[]
  total: number
  /** None has all the words. */
  nearest: boolean
}

export const PAGE_SIZE = 20

export function servicesPage(
  { language }: PageContext,
  { catalogue, wanted, items, total, nearest }: ServicesData,
): Page {
  const t = (key: CatalogueTextKey, facts = {}) => say(catalogueTexts, key, language, facts)
  const any = { value: '', label: t('services.any') }
  const filters = html`<form method="get" action="/tramites">
<input type="hidden" name="q" value="${wanted.q}"><div class="vn-filters__fields">
${select(language, { name: 'canal', label: t('services.channel'), value: wanted.canal, choices: [any, ...(['full', 'online', 'telephone', 'counter'] as const).map((value) => ({ value, label: t(`channel.${value}`) }))] })}
${select(language, { name: 'institucion', label: t('services.institution'), value: wanted.institucion, choices: [any, ...[...catalogue.institutions.values()].map(({ id, acronym }) => ({ value: id, label: acronym }))] })}
${select(language, { name: 'momento', label: t('services.event'), value: wanted.momento, choices: [any, ...catalogue.lists.lifeEvents.map(({ id, name }) => ({ value: id, label: name[language] }))] })}
${select(language, { name: 'tema', label: t('services.topic'), value: wanted.tema, choices: [any, ...catalogue.lists.topics.map(({ id, name }) => ({ value: id, label: name[language] }))] })}
</div>${button({ label: t('services.apply'), kind: 'secondary' })}
</form>`
  const list =
    items.length > 0
      ? cards(
          items.map((ficha) =>
            card(
              `/tramites/${ficha.id}`,
              ficha.plainName[language],
              ficha.summary[language],
              html`${catalogue.institutions.get(ficha.institution)?.acronym}${ficha.online && html` ${tag(t('tag.online'), 'green')}`}`,
            ),
          ),
        )
      : empty(
          t('services.none'),
          html`<p class="govuk-body">${t('services.none.body')}</p>${link('/tramites', t('services.all'))}`,
        )
  const filtered = [wanted.canal, wanted.institucion, wanted.momento, wanted.tema].some((each) => each !== '')
  const title = wanted.q ? `${t('services.title')}: ${wanted.q}` : t('services.title')
  return {
    title,
    body: html`<div class="vn-services">${heading(t('services.title'))}${searchForm(t, wanted.q)}</div>
<details class="vn-filters"${filtered ? rawHtml(' open') : ''}><summary>${heading(t('services.filter'), 's', 2)}</summary>${filters}</details>
<p class="govuk-body" role="status">${nearest ? t('services.nearest') : total === 1 ? t('services.found.1') : t('services.found', { total })}</p>${list}
${pagination(language, { previous: wanted.pagina > 1 ? at(wanted, wanted.pagina - 1) : undefined, next: wanted.pagina * PAGE_SIZE < total ? at(wanted, wanted.pagina + 1) : undefined })}`,
  }
}

/** What somebody looked for is not personal data: it may stand in the address. */
function at(wanted: Wanted, pagina: number): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries({ ...wanted, pagina })) if (value !== '') query.set(key, String(value))
  return `/tramites?${query}`
}
