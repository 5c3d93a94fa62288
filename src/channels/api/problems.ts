import type { FastifyReply } from 'fastify'
import type { FieldError } from '#kernel/refusal.ts'
import { fill, type Language, type Text } from '#kernel/texts.ts'
import { answerTexts } from '#modules/catalogue/index.ts'
import { identityTexts } from '#modules/identity/index.ts'

const texts: Record<string, Text> = { ...identityTexts, ...answerTexts }

/** What is wrong with the data, field by field, in the caller's language (RFC 9457 with a list of errors). */
export function sendInvalid(reply: FastifyReply, language: Language, errors: readonly FieldError[]): FastifyReply {
  const described = errors.map(({ field, code, facts }) => ({
    field,
    code,
    message: fill(texts[code]?.[language] ?? code, facts ?? {}),
  }))
  const detail = described.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return reply
    .code(422)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        status: 422,
        code: 'invalid',
        title: 'invalid',
        detail,
        errors: described,
      }),
    )
}
