import { Type } from '@sinclair/typebox'
import { fichaSchema, institutionSchema, listsSchema } from '#modules/catalogue/index.ts'
import {
  anything,
  day,
  digest,
  instant,
  listOf,
  nullable,
  oneOf,
  pageOf,
  ref,
  some,
  someId,
  someInstant,
  text,
} from './answer-parts.ts'
import { Id, Lang } from './shapes.ts'
import { Verification } from './verification-answer.ts'

/*
 * What the API answers, as the OpenAPI document shows it; a test holds what is really answered against it.
 */

/** RFC 9457; `code` is the same in the command line's errors. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'What a program decides by' }),
    title: Type.String(),
    detail: Type.String({ description: 'A sentence for people, in the language asked for' }),
    incident: Type.Optional(Type.String({ description: 'Number to report a fault with' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), code: Type.String(), message: Type.String() }), {
        description: 'What is wrong, field by field, where code is invalid',
      }),
    ),
  },
  { $id: 'Problem' },
)

const { online: _, id, ...ficha } = fichaSchema.properties
const ServiceRow = Type.Object(
  {
    id,
    name: text,
    officialName: text,
    homoclave: ficha.homoclave,
    institution: ficha.institution,
    summary: text,
    online: Type.Boolean({ description: 'Can be done wholly online' }),
    channels: ficha.channels,
    applicants: ficha.applicants,
    lifeEvents: ficha.lifeEvents,
    version: ficha.version,
  },
  { $id: 'ServiceRow' },
)
export const Service = Type.Object(
  {
    ...ficha,
    id,
    officialName: text,
    online: Type.Boolean({ description: 'Can be done wholly online' }),
    form: nullable(anything),
    attachments: Type.Array(Type.Object({ field: Type.String(), label: text, required: Type.Boolean() })),
    schema: nullable(Type.Unsafe({ type: 'object', description: 'JSON Schema 2020-12 of the data to send' })),
    example: nullable(Type.Unsafe({ type: 'object', description: 'One complete valid answer' })),
  },
  { $id: 'Service' },
)
export const Services = pageOf(ref('ServiceRow'))
export const LinkedData = anything
export const WholeCatalogue = Type.Object({
  schema: Type.String({ format: 'uri' }),
  institutions: Type.Array(institutionSchema),
  ...listsSchema.properties,
  services: Type.Array(anything),
})
/** A JSON Schema. */
export const CatalogueSchema = anything

export const Account = Type.Object(
  {
    rfc: some,
    curp: some,
    name: some,
    actsFor: nullable(Type.Object({ rfc: some, name: Type.String() }, { description: 'The company' })),
  },
  { $id: 'Account' },
)
export const Challenge = Type.Object({ id: Id, text: Type.String(), expiresAt: instant })
export const Session = Type.Object({ token: Type.String(), expiresAt: instant, account: ref('Account') })
export const Email = Type.Object({ address: Type.String(), confirmed: Type.Boolean() })
export const Me = Type.Object({
  ...Account.properties,
  roles: Type.Array(Type.Object({ institution: Type.String(), role: Type.String() })),
  contactEmail: nullable(Email),
})

export const Draft = Type.Object(
  {
    id: Id,
    serviceId: Type.String(),
    serviceVersion: Type.String(),
    language: Lang,
    data: anything,
    revision: Type.Integer(),
    status: oneOf('open', 'awaiting-payment', 'submitted', 'discarded'),
    caseId: someId,
    createdAt: instant,
    changedAt: instant,
    expiresAt: instant,
  },
  { $id: 'Draft' },
)
export const Attachment = Type.Object(
  {
    id: Id,
    field: Type.String(),
    name: Type.String(),
    type: Type.String(),
    sha256: digest,
    bytes: Type.Integer(),
  },
  { $id: 'Attachment' },
)
export const DraftWithFiles = Type.Object({ ...Draft.properties, attachments: Type.Array(ref('Attachment')) })
export const Payment = Type.Object(
  {
    reference: Type.String(),
    amountCents: Type.Integer(),
    currency: Type.String(),
    status: oneOf('pending', 'paid', 'expired', 'refunded'),
    expiresAt: instant,
    paidAt: someInstant,
  },
  { $id: 'Payment' },
)
export const PaymentOrFree = Type.Union([ref('Payment'), Type.Object({ status: Type.Literal('free') })])
export const Preparation = Type.Object(
  {
    preparationId: Id,
    pdf: Type.String({ contentEncoding: 'base64', contentMediaType: 'application/pdf' }),
    byteRange: Type.Array(Type.Integer(), { minItems: 4, maxItems: 4 }),
    signingTime: instant,
    expiresAt: instant,
  },
  { $id: 'Preparation' },
)

