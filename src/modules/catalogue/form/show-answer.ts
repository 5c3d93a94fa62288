import { dateFormat, numberFormat } from '#kernel/formats.ts'
import type { Language } from '#kernel/texts.ts'
import type { Online } from '../ficha.ts'
import type { GroupQuestion, Question, SimpleQuestion } from '../question.ts'
import { type Answers, askedQuestions } from './flow.ts'

export interface AnswerRow {
  questionId: string
  label: string
  value: string
}

/** The answers as a person reads them, for the page that asks to check them and for the document that is signed. */
export function answerRows(
  online: Pick<Online, 'questions'>,
  answers: Answers,
  language: Language,
  fileNames: (id: string) => string[] = () => [],
): AnswerRow[] {
  return askedQuestions(online, answers).map((question) => ({
    questionId: question.id,
    label: question.label[language],
    value:
      question.type === 'file'
        ? fileNames(question.id).join('\n')
        : showValue(question, answers[question.id], language),
  }))
}

export function showValue(question: Question, value: unknown, language: Language): string {
  if (value === null || value === undefined) return ''
  if (question.type === 'group')
    return (value as Array<Record<string, unknown>>).map((item) => showItem(question, item, language)).join('\n')
  return showSimple(question as SimpleQuestion, value, language)
}

/** One item of a group on one line. */
export function showItem(question: GroupQuestion, item: Record<string, unknown>, language: Language): string {
  const parts = question.fields
    .filter((field) => item[field.id] !== undefined)
    .map((field) => `${field.label[language]}: ${showSimple(field, item[field.id], language)}`)
  return parts.join(' · ')
}

const yesNo = { es: ['Sí', 'No'], en: ['Yes', 'No'] } as const

function showSimple(question: SimpleQuestion, value: unknown, language: Language): string {
  switch (question.type) {
    case 'yesno':
      return yesNo[language][value ? 0 : 1]
    case 'choice':
      return question.choices.find((each) => each.value === value)?.label[language] ?? String(value)
    case 'choices':
      return (value as string[])
        .map((each) => question.choices.find((choice) => choice.value === each)?.label[language] ?? each)
        .join(', ')
    case 'money':
      return numberFormat(language, question.currency).format(Number(value) / 100)
    case 'number':
      return `${numberFormat(language).format(Number(value))}${question.unit ? ` ${question.unit[language]}` : ''}`
    case 'date':
      return dateFormat(language, 'UTC', { dateStyle: 'long' }).format(new Date(String(value)))
    case 'address':
      return showAddress(value as Record<string, string>)
    default:
      return String(value)
  }
}

function showAddress(address: Record<string, string>): string {
  const number = [address.exterior, address.interior && `int. ${address.interior}`].filter(Boolean).join(' ')
  return [
    `${address.street} ${number}`,
    address.settlement,
    `${address.postalCode} ${address.municipality}`,
    address.state,
  ]
    .filter(Boolean)
    .join(', ')
}
