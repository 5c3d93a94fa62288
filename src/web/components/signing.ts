import { say } from '#kernel/texts.ts'
import type { PageContext } from '../context.ts'
import { attributes, type Html, html } from '../html.ts'
import { type SigningTextKey, signingTexts } from '../signing-texts.ts'
import { webTexts } from '../texts.ts'
import { warning } from './content.ts'

type Say = (key: SigningTextKey, facts?: Record<string, string>) => string

/** What only the script may say, by the code of each failure (browser/efirma/failure.ts). */
const spoken: SigningTextKey[] = [
  'busy',
  'certificate-missing',
  'key-missing',
  'password-missing',
  'certificate-unreadable',
  'certificate-is-key',
  'key-unreadable',
  'key-is-certificate',
  'wrong-password-or-key',
  'key-mismatch',
  'challenge-unknown',
  'wrong-origin',
  'document-differs',
  'no-answer',
  'refused',
  'no-webcrypto',
]

/** Signs a challenge; only its number, the certificate and the signature are posted to `action`. */
export function signInForm(
  context: PageContext,
  { action, challengeUrl }: { action: string; challengeUrl: string },
): Html {
  const t: Say = (key, facts = {}) => say(signingTexts, key, context.language, facts)
  return efirmaForm(context, t, {
    kind: 'sign-in',
    button: t('sign-in'),
    data: { 'data-challenge': challengeUrl },
    action,
    fields: { challengeId: '', certificate: '', signature: '' },
  })
}

export interface SignDocument {
  action: string
  documentUrl: string
  byteRange: readonly number[]
  signingTime: Date
  preparationId: string
  buttonLabel: string
  what: string
}

/** Signs a prepared document; only the certificate, the signed attributes and the signature are posted to `action`. */
export function signDocumentForm(context: PageContext, document: SignDocument): Html {
  const t: Say = (key, facts = {}) => say(signingTexts, key, context.language, facts)
  return html`<h2 class="govuk-heading-m">${t('sign.with', { what: document.what })}</h2>${efirmaForm(context, t, {
    kind: 'sign-document',
    button: document.buttonLabel,
    data: { 'data-document': document.documentUrl, 'data-range': document.byteRange.join(',') },
    action: document.action,
    fields: { preparationId: document.preparationId, certificate: '', signedAttributes: '', signature: '' },
  })}`
}

interface Parts {
  kind: 'sign-in' | 'sign-document'
  button: string
  data: Record<string, string>
  action: string
  fields: Record<string, string>
}

/** Files and password have no name and stand in a form that is never sent; the second form carries what may travel. */
function efirmaForm(context: PageContext, t: Say, { kind, button, data, action, fields }: Parts): Html {
  const { language, csrf } = context
  const file = (id: 'cer' | 'key', hint?: string) =>
    html`<div class="govuk-form-group"><label class="govuk-label" for="${id}">${t(id)}</label>${hint && html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}${fault(id)}<input class="govuk-file-upload" type="file"${attributes({ id, accept: `.${id}`, 'aria-describedby': [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(' ') })}></div>`
  const fault = (id: string) =>
    html`<p id="${id}-error" class="govuk-error-message" data-efirma-error="${id}" hidden><span class="govuk-visually-hidden">${say(webTexts, 'error', language)}:</span> <span data-efirma-message></span></p>`
  return html`<noscript>${warning(language, t('noscript'))}</noscript>
<form data-efirma="${kind}" data-send="enviar" novalidate${attributes(data)}>
<div class="govuk-error-summary" data-efirma-summary tabindex="-1" hidden><div role="alert"><h2 class="govuk-error-summary__title">${say(webTexts, 'problem', language)}</h2><div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"><li><a href="#cer"></a></li></ul></div></div></div>
${file('cer')}${file('key', t('key.hint'))}
<div class="govuk-form-group"><label class="govuk-label" for="password">${t('password')}</label><div class="govuk-hint" id="password-hint">${t('password.hint')}</div>${fault('password')}<input class="govuk-input govuk-input--width-20" id="password" type="password" autocomplete="off" spellcheck="false" aria-describedby="password-hint password-error"></div>
<button type="submit" class="govuk-button" disabled>${button}</button>
<p class="vn-status" role="status" data-efirma-busy></p>
<ul hidden>${spoken.map((code) => html`<li data-code="${code}">${t(code)}</li>`)}</ul>
</form>
<form method="post" id="enviar"${attributes({ action })}><input type="hidden" name="csrf" value="${csrf}">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}</form>`
}
