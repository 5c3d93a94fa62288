import type { Online } from '../ficha.ts'
import type { Question } from '../question.ts'

export type Answers = Record<string, unknown>

/** The questions that are asked given these answers, in order. A condition looks only at questions that are asked themselves. */
export function askedQuestions({ questions }: Pick<Online, 'questions'>, answers: Answers): Question[] {
  const asked: Question[] = []
  const seen = new Set<string>()
  for (const question of questions) {
    const { when } = question
    const holds = !when || (seen.has(when.question) && when.is.includes(answers[when.question] as string | boolean))
    if (!holds) continue
    asked.push(question)
    seen.add(question.id)
  }
  return asked
}

/** Where the person goes on: the first question that is asked and not answered; undefined where all are. */
export function nextQuestion(
  online: Pick<Online, 'questions'>,
  answers: Answers,
  hasFile: (id: string) => boolean,
): Question | undefined {
  return askedQuestions(online, answers).find((question) => !isAnswered(question, answers, hasFile))
}

export function isAnswered(question: Question, answers: Answers, hasFile: (id: string) => boolean): boolean {
  if (question.type === 'file')
    return question.optional ? hasFile(question.id) || question.id in answers : hasFile(question.id)
  if (question.type === 'group')
    return Array.isArray(answers[question.id]) && (answers[question.id] as unknown[]).length >= (question.min ?? 0)
  return question.id in answers
}

/** The data document: what is asked and answered; answers to questions no longer asked are left behind, not sent. */
export function toData(online: Pick<Online, 'questions'>, answers: Answers): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const question of askedQuestions(online, answers)) {
    const value = answers[question.id]
    if (question.type !== 'file' && value !== undefined && value !== null) data[question.id] = value
  }
  return data
}
