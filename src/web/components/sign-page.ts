import { say } from '#kernel/texts.ts'
import type { Preparation } from '#modules/documents/index.ts'
import type { PageContext } from '../context.ts'
import { html } from '../html.ts'
import type { Page } from '../layout.ts'
import { signingTexts } from '../signing-texts.ts'
import { backLink, body, details, heading, link, type SummaryRow, summaryList } from './content.ts'
import { signDocumentForm } from './signing.ts'

export interface SignPage {
  title: string
  /** What the person is about to do, before the document. */
  text: string
  /** What it says, also for who has no viewer for PDF. */
  shown: SummaryRow[]
  back: string
  /** Where the prepared document is read, and where its signature goes. */
  documentUrl: string
  action: string
  preparation: Pick<Preparation, 'id' | 'byteRange' | 'signingTime'>
  open: string
  button: string
  what: string
}

/** What is seen is what is signed: the document, and below it the e.firma. */
export function signPage(context: PageContext, page: SignPage): Page {
  const { documentUrl, preparation } = page
  return {
    title: page.title,
    script: true,
    before: backLink(context.language, page.back),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">${heading(page.title)}${body(page.text)}${page.shown.length > 0 && summaryList(page.shown)}
<p class="govuk-body">${link(documentUrl, page.open)}</p>
${details(say(signingTexts, 'see-here', context.language), html`<object class="vn-document" data="${documentUrl}" type="application/pdf" aria-label="${page.open}"></object>`)}
${signDocumentForm(context, {
  action: page.action,
  documentUrl,
  byteRange: preparation.byteRange,
  signingTime: preparation.signingTime,
  preparationId: preparation.id,
  buttonLabel: page.button,
  what: page.what,
})}</div></div>`,
  }
}
