import { type Static, Type } from '@sinclair/typebox'

/** What travels, as the OpenAPI document shows it. */
const closed = { additionalProperties: false }
export const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' })
export const Base64 = Type.String({ maxLength: 400_000, pattern: '^[A-Za-z0-9+/]*={0,2}$' })
export const Lang = Type.Union([Type.Literal('es'), Type.Literal('en')])

export const ChallengeRequest = Type.Object({ account: Type.Optional(Type.String({ maxLength: 20 })) }, closed)
export const SessionRequest = Type.Object(
  {
    challengeId: Type.String({ maxLength: 60 }),
    certificate: Base64,
    signature: Base64,
    text: Type.Optional(
      Type.String({
        maxLength: 600,
        description: 'What was signed; one for another site is then told by `wrong-origin`',
      }),
    ),
  },
  closed,
)
export const ServicesQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  online: Type.Optional(Type.Boolean()),
  institution: Type.Optional(Type.String({ maxLength: 80 })),
  lifeEvent: Type.Optional(Type.String({ maxLength: 80 })),
  channel: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, default: 0 })),
})
export const IdParams = Type.Object({ id: Id })
export const ServiceParams = Type.Object({ id: Type.String({ maxLength: 80 }) })
export const FolioParams = Type.Object({ folio: Type.String({ maxLength: 40 }) })
/** `issued`: the document as its digest in the case, the log and receipts has it, without the time-stamps that make it last. */
export const DocumentForm = Type.Object({
  form: Type.Optional(Type.Union([Type.Literal('lasting'), Type.Literal('issued')], { default: 'lasting' })),
})
export type DocumentForm = Static<typeof DocumentForm>
export const CaseDocumentParams = Type.Object({ folio: Type.String({ maxLength: 40 }), id: Id })
export const NoticePartParams = Type.Object({
  id: Id,
  part: Type.Union([Type.Literal('act'), Type.Literal('receipt'), Type.Literal('constancia')]),
})
/** A program that was cut off before the answer sends the same key again, and gets the same draft. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
})
/** A file as programs send it, of whatever type they call it: what counts is what is inside. */
export const file = {
  headers: Type.Object({ 'x-file-name': Type.Optional(Type.String({ maxLength: 1000 })) }),
  body: { content: { 'application/octet-stream': { schema: Type.Unsafe<Buffer>({}) } } },
}
export const CodeRequest = Type.Object({ code: Type.String({ maxLength: 20 }) }, closed)
export const AnswerRequest = Type.Object({ answer: Type.String({ maxLength: 20_000 }) }, closed)
export const PurposeQuery = Type.Object({ purpose: Type.Optional(Type.String({ maxLength: 200 })) })
export const DraftRequest = Type.Object(
  {
    serviceId: Type.String({ maxLength: 80 }),
    language: Type.Optional(Lang),
    data: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'The whole data document, where it is there already' }),
    ),
  },
  closed,
)
export const DataRequest = Type.Object(
  {
    data: Type.Record(Type.String(), Type.Unknown()),
    revision: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Of the draft as it was read: refused where somebody answered since' }),
    ),
  },
  closed,
)
export const AttachmentParams = Type.Object({ id: Id, attachment: Id })
export const AttachmentQuery = Type.Object({ field: Type.String({ maxLength: 60 }) })
export const PrepareRequest = Type.Object(
  {
    consent: Type.Optional(Type.Boolean()),
    email: Type.Optional(Type.String({ maxLength: 254 })),
    language: Type.Optional(Lang),
  },
  closed,
)
export const SignatureRequest = Type.Object(
  { preparationId: Type.Optional(Id), certificate: Base64, signedAttributes: Base64, signature: Base64 },
  closed,
)
export const ConsultQuery = Type.Object({
  consult: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
})
export const EmailRequest = Type.Object(
  { email: Type.String({ maxLength: 254 }), language: Type.Optional(Lang) },
  closed,
)
export const DecisionRequest = Type.Object(
  {
    outcome: Type.Union([Type.Literal('granted'), Type.Literal('granted-in-part'), Type.Literal('refused')]),
    reasons: Type.String({ maxLength: 20_000 }),
    legalBasis: Type.Optional(Type.String({ maxLength: 5000 })),
    substitution: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  closed,
)
export const PreventionRequest = Type.Object({ asked: Type.String({ maxLength: 20_000 }) }, closed)
export const InboxQuery = Type.Object({
  institution: Type.Optional(Type.String({ maxLength: 80 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
})
export const PaymentRequest = Type.Object({ message: Type.String({ maxLength: 2000 }), signature: Base64 }, closed)
