import { say, type Text } from '#kernel/texts.ts'
import { type InboxRow, isOverdue, type Load, statusTexts, type Task } from '#modules/cases/index.ts'
import { barChart, body, bullets, empty, heading, link, table, tag } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay, showNumber } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type OfficeTextKey, officeTexts } from '../texts.ts'

export interface Desk {
  institution: { id: string; acronym: string; name: Text }
  /** Others where this person works. */
  others: Array<{ id: string; acronym: string }>
  supervises: boolean
  administers: boolean
}

export type NamedRow = InboxRow & { service: Text }

export interface InboxData extends Desk {
  rows: NamedRow[]
  tasks: Array<Task & { folio: string }>
  view: 'open' | 'mine' | 'closed'
}

type Say = (key: OfficeTextKey, facts?: Record<string, string | number>) => string
export const textsOf =
  ({ language }: PageContext): Say =>
  (key, facts = {}) =>
    say(officeTexts, key, language, facts)

function deskLinks(t: Say, { institution, others, supervises, administers }: Desk): Html {
  const at = `institucion=${institution.id}`
  return bulletsInline([
    link(`/oficina?${at}`, t('inbox.all')),
    link(`/oficina?${at}&ver=mios`, t('inbox.mine')),
    link(`/oficina?${at}&ver=cerrados`, t('inbox.closed')),
    link('/oficina/familiares', t('relatives')),
    supervises && link(`/oficina/carga?${at}`, t('load')),
    administers && link('/oficina/encargos', t('roles')),
    ...others.map(({ id, acronym }) => link(`/oficina?institucion=${id}`, acronym)),
  ])
}

const bulletsInline = (items: Array<Html | false>): Html =>
  html`<ul class="govuk-list vn-inline-list">${items.filter((item) => item !== false).map((item) => html`<li>${item}</li>`)}</ul>`

/** The institution's cases, the most urgent first. */
export function inboxPage(context: PageContext, data: InboxData): Page {
  const t = textsOf(context)
  const { language, now } = context
  const title = t('inbox', { institution: data.institution.acronym })
  const list =
    data.rows.length === 0
      ? empty(t('inbox.none'), html``)
      : table({
          caption: title,
          quietCaption: true,
          head: [t('folio'), t('service'), t('status'), t('received'), t('due'), t('assigned')],
          rows: data.rows.map((row) => [
            html`<a class="govuk-link vn-mono" href="/oficina/${row.folio}">${row.folio}</a>`,
            row.service[language],
            say(statusTexts, row.status, language),
            showDay(row.received_at, context),
            row.status === 'waiting'
              ? t('due.stopped')
              : html`${showDay(new Date(row.due_at.getTime() - 1), context)}${isOverdue(row.status, row.due_at, now) && html` ${tag(t('overdue'), 'red')}`}`,
            row.assigned_name ?? html`<span class="vn-quiet">${t('nobody')}</span>`,
          ]),
        })
  const tasks =
    data.tasks.length > 0 &&
    html`${heading(t('tasks'), 'm', 2)}${bullets(data.tasks.map(({ folio, due_at }) => html`<a class="govuk-link vn-mono" href="/oficina/${folio}">${folio}</a>${due_at && html` · ${showDay(new Date(due_at.getTime() - 1), context)}`}`))}`
  return { title, wide: true, body: html`${heading(title)}${deskLinks(t, data)}${list}${tasks}` }
}

export function loadPage(context: PageContext, desk: Desk, load: Load, overdue: NamedRow[]): Page {
  const t = textsOf(context)
  const title = t('load.title', { institution: desk.institution.acronym })
  const number = (value: number) => showNumber(value, context.language)
  return {
    title,
    wide: true,
    body: html`${heading(title)}${deskLinks(t, desk)}
${table({ caption: title, quietCaption: true, head: [t('load.open'), t('load.overdue'), t('load.unassigned')], rows: [[number(load.open), number(load.overdue), number(load.unassigned)]], numeric: [1, 2] })}
${heading(t('load.officer'), 'm', 2)}
${load.byOfficer.length === 0 ? body(t('load.none')) : html`${barChart({ caption: t('load.open'), unit: t('load.open'), bars: load.byOfficer.map(({ name, open }) => ({ label: name, value: open })), show: number })}${table({ caption: t('load.overdue'), head: [t('load.officer'), t('load.overdue')], rows: load.byOfficer.map(({ name, overdue }) => [name, number(overdue)]), numeric: [1] })}`}
${overdueList(context, t, overdue)}`,
  }
}

/** The longest overdue first: what the supervisor acts on. */
function overdueList(context: PageContext, t: Say, rows: NamedRow[]): Html {
  if (rows.length === 0) return html`${heading(t('load.list'), 'm', 2)}${body(t('load.list.none'))}`
  return table({
    caption: t('load.list'),
    head: [t('folio'), t('service'), t('due'), t('assigned')],
    rows: rows.map((row) => [
      html`<a class="govuk-link vn-mono" href="/oficina/${row.folio}">${row.folio}</a>`,
      row.service[context.language],
      showDay(new Date(row.due_at.getTime() - 1), context),
      row.assigned_name ?? html`<span class="vn-quiet">${t('nobody')}</span>`,
    ]),
  })
}
