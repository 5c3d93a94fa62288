import { type Language, say } from '#kernel/texts.ts'
import { attributes, type Html, type HtmlValue, html, rawHtml } from '../html.ts'
import { webTexts } from '../texts.ts'

/** What every question has. `error` is a sentence in the person's language, tied to the field. */
export interface Field {
  name: string
  label: string
  hint?: string
  error?: string
  /** The label is the page's heading: one question a page. */
  asHeading?: boolean
}

const describedBy = ({ name, hint, error }: Field) =>
  [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ') || null

function hintAndError({ name, hint, error }: Field, language: Language): Html {
  return html`${hint && html`<div id="${name}-hint" class="govuk-hint">${hint}</div>`}${error && html`<p id="${name}-error" class="govuk-error-message"><span class="govuk-visually-hidden">${say(webTexts, 'error', language)}:</span> ${error}</p>`}`
}

function labelOf(field: Field): Html {
  const label = html`<label class="govuk-label${field.asHeading ? ' govuk-label--l' : ''}" for="${field.name}">${field.label}</label>`
  return field.asHeading ? html`<h1 class="govuk-label-wrapper">${label}</h1>` : label
}

const group = (error: string | undefined, content: Html) =>
  html`<div class="govuk-form-group${error ? ' govuk-form-group--error' : ''}">${content}</div>`

export interface TextField extends Field {
  value?: string
  type?: 'text' | 'email' | 'tel' | 'search' | 'password'
  width?: 2 | 3 | 4 | 5 | 10 | 20
  inputmode?: 'numeric' | 'decimal' | 'email' | 'tel'
  autocomplete?: string
  prefix?: string
  spellcheck?: boolean
  maxlength?: number
}

export function textInput(language: Language, field: TextField): Html {
  const { name, value = '', type = 'text', width, prefix, error } = field
  const input = html`<input class="govuk-input${width ? ` govuk-input--width-${width}` : ''}${error ? ' govuk-input--error' : ''}"${attributes(
    {
      id: name,
      name,
      type,
      value,
      inputmode: field.inputmode,
      autocomplete: field.autocomplete,
      maxlength: field.maxlength,
      spellcheck: field.spellcheck === false ? 'false' : null,
      'aria-describedby': describedBy(field),
    },
  )}>`
  const wrapped = prefix
    ? html`<div class="govuk-input__wrapper"><div class="govuk-input__prefix" aria-hidden="true">${prefix}</div>${input}</div>`
    : input
  return group(error, html`${labelOf(field)}${hintAndError(field, language)}${wrapped}`)
}

export function textArea(language: Language, field: Field & { value?: string; rows?: number }): Html {
  const { name, value = '', rows = 5, error } = field
  return group(
    error,
    html`${labelOf(field)}${hintAndError(field, language)}<textarea class="govuk-textarea${error ? ' govuk-textarea--error' : ''}"${attributes({ id: name, name, rows, 'aria-describedby': describedBy(field) })}>${value}</textarea>`,
  )
}

export interface Choice {
  value: string
  label: string
  hint?: string
}

export function select(language: Language, field: Field & { choices: Choice[]; value?: string }): Html {
  const { name, choices, value, error } = field
  return group(
    error,
    html`${labelOf(field)}${hintAndError(field, language)}<select class="govuk-select${error ? ' govuk-select--error' : ''}"${attributes({ id: name, name, 'aria-describedby': describedBy(field) })}>${choices.map((each) => html`<option${attributes({ value: each.value, selected: each.value === value })}>${each.label}</option>`)}</select>`,
  )
}

function fieldset(field: Field, content: HtmlValue): Html {
  const legend = html`<legend class="govuk-fieldset__legend${field.asHeading ? ' govuk-fieldset__legend--l' : ' govuk-fieldset__legend--m'}">${field.asHeading ? html`<h1 class="govuk-fieldset__heading">${field.label}</h1>` : field.label}</legend>`
  return html`<fieldset class="govuk-fieldset"${attributes({ 'aria-describedby': describedBy(field) })}>${legend}${content}</fieldset>`
}

export function radios(
  language: Language,
  field: Field & { choices: Choice[]; value?: string; inline?: boolean },
): Html {
  const items = field.choices.map((each, i) => choiceItem('radios', field.name, each, i, each.value === field.value))
  const list = html`<div class="govuk-radios${field.inline ? ' govuk-radios--inline' : ''}">${items}</div>`
  return group(field.error, fieldset(field, html`${hintAndError(field, language)}${list}`))
}

export function checkboxes(language: Language, field: Field & { choices: Choice[]; values?: readonly string[] }): Html {
  const items = field.choices.map((each, i) =>
    choiceItem('checkboxes', field.name, each, i, field.values?.includes(each.value) ?? false),
  )
  return group(
    field.error,
    fieldset(field, html`${hintAndError(field, language)}<div class="govuk-checkboxes">${items}</div>`),
  )
}

/** One box with its sentence: consent, declaration. */
export function checkbox(language: Language, field: Field & { value: string; checked?: boolean }): Html {
  const { name, label, hint, error, value, checked } = field
  const item = choiceItem('checkboxes', name, { value, label, hint }, 0, checked ?? false)
  return group(
    error,
    html`${error && html`<p id="${name}-error" class="govuk-error-message"><span class="govuk-visually-hidden">${say(webTexts, 'error', language)}:</span> ${error}</p>`}<div class="govuk-checkboxes">${item}</div>`,
  )
}

function choiceItem(
  kind: 'radios' | 'checkboxes',
  name: string,
  choice: Choice,
  index: number,
  checked: boolean,
): Html {
  const id = index === 0 ? name : `${name}-${index + 1}`
  return html`<div class="govuk-${kind}__item"><input class="govuk-${kind}__input"${attributes({ id, name, type: kind === 'radios' ? 'radio' : 'checkbox', value: choice.value, checked, 'aria-describedby': choice.hint ? `${id}-item-hint` : null })}><label class="govuk-label govuk-${kind}__label" for="${id}">${choice.label}</label>${choice.hint && html`<div id="${id}-item-hint" class="govuk-hint govuk-${kind}__hint">${choice.hint}</div>`}</div>`
}

/** Three boxes, because people know their dates by heart (`name-day`, `name-month`, `name-year`). */
export function dateInput(
  language: Language,
  field: Field & { day?: string; month?: string; year?: string; autocomplete?: boolean },
): Html {
  const part = (key: 'day' | 'month' | 'year', width: number) =>
    html`<div class="govuk-date-input__item"><div class="govuk-form-group"><label class="govuk-label govuk-date-input__label" for="${key === 'day' ? field.name : `${field.name}-${key}`}">${say(webTexts, key, language)}</label><input class="govuk-input govuk-date-input__input govuk-input--width-${width}${field.error ? ' govuk-input--error' : ''}"${attributes({ id: key === 'day' ? field.name : `${field.name}-${key}`, name: `${field.name}-${key}`, type: 'text', inputmode: 'numeric', value: field[key] ?? '', autocomplete: field.autocomplete ? `bday-${key}` : null })}></div></div>`
  const inputs = html`<div class="govuk-date-input">${part('day', 2)}${part('month', 2)}${part('year', 4)}</div>`
  return group(field.error, fieldset(field, html`${hintAndError(field, language)}${inputs}`))
}

export function fileInput(
  language: Language,
  field: Field & { accept?: string; id?: string; multiple?: boolean },
): Html {
  const { name, accept, error } = field
  return group(
    error,
    html`${labelOf(field)}${hintAndError(field, language)}<input class="govuk-file-upload${error ? ' govuk-file-upload--error' : ''}"${attributes({ id: name, name, type: 'file', accept, multiple: field.multiple, 'aria-describedby': describedBy(field) })}>`,
  )
}

export interface ButtonProps {
  label: string
  kind?: 'primary' | 'secondary' | 'warning'
  name?: string
  value?: string
  /** Makes it a link that looks like a button: for going somewhere, never for doing something. */
  href?: string
  start?: boolean
}

export function button({ label, kind = 'primary', name, value, href, start }: ButtonProps): Html {
  const look = `govuk-button${kind === 'primary' ? '' : ` govuk-button--${kind}`}${start ? ' govuk-button--start' : ''}`
  const arrow =
    start &&
    rawHtml(
      '<svg class="govuk-button__start-icon" width="17.5" height="19" viewBox="0 0 33 40" aria-hidden="true" focusable="false"><path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>',
    )
  if (href) return html`<a href="${href}" role="button" draggable="false" class="${look}">${label}${arrow}</a>`
  return html`<button type="submit" class="${look}"${attributes({ name, value })} data-prevent-double-click="true">${label}${arrow}</button>`
}

export const buttonGroup = (...items: HtmlValue[]): Html => html`<div class="govuk-button-group">${items}</div>`

/** A form that posts back with its token. */
export function form(
  csrf: string,
  action: string,
  content: HtmlValue,
  options: { files?: boolean; id?: string } = {},
): Html {
  return html`<form method="post" novalidate${attributes({ action, id: options.id, enctype: options.files ? 'multipart/form-data' : null })}><input type="hidden" name="csrf" value="${csrf}">${content}</form>`
}

export interface FieldFault {
  field: string
  message: string
  /** Of the fault, where the page offers something for it. */
  code?: string
}

/** First on the page and in the keyboard's way: every fault, linked to its field. */
export function errorSummary(language: Language, faults: readonly FieldFault[]): Html | false {
  if (faults.length === 0) return false
  return html`<div class="govuk-error-summary" tabindex="-1"><div role="alert"><h2 class="govuk-error-summary__title">${say(webTexts, 'problem', language)}</h2><div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">${faults.map(({ field, message }) => html`<li>${field ? html`<a href="#${field}">${message}</a>` : message}</li>`)}</ul></div></div></div>`
}
