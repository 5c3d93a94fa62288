import type { Checked, FieldError } from '#kernel/refusal.ts'
import type { GroupQuestion } from '../question.ts'
import { type Posted, parseAnswer } from './parse-answer.ts'

/** One item of a repeating group: «another dependant?». */
export function parseGroupItem(
  question: GroupQuestion,
  posted: Posted,
  today: string,
): Checked<Record<string, unknown>> {
  const item: Record<string, unknown> = {}
  const errors: FieldError[] = []
  for (const field of question.fields) {
    const parsed = parseAnswer(field, posted, `${question.id}-${field.id}`, today)
    if (!parsed.ok) errors.push(...parsed.errors)
    else if (parsed.value !== null) item[field.id] = parsed.value
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: item }
}
