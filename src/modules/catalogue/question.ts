import { type Static, type TSchema, Type } from '@sinclair/typebox'

export const closed = { additionalProperties: false }
export const text = Type.Object({ es: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) }, closed)
export const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 80 })
/** Names of answers are the properties of the signed data: camelCase, without accents. */
const answerName = Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,40}$' })
export const literals = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)))

const common = {
  id: answerName,
  label: text,
  hint: Type.Optional(text),
  /** Left empty is an answer too. */
  optional: Type.Optional(Type.Boolean()),
}
const choice = Type.Object(
  { value: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }), label: text, hint: Type.Optional(text) },
  closed,
)
const kind = (type: string, more: Record<string, TSchema> = {}) =>
  Type.Object({ ...common, type: Type.Literal(type), ...more }, closed)

const lengths = {
  maxLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  minLength: Type.Optional(Type.Integer({ minimum: 1 })),
}
const bounds = { min: Type.Optional(Type.Number()), max: Type.Optional(Type.Number()) }

const simple = [
  kind('text', { ...lengths, pattern: Type.Optional(Type.String()) }),
  kind('textarea', lengths),
  kind('number', {
    ...bounds,
    decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
    unit: Type.Optional(text),
  }),
  /** Held in cents, so that no amount is ever rounded. */
  kind('money', { ...bounds, currency: Type.String({ pattern: '^[A-Z]{3}$' }) }),
  kind('date', { notAfter: Type.Optional(literals('today')), notBefore: Type.Optional(literals('today')) }),
  kind('yesno'),
  kind('choice', { choices: Type.Array(choice, { minItems: 2 }) }),
  kind('choices', { choices: Type.Array(choice, { minItems: 2 }) }),
  kind('address'),
  kind('curp'),
  kind('rfc'),
  kind('email'),
  kind('phone'),
]

/** Asked only where an earlier answer is one of these. */
const condition = Type.Object(
  { question: answerName, is: Type.Array(Type.Union([Type.String(), Type.Boolean()]), { minItems: 1 }) },
  closed,
)

const asPage = (schema: TSchema): TSchema =>
  Type.Object(
    { ...(schema as unknown as { properties: Record<string, TSchema> }).properties, when: Type.Optional(condition) },
    closed,
  )

/** One question is one page of the form. */
export const questionSchema = Type.Union([
  ...simple.map(asPage),
  asPage(kind('file', { most: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })) })),
  asPage(
    kind('group', {
      itemName: text,
      min: Type.Optional(Type.Integer({ minimum: 0 })),
      max: Type.Integer({ minimum: 1, maximum: 50 }),
      fields: Type.Array(Type.Union(simple), { minItems: 1 }),
    }),
  ),
])

export type Condition = Static<typeof condition>

interface Common {
  id: string
  label: { es: string; en: string }
  hint?: { es: string; en: string }
  optional?: boolean
}
type Choices = Array<{ value: string; label: { es: string; en: string }; hint?: { es: string; en: string } }>

export type SimpleQuestion = Common &
  (
    | { type: 'text'; maxLength?: number; minLength?: number; pattern?: string }
    | { type: 'textarea'; maxLength?: number; minLength?: number }
    | { type: 'number'; min?: number; max?: number; decimals?: number; unit?: { es: string; en: string } }
    | { type: 'money'; min?: number; max?: number; currency: string }
    | { type: 'date'; notAfter?: 'today'; notBefore?: 'today' }
    | { type: 'yesno' }
    | { type: 'choice'; choices: Choices }
    | { type: 'choices'; choices: Choices }
    | { type: 'address' | 'curp' | 'rfc' | 'email' | 'phone' }
  )

export type GroupQuestion = Common & {
  type: 'group'
  itemName: { es: string; en: string }
  min?: number
  max: number
  fields: SimpleQuestion[]
}
export type FileQuestion = Common & { type: 'file'; most?: number }
export type Question = (SimpleQuestion | GroupQuestion | FileQuestion) & { when?: Condition }

/** What an address is made of. */
export const addressFields = [
  'street',
  'exterior',
  'interior',
  'postalCode',
  'settlement',
  'municipality',
  'state',
] as const
