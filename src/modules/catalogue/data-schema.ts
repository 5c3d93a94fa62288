import type { Ficha } from './ficha.ts'
import { LARGEST_NUMBER } from './form/check-value.ts'
import { LINES, NOT_BLANK, ONE_LINE } from './form/written-text.ts'
import { addressFields, type Condition, type Question, type SimpleQuestion } from './question.ts'

export type JsonSchema = Record<string, unknown>

const string = (more: JsonSchema = {}): JsonSchema => ({ type: 'string', ...more })
const object = (properties: Record<string, JsonSchema>, required: string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

/**
 * The published JSON Schema (2020-12) of a service's data, made from its questions, so that the page and a program are
 * checked alike. A question with a condition is required exactly where the condition holds, and must be absent elsewhere.
 * Files are not in the data: they are attached, and named in the signed application by digest.
 */
export function dataSchemaOf({ id, version, name, online }: Ficha): JsonSchema {
  const questions = (online?.questions ?? []).filter(({ type }) => type !== 'file')
  const always = questions.filter(({ when, optional }) => !when && !optional)
  const conditional = questions.filter((question) => question.when)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:ventanilla:service:${id}:${version}`,
    title: name.es,
    ...object(
      Object.fromEntries(questions.map((question) => [question.id, schemaOf(question)])),
      always.map((question) => question.id),
    ),
    ...(conditional.length > 0 && { allOf: conditional.map((question) => whenSchema(question, question.when!)) }),
  }
}

function whenSchema({ id, optional }: Question, { question, is }: Condition): JsonSchema {
  return {
    if: { properties: { [question]: { enum: is } }, required: [question] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word; the object is never awaited
    ...(!optional && { then: { required: [id] } }),
    else: { not: { required: [id] } },
  }
}

function schemaOf(question: Question): JsonSchema {
  const described = { title: question.label.es }
  if (question.type === 'group') {
    const fields = Object.fromEntries(question.fields.map((field) => [field.id, simpleSchema(field)]))
    const required = question.fields.filter(({ optional }) => !optional).map(({ id }) => id)
    return {
      ...described,
      type: 'array',
      minItems: question.min ?? 0,
      maxItems: question.max,
      items: object(fields, required),
    }
  }
  return { ...described, ...simpleSchema(question as SimpleQuestion) }
}

function simpleSchema(question: SimpleQuestion): JsonSchema {
  switch (question.type) {
    case 'text':
      return string({
        minLength: question.minLength ?? 1,
        maxLength: question.maxLength ?? 200,
        ...(question.pattern && { pattern: question.pattern }),
        ...written(ONE_LINE),
      })
    case 'textarea':
      return string({
        minLength: question.minLength ?? 1,
        maxLength: question.maxLength ?? 4000,
        ...written(LINES),
      })
    case 'number':
      return { type: question.decimals ? 'number' : 'integer', ...bounds(question.min, question.max) }
    case 'money':
      return {
        type: 'integer',
        description: `${question.currency}, cents`,
        ...bounds((question.min ?? 0) * 100, (question.max ?? LARGEST_NUMBER) * 100),
      }
    case 'date':
      return string({ format: 'date' })
    case 'yesno':
      return { type: 'boolean' }
    case 'choice':
      return { enum: question.choices.map(({ value }) => value) }
    case 'choices':
      return {
        type: 'array',
        uniqueItems: true,
        minItems: question.optional ? 0 : 1,
        items: { enum: question.choices.map(({ value }) => value) },
      }
    case 'address':
      return object(
        Object.fromEntries(addressFields.map((field) => [field, addressField(field)])),
        addressFields.filter((field) => field !== 'interior'),
      )
    case 'curp':
      return string({ pattern: '^[A-ZÑ]{4}\\d{6}[HMX][A-Z]{2}[A-ZÑ]{3}[A-Z\\d]\\d$' })
    case 'rfc':
      return string({ pattern: '^[A-ZÑ&]{3,4}\\d{6}[A-Z\\d]{3}$' })
    case 'email':
      return string({ format: 'email', maxLength: 254 })
    case 'phone':
      return string({ pattern: '^\\d{10}$' })
  }
}

function addressField(field: (typeof addressFields)[number]): JsonSchema {
  if (field === 'postalCode') return string({ pattern: '^\\d{5}$' })
  return string({ minLength: 1, maxLength: field === 'street' ? 150 : 100, ...written(ONE_LINE) })
}

const written = (pattern: string): JsonSchema => ({ allOf: [{ pattern: NOT_BLANK }, { pattern }] })

const bounds = (minimum = -LARGEST_NUMBER, maximum = LARGEST_NUMBER): JsonSchema => ({ minimum, maximum })