const status = oneOf(
  'draft',
  'awaiting-payment',
  'submitted',
  'in-review',
  'waiting',
  'dismissed',
  'granted',
  'granted-in-part',
  'refused',
  'silent-granted',
  'silent-refused',
  'withdrawn',
  'appealed',
  'annulled',
)
export const Case = Type.Object(
  {
    folio: Type.String(),
    caseId: Id,
    service: Type.String(),
    serviceVersion: Type.String(),
    institution: Type.String(),
    status,
    submittedAt: instant,
    dueAt: instant,
    term: Type.Object(
      { rule: Type.String(), from: day, due: day, dueAt: instant, days: Type.Array(day) },
      { description: 'The term, with the days counted' },
    ),
    receipt: nullable(Type.Object({ documentId: Id })),
    notices: Type.Object({
      electronic: Type.Boolean(),
      email: some,
      emailConfirmed: Type.Optional(
        Type.Boolean({ description: 'Until its code came back the address gets only the message with the code' }),
      ),
    }),
  },
  { $id: 'Case' },
)
export const Cases = listOf(ref('Case'))
export const CaseWithHistory = Type.Object({
  ...Case.properties,
  history: Type.Array(
    Type.Object({
      at: instant,
      act: Type.String(),
      by: oneOf('person', 'servant', 'clock', 'platform'),
      name: some,
      status,
      documentId: someId,
      facts: anything,
    }),
  ),
  documents: Type.Array(
    Type.Object({ id: Id, kind: Type.String(), title: Type.String(), sha256: digest, createdAt: instant }),
  ),
  requests: Type.Array(
    Type.Object({
      id: Id,
      binding: Type.Boolean({ description: 'Not answering it in time ends the case (LFPA 17-A)' }),
      postedAt: instant,
      noticeId: someId,
      asked: nullable(Type.String({ description: 'Once its notice was signed for' })),
      answerDueAt: someInstant,
      answerTerm: nullable(anything),
      answeredAt: someInstant,
    }),
  ),
  looks: Type.Array(
    Type.Object(
      { at: instant, name: Type.String(), institution: Type.String(), purpose: Type.String() },
      { description: 'Each time a public servant opened it' },
    ),
  ),
})
export const Folio = Type.Object({ folio: Type.String() })
export const NoticeId = Type.Object({ id: Id })

export const Notice = Type.Object(
  {
    id: Id,
    subject: Type.String(),
    sender: Type.String(),
    rule: Type.String(),
    ruleVersion: Type.String(),
    kind: Type.String(),
    folio: some,
    postedAt: instant,
    servedAt: someInstant,
    servedBy: some,
    effectAt: someInstant,
    openedAt: someInstant,
    lapse: Type.Object({ days: Type.Array(day), servedAt: some, effectAt: some, calendarVersion: Type.String() }),
    status: oneOf('deposited', 'served', 'opened'),
  },
  { $id: 'Notice' },
)
export const Notices = pageOf(ref('Notice'))
export const NoticeWithEvidence = Type.Object({
  ...Notice.properties,
  events: Type.Array(
    Type.Object({
      seq: Type.Integer(),
      at: instant,
      event: Type.String({ description: 'As ETSI EN 319 522-1 names it' }),
      facts: anything,
      logEntry: someId,
    }),
  ),
})

export const Inbox = listOf(
  Type.Object({
    folio: Type.String(),
    service: Type.String(),
    institution: Type.String(),
    status,
    assignedTo: some,
    receivedAt: instant,
    dueAt: instant,
  }),
)
export const OfficeCase = Type.Object({
  ...Case.properties,
  applicant: Type.Object({
    name: Type.String(),
    rfc: some,
    curp: some,
    representative: nullable(Type.Object({ name: some, rfc: some, curp: some })),
  }),
  data: anything,
  attachments: Type.Array(anything),
})
export const Revision = Type.Object({ revision: Type.Integer() })
export const Now = Type.Object({ now: instant })

/** Those with a name of their own in the document. */
export const named = [
  Problem,
  ServiceRow,
  Service,
  Account,
  Draft,
  Attachment,
  Payment,
  Preparation,
  Case,
  Notice,
  Verification,
]
