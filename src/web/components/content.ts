import { type Language, say } from '#kernel/texts.ts'
import { attributes, type Html, type HtmlValue, html, rawHtml } from '../html.ts'
import { webTexts } from '../texts.ts'

export const heading = (text: string, size: 'xl' | 'l' | 'm' | 's' = 'l', level: 1 | 2 | 3 = 1): Html =>
  level === 1
    ? html`<h1 class="govuk-heading-${size}">${text}</h1>`
    : level === 2
      ? html`<h2 class="govuk-heading-${size}">${text}</h2>`
      : html`<h3 class="govuk-heading-${size}">${text}</h3>`

export const caption = (text: string): Html => html`<span class="govuk-caption-l">${text}</span>`
export const body = (content: HtmlValue): Html => html`<p class="govuk-body">${content}</p>`
export const lead = (content: HtmlValue): Html => html`<p class="govuk-body-l">${content}</p>`
export const small = (content: HtmlValue): Html => html`<p class="govuk-body-s vn-quiet">${content}</p>`
export const link = (href: string, label: HtmlValue): Html => html`<a class="govuk-link" href="${href}">${label}</a>`
export const bullets = (items: HtmlValue[], spaced = false): Html =>
  html`<ul class="govuk-list govuk-list--bullet${spaced ? ' govuk-list--spaced' : ''}">${items.map((item) => html`<li>${item}</li>`)}</ul>`
export const numbered = (items: HtmlValue[]): Html =>
  html`<ol class="govuk-list govuk-list--number">${items.map((item) => html`<li>${item}</li>`)}</ol>`
export const inset = (content: HtmlValue): Html => html`<div class="govuk-inset-text">${content}</div>`
export const mono = (text: string): Html => html`<span class="vn-mono">${text}</span>`
export const columns = (main: HtmlValue, aside?: HtmlValue): Html =>
  html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${main}</div>${aside && html`<div class="govuk-grid-column-one-third">${aside}</div>`}</div>`

export function warning(language: Language, content: HtmlValue): Html {
  return html`<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">${say(webTexts, 'warning', language)}</span>${content}</strong></div>`
}

export function panel(title: string, content?: HtmlValue): Html {
  return html`<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">${title}</h1>${content && html`<div class="govuk-panel__body">${content}</div>`}</div>`
}

export function banner(language: Language, content: HtmlValue, kind: 'important' | 'success' = 'important'): Html {
  const look = kind === 'success' ? ' govuk-notification-banner--success' : ''
  return html`<div class="govuk-notification-banner${look}" role="${kind === 'success' ? 'alert' : 'region'}" aria-label="${say(webTexts, kind, language)}"><div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title">${say(webTexts, kind, language)}</h2></div><div class="govuk-notification-banner__content">${content}</div></div>`
}

export type TagColour = 'grey' | 'green' | 'blue' | 'yellow' | 'orange' | 'red' | 'purple'
export const tag = (label: string, colour: TagColour = 'grey'): Html =>
  html`<strong class="govuk-tag govuk-tag--${colour}">${label}</strong>`

