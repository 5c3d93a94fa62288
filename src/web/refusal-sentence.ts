import type { Refusal } from '#kernel/refusal.ts'
import { fill, type Language, type Text } from '#kernel/texts.ts'
import { appointmentsRefusals } from '#modules/appointments/index.ts'
import { caseFilesRefusals } from '#modules/case-files/index.ts'
import { casesRefusals } from '#modules/cases/index.ts'
import { documentsRefusals } from '#modules/documents/index.ts'
import { identityTexts } from '#modules/identity/index.ts'
import { postOfficeTexts } from '#modules/post-office/index.ts'
import { verificationRefusals } from '#modules/verification/index.ts'

const all: Record<string, Text> = {
  ...identityTexts,
  ...documentsRefusals,
  ...postOfficeTexts,
  ...casesRefusals,
  ...caseFilesRefusals,
  ...appointmentsRefusals,
  ...verificationRefusals,
}

/** What a refusal says to the person, and what to do; undefined for a code without sentences, which is a fault of ours. */
export function refusalSentence(
  { code, facts }: Pick<Refusal, 'code' | 'facts'>,
  language: Language,
): string | undefined {
  const text = all[code]
  return text && fill(text[language], facts)
}
