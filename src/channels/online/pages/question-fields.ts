import type { Language } from '#kernel/texts.ts'
import { say } from '#kernel/texts.ts'
import {
  addressFields,
  addressLabels,
  type PostalCode,
  type Posted,
  type SimpleQuestion,
} from '#modules/catalogue/index.ts'
import {
  button,
  checkbox,
  checkboxes,
  dateInput,
  type FieldFault,
  radios,
  select,
  textArea,
  textInput,
} from '#web/components/index.ts'
import { type Html, html } from '#web/html.ts'
import { draftTexts } from '../draft-texts.ts'

/** One question on a page, or one field of a group: the same drawing, other names. */
export interface QuestionField {
  language: Language
  question: SimpleQuestion
  /** Of the field in the form: the question's id, or `group-field`. */
  name: string
  posted: Posted
  faults: readonly FieldFault[]
  asHeading: boolean
  /** What is known of the postal code that was typed. */
  places?: readonly PostalCode[]
}

type Draw = (field: Shown) => Html

interface Shown extends QuestionField {
  common: { name: string; label: string; hint?: string; error?: string; asHeading: boolean }
  value: string
}

export function questionField(field: QuestionField): Html {
  const { question, language, name, posted, faults, asHeading } = field
  const label = question.label[language]
  const shown: Shown = {
    ...field,
    value: one(posted[name]),
    common: {
      name,
      label: question.optional ? say(draftTexts, 'optional', language, { label }) : label,
      asHeading,
      ...(question.hint && { hint: question.hint[language] }),
      ...errorOf(faults, name),
    },
  }
  return drawings[question.type](shown)
}

const one = (value: Posted[string]): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))
const many = (value: Posted[string]): string[] => (Array.isArray(value) ? value : value ? [value] : [])
const errorOf = (faults: readonly FieldFault[], name: string): { error?: string } => {
  const error = faults.find(({ field }) => field === name)?.message
  return error === undefined ? {} : { error }
}

const input =
  (more: Partial<Parameters<typeof textInput>[1]> = {}): Draw =>
  ({ language, common, value }) =>
    textInput(language, { ...common, ...more, value })

/** A key whose last digit does not match is asked about once. */
const keyInput: Draw = ({ language, common, value, name, faults }) =>
  html`${textInput(language, { ...common, value, width: 20, spellcheck: false })}${
    faults.some(({ field, code }) => field === name && code?.endsWith('-digit')) &&
    checkbox(language, { name: `${name}-confirm`, label: say(draftTexts, 'digit.confirm', language), value: 'yes' })
  }`

const drawings: Record<SimpleQuestion['type'], Draw> = {
  text: input(),
  textarea: ({ language, common, value }) => textArea(language, { ...common, value }),
  number: input({ width: 10, inputmode: 'decimal' }),
  money: input({ width: 10, inputmode: 'decimal', prefix: '$' }),
  date: ({ language, common, posted, name }) =>
    dateInput(language, {
      ...common,
      day: one(posted[`${name}-day`]),
      month: one(posted[`${name}-month`]),
      year: one(posted[`${name}-year`]),
    }),
  yesno: ({ language, common, value }) =>
    radios(language, {
      ...common,
      value,
      inline: true,
      choices: [
        { value: 'yes', label: say(draftTexts, 'yes', language) },
        { value: 'no', label: say(draftTexts, 'no', language) },
      ],
    }),
  choice: ({ language, common, value, question }) =>
    radios(language, { ...common, value, choices: choicesOf(question, language) }),
  choices: ({ language, common, posted, name, question }) =>
    checkboxes(language, { ...common, values: many(posted[name]), choices: choicesOf(question, language) }),
  address: (shown) => addressInputs(shown),
  curp: keyInput,
  rfc: keyInput,
  email: input({ type: 'email', autocomplete: 'email', spellcheck: false }),
  phone: input({ type: 'tel', autocomplete: 'tel', width: 20 }),
}

function choicesOf(question: SimpleQuestion, language: Language) {
  const { choices } = question as Extract<SimpleQuestion, { type: 'choice' | 'choices' }>
  return choices.map(({ value, label, hint }) => ({
    value,
    label: label[language],
    ...(hint && { hint: hint[language] }),
  }))
}

/** The postal code first: it fills in the rest, also without a script. */
function addressInputs({ language, common, posted, name, faults, places = [] }: Shown): Html {
  const order = ['postalCode', ...addressFields.filter((field) => field !== 'postalCode')] as const
  const legend = common.asHeading
    ? html`<legend class="govuk-fieldset__legend govuk-fieldset__legend--l"><h1 class="govuk-fieldset__heading">${common.label}</h1></legend>`
    : html`<legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${common.label}</legend>`
  const fields = order.map((field) => {
    const id = `${name}-${field}`
    const value = one(posted[id])
    const base = { name: id, label: say(addressLabels, field, language), value, ...errorOf(faults, id) }
    if (field === 'settlement' && places.length > 0) {
      const choices = places.map(({ settlement }) => ({ value: settlement, label: settlement }))
      return select(language, { ...base, choices })
    }
    if (field === 'postalCode')
      return html`${textInput(language, { ...base, width: 5, inputmode: 'numeric', autocomplete: 'postal-code' })}${button({ label: say(draftTexts, 'address.find', language), kind: 'secondary', name: 'accion', value: 'buscar' })}`
    return textInput(language, {
      ...base,
      ...(field === 'exterior' || field === 'interior' ? { width: 10 as const } : {}),
    })
  })
  return html`<fieldset class="govuk-fieldset" id="${name}">${legend}${common.hint && html`<div class="govuk-hint">${common.hint}</div>`}${fields}</fieldset>`
}

/** A kept answer as it would have been posted, to show it again. */
export function toPosted(question: SimpleQuestion, value: unknown, name: string): Posted {
  if (value === undefined || value === null) return {}
  switch (question.type) {
    case 'yesno':
      return { [name]: value ? 'yes' : 'no' }
    case 'choices':
      return { [name]: value as string[] }
    case 'money':
      return { [name]: (Number(value) / 100).toFixed(2) }
    case 'date': {
      const [year, month, day] = String(value).split('-')
      return { [`${name}-day`]: String(Number(day)), [`${name}-month`]: String(Number(month)), [`${name}-year`]: year }
    }
    case 'address':
      return Object.fromEntries(
        Object.entries(value as Record<string, string>).map(([field, text]) => [`${name}-${field}`, text]),
      )
    default:
      return { [name]: String(value) }
  }
}
