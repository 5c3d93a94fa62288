import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import {
  attachFile,
  detachFile,
  prepareSubmission,
  readDraft,
  saveData,
  startDraft,
  startPayment,
  submitCase,
} from '#modules/cases/index.ts'
import { listAttachments } from '#modules/documents/index.ts'
import { setContactEmail } from '#modules/identity/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import { sendInvalid } from './problems.ts'
import { readFile } from './read-file.ts'
import { readSignature, type SignatureBody } from './read-signature.ts'
import * as shapes from './shapes.ts'
import { showCase, showDraft, showPayment, showPreparation } from './show.ts'

import { signedIn } from './signed-in.ts'

/** The header that lets a program send again what it does not know was received. */
function readKey(headers: Record<string, unknown>): { key?: string } {
  const key = headers['idempotency-key']
  return typeof key === 'string' && key.length > 0 && key.length <= 200 ? { key } : {}
}

/** From a draft to the signed application. */
export function draftRoutes(app: FastifyInstance, { cases, db, identity }: ShopParts): void {
  app.post<{ Body: Static<typeof shapes.DraftRequest> }>(
    '/drafts',
    signedIn({ summary: 'Begin an application', body: shapes.DraftRequest }),
    async (request, reply) => {
      const owner = { id: request.acting!.account.id, anonymous: false }
      const draft = await startDraft(cases, owner, {
        serviceId: request.body.serviceId,
        language: request.body.language ?? request.language,
        channel: 'api',
        ...readKey(request.headers),
      })
      return reply.code(201).send(showDraft(draft))
    },
  )
  app.get<{ Params: { id: string } }>(
    '/drafts/:id',
    signedIn({ summary: 'Read a draft', params: shapes.IdParams }),
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
    signedIn({ summary: 'Take a file away again', params: shapes.AttachmentParams }),
    async (request, reply) => {
      const { id, attachment } = request.params
      await detachFile(cases, request.acting!.account.id, id, { attachmentId: attachment, channel: 'api' })
      return reply.code(204).send()
    },
  )
  app.post<{ Params: { id: string } }>(
    '/drafts/:id/payment',
    signedIn({ summary: 'The reference to pay with', params: shapes.IdParams }),
    async (request) => {
      const payment = await startPayment(cases, request.acting!.account.id, request.params.id)
      return payment ? showPayment(payment) : { status: 'free' }
    },
  )
  app.post<{ Params: { id: string }; Body: Static<typeof shapes.PrepareRequest> }>(
    '/drafts/:id/prepare',
    signedIn({ summary: 'The application as it will be signed', params: shapes.IdParams, body: shapes.PrepareRequest }),
    async (request, reply) => {
      const { consent = false, email, language } = request.body
      const session = request.acting!
      if (email !== undefined && session.contactEmail?.address !== email) {
        const set = await setContactEmail(identity, session, { email, language: language ?? request.language })
        if (!set.ok) return sendInvalid(reply, request.language, set.errors)
      }
      const address = email ?? session.contactEmail?.address ?? null
      const prepared = await prepareSubmission(cases, session, {
        draftId: request.params.id,
        language: language ?? request.language,
        consent: { electronic: consent, email: address },
      })
      return prepared.ok ? showPreparation(prepared.value) : sendInvalid(reply, request.language, prepared.errors)
    },
  )
  app.post<{ Params: { id: string }; Body: SignatureBody }>(
    '/drafts/:id/signature',
    signedIn({
      summary: 'Submit: the signature over the prepared application',
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
      return reply.code(201).send(showCase(record))
    },
  )
}
