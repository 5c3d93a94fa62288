import { say } from '#kernel/texts.ts'
import {
  body,
  button,
  columns,
  errorSummary,
  type FieldFault,
  fileInput,
  form,
  heading,
  lead,
  textInput,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type OpenTextKey, openTexts } from '../texts.ts'

export const textsOf =
  ({ language }: PageContext) =>
  (key: OpenTextKey, facts: Record<string, string | number> = {}) =>
    say(openTexts, key, language, facts)

export interface VerifyForm {
  code: string
  folio: string
  faults: FieldFault[]
}

export function verifyPage(context: PageContext, { code, folio, faults }: VerifyForm): Page {
  const t = textsOf(context)
  const { language, csrf } = context
  const faultAt = (field: string) => {
    const error = faults.find((fault) => fault.field === field)?.message
    return error ? { error } : {}
  }
  return {
    title: t('verify.title'),
    failed: faults.length > 0,
    body: columns(
      html`${errorSummary(language, faults)}${heading(t('verify.title'))}${lead(t('verify.lead'))}
${form(csrf, '/verificar', html`${fileInput(language, { name: 'archivo', label: t('verify.file'), hint: t('verify.file.hint'), accept: '.pdf,.asice,.p7m,.p7s,.tst,.tsr,.cer,.pem,application/pdf,application/vnd.etsi.asic-e+zip', ...faultAt('archivo') })}${button({ label: t('verify.go') })}`, { files: true })}
${heading(t('verify.code.title'), 'm', 2)}
${form(
  csrf,
  '/verificar/codigo',
  html`${textInput(language, { name: 'codigo', label: t('verify.code'), hint: t('verify.code.hint'), value: code, width: 20, spellcheck: false, ...faultAt('codigo') })}
${textInput(language, { name: 'folio', label: t('verify.folio'), hint: t('verify.folio.hint'), value: folio, width: 20, spellcheck: false, ...faultAt('folio') })}
${button({ label: t('verify.code.go'), kind: 'secondary' })}`,
)}`,
      html`${heading(t('verify.offline'), 's', 2)}${body(t('verify.offline.body'))}`,
    ),
  }
}
