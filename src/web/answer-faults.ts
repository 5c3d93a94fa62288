import type { FieldError } from '#kernel/refusal.ts'
import { fill, type Language, type Text } from '#kernel/texts.ts'
import { answerTexts } from '#modules/catalogue/index.ts'
import type { FieldFault } from './components/index.ts'

const texts: Record<string, Text> = answerTexts

/** What is wrong, as a sentence beside its field. */
export function faultsOf(errors: readonly FieldError[], language: Language): FieldFault[] {
  return errors.map(({ field, code, facts }) => ({
    field,
    code,
    message: fill(texts[code]?.[language] ?? texts['not-valid']![language], facts ?? {}),
  }))
}
