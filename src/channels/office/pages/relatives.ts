import {
  backLink,
  body,
  button,
  columns,
  errorSummary,
  type FieldFault,
  form,
  heading,
  mono,
  table,
  textInput,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { textsOf } from './inbox.ts'

export interface RelativesData {
  relatives: Array<{ curp: string; declaredAt: Date }>
  typed: string
  faults: FieldFault[]
}

export function relativesPage(context: PageContext, { relatives, typed, faults }: RelativesData): Page {
  const t = textsOf(context)
  const { language, csrf } = context
  const error = faults[0]?.message
  return {
    title: t('relatives.title'),
    failed: faults.length > 0,
    before: backLink(language, '/oficina'),
    body: columns(html`${errorSummary(language, faults)}${heading(t('relatives.title'))}${body(t('relatives.body'))}
${form(
  csrf,
  '/oficina/familiares',
  html`${textInput(language, { name: 'curp', label: t('relatives.curp'), width: 20, spellcheck: false, value: typed, ...(error && { error }) })}${button({ label: t('relatives.go') })}`,
)}
${
  relatives.length > 0 &&
  table({
    caption: t('relatives.title'),
    quietCaption: true,
    head: ['CURP', t('relatives.since')],
    rows: relatives.map(({ curp, declaredAt }) => [mono(curp), showDay(declaredAt, context)]),
  })
}`),
  }
}
