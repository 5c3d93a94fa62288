import { type Static, Type } from '@sinclair/typebox'
import { closed, literals, type Question, questionSchema, slug, text } from './question.ts'

/** A statement with its law: every requirement, cost and term has one. */
const basis = text
const amount = Type.Object({ label: text, cents: Type.Integer({ minimum: 0 }) }, closed)
const level = literals('none', 'information', 'start', 'full')
const day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })

const requirement = Type.Object(
  {
    name: text,
    form: literals('original', 'copy', 'original-and-copy', 'data', 'digital'),
    legalBasis: basis,
    /** The State has it already: shown, fetched with leave, never demanded. */
    held: Type.Optional(Type.Object({ where: text }, closed)),
  },
  closed,
)

const letter = Type.Object({ title: text, resolves: text, reasonsHint: Type.Optional(text) }, closed)

const ruled = { version: Type.String(), explanation: text }

/** Grants by an answer. */
const answerRule = Type.Object(
  {
    ...ruled,
    question: Type.String(),
    grantsIf: Type.Array(Type.Union([Type.String(), Type.Boolean()]), { minItems: 1 }),
  },
  closed,
)
/** Grants by what the State already holds of the applicant: the register's key in the certificate. */
const heldRule = Type.Object({ ...ruled, held: literals('curp', 'rfc') }, closed)

const online = Type.Object(
  {
    matter: literals('administrative', 'fiscal'),
    calendar: Type.String(),
    noticeRule: Type.String(),
    workflow: Type.Object(
      {
        /** `officer`: a public servant resolves; `automatic`: the published rule does. */
        kind: literals('officer', 'automatic'),
        steps: Type.Array(text, { minItems: 1 }),
        responsible: text,
        rule: Type.Optional(Type.Union([answerRule, heldRule])),
      },
      closed,
    ),
    fee: Type.Optional(
      Type.Object(
        {
          cents: Type.Integer({ minimum: 1 }),
          currency: Type.String({ pattern: '^[A-Z]{3}$' }),
          legalBasis: basis,
          validDays: Type.Integer({ minimum: 1 }),
        },
        closed,
      ),
    ),
    declaration: text,
    questions: Type.Array(questionSchema, { minItems: 1 }),
    letters: Type.Object({ granted: letter, refused: letter, 'granted-in-part': Type.Optional(letter) }, closed),
    example: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
)

/** Everything that may be asked of a person for a service, and nothing that is not here may be asked. */
export const fichaSchema = Type.Object(
  {
    id: slug,
    version: Type.String({ pattern: '^\\d+$' }),
    validFrom: day,
    homoclave: Type.Object({ key: Type.String(), official: Type.Boolean() }, closed),
    institution: slug,
    unit: text,
    name: text,
    plainName: text,
    summary: text,
    applicants: Type.Array(literals('person', 'company', 'representative'), { minItems: 1 }),
    lifeEvents: Type.Array(slug, { minItems: 1 }),
    topics: Type.Array(slug, { minItems: 1 }),
    keywords: Type.Object({ es: Type.Array(Type.String()), en: Type.Array(Type.String()) }, closed),
    gets: text,
    validity: Type.Optional(text),
    when: text,
    requirements: Type.Array(requirement),
    channels: Type.Object({ online: level, telephone: level, counter: level }, closed),
    offices: Type.Array(Type.Object({ name: text, address: Type.Optional(Type.String()), hours: text }, closed)),
    cost: Type.Object(
      {
        kind: literals('free', 'fixed', 'table', 'varies'),
        currency: Type.Optional(Type.String()),
        amounts: Type.Optional(Type.Array(amount)),
        note: Type.Optional(text),
        legalBasis: Type.Optional(basis),
        howToPay: Type.Optional(text),
      },
      closed,
    ),
    term: Type.Optional(
      Type.Object(
        {
          value: Type.Integer({ minimum: 1 }),
          unit: literals('days', 'months'),
          legalBasis: basis,
          rule: Type.String({ pattern: '^[A-Z]{2,} .+' }),
        },
        closed,
      ),
    ),
    silence: Type.Object({ effect: literals('granted', 'refused', 'none'), legalBasis: basis }, closed),
    preventionDays: Type.Integer({ minimum: 5 }),
    criteria: text,
    inspection: Type.Optional(text),
    legalBasis: Type.Array(basis, { minItems: 1 }),
    appeal: Type.Object({ name: text, before: text, days: Type.Integer({ minimum: 1 }), legalBasis: basis }, closed),
    contacts: Type.Array(
      Type.Object(
        { kind: literals('phone', 'email', 'web', 'address'), value: Type.String(), label: Type.Optional(text) },
        closed,
      ),
    ),
    statistics: Type.Optional(
      Type.Object({ year: Type.Integer(), applications: Type.Integer({ minimum: 0 }), source: Type.String() }, closed),
    ),
    /** Where each fact comes from, and of what day. */
    sources: Type.Array(
      Type.Object(
        { what: text, source: Type.Union([Type.String({ pattern: '^https?://' }), text]), date: day },
        closed,
      ),
      { minItems: 1 },
    ),
    online: Type.Optional(online),
  },
  closed,
)

type Loose = Static<typeof fichaSchema>
export type Online = Omit<NonNullable<Loose['online']>, 'questions'> & { questions: Question[] }
export type Ficha = Omit<Loose, 'online'> & { online?: Online }

export const institutionSchema = Type.Object(
  {
    id: slug,
    name: text,
    acronym: Type.String(),
    /** As it stands in the head of a document. */
    head: text,
    web: Type.Optional(Type.String()),
    /** The officer who is answerable, by post. */
    place: text,
  },
  closed,
)
export type Institution = Static<typeof institutionSchema>

const named = Type.Object({ id: slug, name: text }, closed)
export const listsSchema = Type.Object(
  {
    lifeEvents: Type.Array(named),
    topics: Type.Array(named),
    synonyms: Type.Array(Type.Array(Type.String(), { minItems: 2 })),
    /** Words of wanting, which say nothing about what is wanted: «quiero sacar», “how do I get”. */
    fillers: Type.Array(Type.String()),
  },
  closed,
)
export type Lists = Static<typeof listsSchema>

/** The whole catalogue as one file: itself a JSON Schema 2020-12, so that a program compiles what it fetched. */
export const catalogueSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Catalogue of services',
  type: 'object',
  additionalProperties: false,
  required: ['schema', 'institutions', ...Object.keys(listsSchema.properties), 'services'],
  properties: {
    schema: { type: 'string', description: 'Where this schema is published' },
    institutions: { type: 'array', items: { $ref: '#/$defs/institution' } },
    ...listsSchema.properties,
    services: { type: 'array', items: { $ref: '#/$defs/service' } },
  },
  $defs: { institution: institutionSchema, service: fichaSchema },
}

export const packSchema = Type.Object(
  {
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    name: text,
    platform: text,
    /** The institution that runs the platform and seals for it. */
    operator: slug,
    zone: Type.String(),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    accent: Type.String({ pattern: '^#[0-9A-Fa-f]{6}$' }),
    generalTerm: Type.Object({ value: Type.Integer(), unit: literals('days', 'months'), rule: Type.String() }, closed),
    demoInstitutions: Type.Array(slug, { minItems: 3 }),
    mailFrom: Type.String(),
    /** Where people and those who find a fault write to. */
    contact: Type.String({ pattern: '^[^@ ]+@[^@ ]+$' }),
  },
  closed,
)
export type PackSettings = Static<typeof packSchema>
