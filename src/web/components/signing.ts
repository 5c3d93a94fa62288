import { say } from '#kernel/texts.ts'
import type { PageContext } from '../context.ts'
import { showInstant } from '../format.ts'
import { attributes, type Html, html } from '../html.ts'
import { type SigningTextKey, signingTexts } from '../signing-texts.ts'
import { webTexts } from '../texts.ts'
import { body, warning } from './content.ts'

type Say = (key: SigningTextKey, facts?: Record<string, string>) => string

/** What only the script may say, by the code of each failure (browser/efirma/failure.ts). */
const spoken: SigningTextKey[] = [
  'busy',
  'holder',
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
  'challenge-expired',
  'wrong-origin',
  'document-differs',
  'session-ended',
  'no-answer',
  'refused',
  'page-fault',
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
    data: { 'data-challenge-url': challengeUrl },
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
  const claimed = t('sign.time', { at: showInstant(document.signingTime, context) })
  return html`<h2 class="govuk-heading-m">${t('sign.with', { what: document.what })}</h2>${body(claimed)}${efirmaForm(
    context,
    t,
    {
      kind: 'sign-document',
      button: document.buttonLabel,
      data: {
        'data-document-url': document.documentUrl,
        'data-byte-range': document.byteRange.join(','),
        'data-signing-time': document.signingTime.toISOString(),
      },
      action: document.action,
      fields: { preparationId: document.preparationId, certificate: '', signedAttributes: '', signature: '' },
    },
  )}`
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
  const error = say(webTexts, 'error', language)
  const holder = html`<p class="govuk-hint" role="status" data-efirma-holder></p>`
  return html`<noscript>${warning(language, t('noscript'))}</noscript>
<form data-efirma="${kind}" data-send="enviar" novalidate${attributes(data)}>
<div class="govuk-error-summary" data-efirma-summary tabindex="-1" hidden><div role="alert"><h2 class="govuk-error-summary__title">${say(webTexts, 'problem', language)}</h2><div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"></ul></div></div></div>
${field(error, { id: 'cer', label: t('cer'), type: 'file', after: holder })}
${field(error, { id: 'key', label: t('key'), hint: t('key.hint'), type: 'file' })}
${field(error, { id: 'password', label: t('password'), hint: t('password.hint'), type: 'password' })}
<button type="submit" class="govuk-button" disabled>${button}</button>
<p class="vn-status" role="status" data-efirma-busy></p>
<p class="vn-status vn-late" data-efirma-waiting>${t('waiting')}</p>
<ul hidden data-efirma-texts><li data-code="error">${error}</li>${spoken.map((code) => html`<li data-code="${code}">${t(code)}</li>`)}</ul>
</form>
<form method="post" id="enviar"${attributes({ action })}><input type="hidden" name="csrf" value="${csrf}">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}</form>`
}

interface EfirmaField {
  id: 'cer' | 'key' | 'password'
  label: string
  hint?: string
  type: 'file' | 'password'
  after?: Html
}

/** The script adds the error to what describes the field while there is one: a hidden description would be read out all the same. */
function field(error: string, { id, label, hint, type, after }: EfirmaField): Html {
  const describedBy = hint ? `${id}-hint` : ''
  const input = attributes({
    id,
    type,
    class: type === 'file' ? 'govuk-file-upload' : 'govuk-input govuk-input--width-20',
    accept: type === 'file' ? `.${id}` : null,
    autocomplete: 'off',
    spellcheck: type === 'password' ? 'false' : null,
    'data-describedby': describedBy,
    'aria-describedby': describedBy || null,
  })
  return html`<div class="govuk-form-group"><label class="govuk-label" for="${id}">${label}</label>${hint && html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}<p id="${id}-error" class="govuk-error-message" data-efirma-error="${id}" hidden><span class="govuk-visually-hidden">${error}:</span> <span data-efirma-message></span></p><input${input}>${after}</div>`
}
