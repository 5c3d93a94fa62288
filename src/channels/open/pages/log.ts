import { say, type Text } from '#kernel/texts.ts'
import type { Entry } from '#modules/ledger/index.ts'
import { body, bullets, columns, heading, lead, link, mono, summaryList, table } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showInstant, showNumber } from '#web/format.ts'
import { type HtmlValue, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type OpenTextKey, openTexts } from '../texts.ts'

const textsOf =
  ({ language }: PageContext) =>
  (key: OpenTextKey, facts: Record<string, string | number> = {}) =>
    say(openTexts, key, language, facts)

export interface LogData {
  size: number
  root: string
  key: string
  publicUrl: string
  last: Array<Entry & { index: number }>
  /** As people know them; what is not known is shown by its key. */
  names: { institution(id: string): string | undefined; service(id: string): Text | undefined }
}

export function logPage(context: PageContext, { size, root, key, publicUrl, last, names }: LogData): Page {
  const t = textsOf(context)
  return {
    title: t('log.title'),
    wide: true,
    body: html`${heading(t('log.title'))}${lead(t('log.lead'))}
${summaryList([
  { key: t('log.size'), value: showNumber(size, context.language) },
  { key: t('log.root'), value: mono(root) },
  { key: t('log.key'), value: mono(key) },
])}
${heading(t('log.check'), 'm', 2)}${body(t('log.check.body', { url: publicUrl }))}${heading(t('log.claims'), 'm', 2)}${body(t('log.claims.body'))}
${
  last.length > 0 &&
  table({
    caption: t('log.last'),
    head: ['#', t('log.act'), t('log.at'), t('log.institution'), t('log.service')],
    rows: last.map(({ index, act, at, institution, service }) => [
      String(index),
      actName(t, act),
      showInstant(at, context),
      institution ? (names.institution(institution) ?? institution) : '',
      service ? link(`/tramites/${service}`, names.service(service)?.[context.language] ?? service) : '',
    ]),
  })
}`,
  }
}

const actName = (t: ReturnType<typeof textsOf>, act: string): HtmlValue =>
  `act.${act}` in openTexts ? t(`act.${act}` as OpenTextKey) : mono(act)

export function dataPage(context: PageContext): Page {
  const t = textsOf(context)
  return {
    title: t('data.title'),
    body: columns(
      html`${heading(t('data.title'))}${lead(t('data.lead'))}${bullets([
        link('/api/v1/catalogue', t('data.catalogue')),
        link('/api/v1/schemas', t('data.schemas')),
        link('/log/checkpoint', t('data.checkpoint')),
      ])}${body(t('data.licence'))}`,
    ),
  }
}

export function apiPage(context: PageContext, publicUrl: string): Page {
  const t = textsOf(context)
  const lines = [
    'bin/ventanilla citizen whoami \\',
    `  --server ${publicUrl} \\`,
    '  --cer F --key F --password-file F',
    '',
    'bin/ventanilla citizen apply \\',
    '  --service ID --example --out DIR \\',
    `  --server ${publicUrl} …`,
    '',
    'bin/ventanilla verify acuse.pdf',
  ]
  return {
    title: t('api.title'),
    body: columns(
      html`${heading(t('api.title'))}${lead(t('api.lead'))}${body(t('api.sign'))}<p class="govuk-body">${link('/api/openapi.json', t('api.openapi'))}</p>
${heading(t('api.cli'), 'm', 2)}<pre class="vn-code">${lines.join('\n')}</pre>`,
    ),
  }
}