export const details = (summary: string, content: HtmlValue): Html =>
  html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${summary}</span></summary><div class="govuk-details__text">${content}</div></details>`

/** A text with its line ends. */
export const lines = (text: string): Html =>
  html`${text.split('\n').map((line, i) => html`${i > 0 && rawHtml('<br>')}${line}`)}`

export interface SummaryRow {
  key: string
  value: HtmlValue
  action?: { href: string; label: string; hidden: string }
}

export function summaryList(list: SummaryRow[]): Html {
  // Without any action there is no column to keep free for them.
  const acts = list.some(({ action }) => action)
  return html`<dl class="govuk-summary-list">${list.map(
    ({ key, value, action }) =>
      html`<div class="govuk-summary-list__row${action || !acts ? '' : ' govuk-summary-list__row--no-actions'}"><dt class="govuk-summary-list__key">${key}</dt><dd class="govuk-summary-list__value">${value}</dd>${action && html`<dd class="govuk-summary-list__actions"><a class="govuk-link" href="${action.href}">${action.label}<span class="govuk-visually-hidden"> ${action.hidden}</span></a></dd>`}</div>`,
  )}</dl>`
}

export interface Table {
  caption: string
  /** The caption is said, not shown, where a heading above already says it. */
  quietCaption?: boolean
  head: string[]
  rows: HtmlValue[][]
  numeric?: number[]
}

/**
 * On a narrow screen each row becomes a block that says its own headings (ventanilla.css): nothing is out of sight to the right. The roles
 * are written out because a table that is shown as blocks is no table to some screen readers.
 */
export function table({ caption: title, quietCaption, head, rows, numeric = [] }: Table): Html {
  const look = (i: number) => (numeric.includes(i) ? ' govuk-table__cell--numeric' : '')
  const cell = (content: HtmlValue, i: number) =>
    i === 0
      ? html`<th scope="row" role="rowheader" class="govuk-table__header vn-row-header" data-label="${head[i]}"><span class="vn-cell">${content}</span></th>`
      : html`<td role="cell" class="govuk-table__cell${look(i)}" data-label="${head[i]}"><span class="vn-cell">${content}</span></td>`
  return html`<table class="govuk-table vn-table" role="table"><caption class="govuk-table__caption${quietCaption ? ' govuk-visually-hidden' : ' govuk-table__caption--m'}">${title}</caption><thead class="govuk-table__head" role="rowgroup"><tr class="govuk-table__row" role="row">${head.map((each, i) => html`<th scope="col" role="columnheader" class="govuk-table__header${numeric.includes(i) ? ' govuk-table__header--numeric' : ''}">${each}</th>`)}</tr></thead><tbody class="govuk-table__body" role="rowgroup">${rows.map((row) => html`<tr class="govuk-table__row" role="row">${row.map(cell)}</tr>`)}</tbody></table>`
}

export const backLink = (language: Language, href: string): Html =>
  html`<nav aria-label="${say(webTexts, 'back', language)}"><a href="${href}" class="govuk-back-link">${say(webTexts, 'back', language)}</a></nav>`

export const breadcrumbs = (language: Language, items: Array<[href: string, label: string]>): Html =>
  html`<nav class="govuk-breadcrumbs" aria-label="${say(webTexts, 'breadcrumbs', language)}"><ol class="govuk-breadcrumbs__list">${items.map(([href, label]) => html`<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="${href}">${label}</a></li>`)}</ol></nav>`

export interface TimelineItem {
  title: string
  when: string
  by?: string
  content?: HtmlValue
}

/** What happened, the newest first or last as given; an ordered list to those who hear it. */
export const timeline = (items: TimelineItem[]): Html =>
  html`<ol class="vn-timeline">${items.map(({ title, when, by, content }) => html`<li class="vn-timeline__item"><h3 class="govuk-heading-s vn-timeline__title">${title}</h3><p class="govuk-body-s vn-quiet">${when}${by && html` · ${by}`}</p>${content}</li>`)}</ol>`

export const empty = (title: string, content: HtmlValue): Html =>
  html`<div class="vn-empty"><p class="govuk-body-l">${title}</p>${content}</div>`

export const card = (href: string, title: string, content: HtmlValue, meta?: HtmlValue): Html =>
  html`<li class="vn-card"><h3 class="govuk-heading-s vn-card__title"><a class="govuk-link" href="${href}">${title}</a></h3><p class="govuk-body vn-card__text">${content}</p>${meta && html`<p class="govuk-body-s vn-quiet vn-card__meta">${meta}</p>`}</li>`

export const cards = (items: Html[]): Html => html`<ul class="vn-cards">${items}</ul>`

export function pagination(language: Language, { previous, next }: { previous?: string; next?: string }): Html | false {
  if (!previous && !next) return false
  const part = (href: string, label: string, rel: 'prev' | 'next') =>
    html`<div class="govuk-pagination__${rel}"><a class="govuk-link govuk-pagination__link"${attributes({ href, rel })}><span class="govuk-pagination__link-title">${label}</span></a></div>`
  return html`<nav class="govuk-pagination" aria-label="${say(webTexts, 'pages', language)}">${previous && part(previous, say(webTexts, 'previousPage', language), 'prev')}${next && part(next, say(webTexts, 'nextPage', language), 'next')}</nav>`
}

/** Bars of numbers, drawn by the server, with the same numbers in a table beside for those who do not see them. */
export function barChart(chart: {
  caption: string
  unit: string
  bars: Array<{ label: string; value: number }>
  show: (value: number) => string
}): Html {
  const most = Math.max(1, ...chart.bars.map(({ value }) => value))
  const height = chart.bars.length * 28
  const bars = chart.bars.map(
    ({ value }, i) =>
      html`<rect x="0" y="${i * 28 + 4}" width="${Math.round((value / most) * 300)}" height="20" class="vn-bar"/>`,
  )
  return html`<div class="vn-chart"><svg viewBox="0 0 300 ${height}" width="300" height="${height}" role="img" aria-label="${chart.caption}" class="vn-chart__drawing">${bars}</svg>${table({ caption: chart.caption, head: [chart.caption, chart.unit], rows: chart.bars.map(({ label, value }) => [label, chart.show(value)]), numeric: [1] })}</div>`
}
