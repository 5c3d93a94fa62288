import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { type Checked, Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import {
  attachFile,
  detachFile,
  prepareSubmission,
  readDraft,
  saveData,
  startDraft,
  startFilledDraft,
  startPayment,
  submitCase,
} from '#modules/cases/index.ts'
import { listAttachments } from '#modules/documents/index.ts'
import { type ActingSession, type ContactEmail, type IdentityParts, setContactEmail } from '#modules/identity/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { signedIn } from './described.ts'
import { sendInvalid } from './problems.ts'
import { readFile } from './read-file.ts'
import { readSignature, type SignatureBody } from './read-signature.ts'
import * as shapes from './shapes.ts'
import { showCase, showDraft, showPayment, showPreparation } from './show.ts'

/** From a draft to the signed application. */
export function draftRoutes(app: FastifyInstance, { cases, db, identity }: ShopParts): void {
  app.post<{ Body: Static<typeof shapes.DraftRequest>; Headers: Static<typeof shapes.IdempotencyHeaders> }>(
    '/drafts',
    signedIn({
      summary: 'Begin an application',
      headers: shapes.IdempotencyHeaders,
      answer: answers.Draft,
      status: 201,
      body: shapes.DraftRequest,
    }),
    async (request, reply) => {
      const owner = { id: request.acting!.account.id, anonymous: false }
      const { serviceId, language = request.language, data } = request.body
      const input = { serviceId, language, channel: 'api' as const, key: request.headers['idempotency-key'] }
      if (data === undefined) return reply.code(201).send(showDraft(await startDraft(cases, owner, input)))
      const begun = await startFilledDraft(cases, owner, { ...input, data })
      if (!begun.ok) return sendInvalid(reply, request.language, begun.errors)
      return reply.code(201).send(showDraft(begun.value))
    },
  )
  app.get<{ Params: { id: string } }>(
    '/drafts/:id',
    signedIn({
      summary: 'Read a draft and what is attached to it',
      answer: answers.DraftWithFiles,
      params: shapes.IdParams,
    }),
    async (request) => {
      const { account } = request.acting!
      const draft = await readDraft(db, account.id, request.params.id)
      return { ...showDraft(draft), attachments: await listAttachments(db, account.id, draft.id) }
    },
  )
  app.put<{ Params: { id: string }; Body: Static<typeof shapes.DataRequest> }>(
    '/drafts/:id',
    signedIn({
      summary: 'The whole data document, valid for the service’s schema',
      answer: answers.Draft,
      params: shapes.IdParams,
      body: shapes.DataRequest,
    }),
    async (request, reply) => {
      const { data, revision } = request.body
      const input = { data, channel: 'api' as const, ...(revision !== undefined && { basedOn: revision }) }
      const saved = await saveData(cases, request.acting!.account.id, request.params.id, input)
      return saved.ok ? showDraft(saved.value) : sendInvalid(reply, request.language, saved.errors)
    },
  )
  app.post<{ Params: { id: string }; Querystring: { field: string } }>(
    '/drafts/:id/attachments',
    signedIn({
      summary: 'Attach a file: its bytes as the body, its name in x-file-name',
      ...shapes.file,
      answer: answers.Attachment,
      status: 201,
      params: shapes.IdParams,
      querystring: shapes.AttachmentQuery,
    }),
    async (request, reply) => {
      return reply.code(201).send(
        await attachFile(cases, request.acting!.account.id, request.params.id, {
          field: request.query.field,
          channel: 'api',
          ...readFile(request),
        }),
      )
    },
  )
  app.delete<{ Params: { id: string; attachment: string } }>(
    '/drafts/:id/attachments/:attachment',
    signedIn({ summary: 'Take a file away again', answer: 'nothing', params: shapes.AttachmentParams }),
    async (request, reply) => {
      const { id, attachment } = request.params
      await detachFile(cases, request.acting!.account.id, id, { attachmentId: attachment, channel: 'api' })
      return reply.code(204).send()
    },
  )
  app.post<{ Params: { id: string } }>(
    '/drafts/:id/payment',
    signedIn({ summary: 'The reference to pay with', answer: answers.PaymentOrFree, params: shapes.IdParams }),
    async (request) => {
      const payment = await startPayment(cases, request.acting!.account.id, request.params.id)
      return payment ? showPayment(payment) : { status: 'free' }
    },
  )
  app.post<{ Params: { id: string }; Body: Static<typeof shapes.PrepareRequest> }>(
    '/drafts/:id/prepare',
    signedIn({
      summary: 'The application as it will be signed',
      answer: answers.Preparation,
      params: shapes.IdParams,
      body: shapes.PrepareRequest,
    }),
    async (request, reply) => {
      const { consent = false, email, language } = request.body
      const session = request.acting!
      const chosen = await chooseContact(identity, session, email, language ?? request.language)
      if (!chosen.ok) return sendInvalid(reply, request.language, chosen.errors)
      const prepared = await prepareSubmission(cases, session, {
        draftId: request.params.id,
        language: language ?? request.language,
        consent: { electronic: consent, email: chosen.value?.address ?? null },
      })
      return prepared.ok ? showPreparation(prepared.value) : sendInvalid(reply, request.language, prepared.errors)
    },
  )
  app.post<{ Params: { id: string }; Body: SignatureBody }>(
    '/drafts/:id/signature',
    signedIn({
      summary: 'Submit: the signature over the prepared application',
      answer: answers.Case,
      status: 201,
      params: shapes.IdParams,
      body: shapes.SignatureRequest,
    }),
    async (request, reply) => {
      const record = await submitCase(cases, request.acting!, {
        draftId: request.params.id,
        preparationId: request.body.preparationId,
        signature: readSignature(request.body),
        channel: 'api',
      })
      return reply.code(201).send(showCase(record, request.acting!.contactEmail))
    },
  )
}

/**
 * Where to write to. An address still to be confirmed does not hold an application up, nor does having asked for too many
 * codes: it gets nothing until its code came back, and the case says so.
 */
async function chooseContact(
  identity: IdentityParts,
  session: ActingSession,
  email: string | undefined,
  language: Language,
): Promise<Checked<ContactEmail | null>> {
  const current = session.contactEmail
  if (email === undefined || email === current?.address) return { ok: true, value: current }
  try {
    return await setContactEmail(identity, session, { email, language })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'email-code-too-many')
      return { ok: true, value: { address: email.trim(), confirmed: false } }
    throw error
  }
}
