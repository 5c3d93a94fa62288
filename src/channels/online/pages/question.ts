import { say } from '#kernel/texts.ts'
import type { Draft } from '#modules/cases/index.ts'
import {
  type GroupQuestion,
  type PostalCode,
  type Posted,
  type Question,
  type SimpleQuestion,
  showItem,
} from '#modules/catalogue/index.ts'
import type { Attachment } from '#modules/documents/index.ts'
import {
  backLink,
  body,
  button,
  buttonGroup,
  errorSummary,
  type FieldFault,
  fileInput,
  form,
  heading,
  inset,
  small,
  summaryList,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showBytes, showDay } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type DraftTextKey, draftTexts } from '../draft-texts.ts'
import { questionField } from './question-fields.ts'

export interface QuestionData {
  draft: Draft
  /** What is being asked for, in plain words. */
  service: string
  question: Question
  /** What is shown in the fields: what is kept, or what was just posted. */
  posted: Posted
  /** Revision the person had before them when they began: what another device answers meanwhile they are told. */
  basedOn: number
  faults: FieldFault[]
  back: string
  items: Array<Record<string, unknown>>
  attachments: Attachment[]
  places: PostalCode[]
  /** What is shown was typed before the session ended, and is not kept yet. */
  held: boolean
  /** Bytes. */
  largestFile: number
}

type Say = (key: DraftTextKey, facts?: Record<string, string | number>) => string

/** One question, one page. */
export function questionPage(context: PageContext, data: QuestionData): Page {
  const { language } = context
  const { draft, question, faults, back } = data
  const t: Say = (key, facts = {}) => say(draftTexts, key, language, facts)
  const content =
    question.type === 'file'
      ? filePart(context, data, t)
      : question.type === 'group'
        ? groupPart(context, data, question, t)
        : simplePart(context, data, question, t)
  return {
    title: question.label[language],
    failed: faults.length > 0,
    before: backLink(language, back),
    body: html`<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
${errorSummary(language, faults)}${data.held && inset(t('question.held'))}<span class="govuk-caption-l">${data.service}</span>${content}
${small(t('expires', { day: showDay(draft.expiresAt, context) }))}
</div></div>`,
  }
}

const action = ({ draft, question }: QuestionData) => `/borradores/${draft.id}/${question.id}`
const revision = ({ basedOn }: QuestionData) => html`<input type="hidden" name="revision" value="${basedOn}">`

function simplePart(context: PageContext, data: QuestionData, question: SimpleQuestion, t: Say): Html {
  const { posted, faults, places } = data
  const field = questionField({
    language: context.language,
    question,
    name: question.id,
    posted,
    faults,
    asHeading: true,
    places,
  })
  return form(context.csrf, action(data), html`${revision(data)}${field}${button({ label: t('continue') })}`)
}

function groupPart(context: PageContext, data: QuestionData, question: GroupQuestion, t: Say): Html {
  const { language, csrf } = context
  const { items, posted, faults } = data
  const itemName = question.itemName[language]
  const list = items.map((item, i) => ({
    key: capital(t('group.item', { item: itemName, number: i + 1 })),
    value: html`${showItem(question, item, language)} ${form(csrf, action(data), html`${revision(data)}<input type="hidden" name="quitar" value="${i}"><button class="vn-link-button vn-link-button--quiet" type="submit" name="accion" value="quitar">${t('group.remove')}<span class="govuk-visually-hidden"> ${itemName} ${i + 1}</span></button>`)}`,
  }))
  const full = items.length >= question.max
  const fields = question.fields.map((field) =>
    questionField({
      language,
      question: field,
      name: `${question.id}-${field.id}`,
      posted,
      faults,
      asHeading: false,
    }),
  )
  const enough = items.length >= (question.min ?? 0)
  const another = html`${heading(t('group.add', { item: itemName }), 'm', 2)}${fields}`
  return html`${heading(question.label[language])}${question.hint && html`<div class="govuk-hint">${question.hint[language]}</div>`}
${list.length > 0 ? summaryList(list) : body(t('group.none'))}
${form(csrf, action(data), html`<div id="${question.id}">${revision(data)}${!full && another}${buttonGroup(!full && button({ label: t('group.add', { item: itemName }), kind: 'secondary', name: 'accion', value: 'agregar' }), enough && button({ label: t('group.done'), name: 'accion', value: 'seguir' }))}</div>`)}`
}

const capital = (text: string): string => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

function filePart(context: PageContext, data: QuestionData, t: Say): Html {
  const { language, csrf } = context
  const { question, attachments, faults, largestFile } = data
  const label = question.label[language]
  const limit = Math.floor(largestFile / 1_048_576)
  const hint = [question.hint?.[language], t('file.kinds', { limit })].filter(Boolean).join('. ')
  const error = faults.find(({ field }) => field === question.id)?.message
  const kept =
    attachments.length > 0 &&
    html`${heading(t('file.attached'), 's', 2)}${summaryList(
      attachments.map(({ id, name, bytes }) => ({
        key: name,
        value: html`${showBytes(bytes, language)} ${form(csrf, action(data), html`<input type="hidden" name="archivo" value="${id}"><button class="vn-link-button vn-link-button--quiet" type="submit" name="accion" value="quitar">${t('file.remove')}<span class="govuk-visually-hidden"> ${name}</span></button>`)}`,
      })),
    )}`
  const upload = form(
    csrf,
    action(data),
    html`${revision(data)}${fileInput(language, { name: question.id, label: question.optional ? t('optional', { label }) : label, hint, asHeading: true, accept: '.pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png', ...(error && { error }) })}${button({ label: t('file.send') })}`,
    { files: true },
  )
  const onward = attachments.length > 0 ? t('file.keep') : question.optional ? t('file.skip') : undefined
  return html`${upload}${kept}${onward && form(csrf, action(data), html`${revision(data)}${button({ label: onward, kind: 'secondary', name: 'accion', value: 'seguir' })}`)}`
}
