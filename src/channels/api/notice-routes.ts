import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import {
  consultBoard,
  countNotices,
  listEvents,
  listNotices,
  openNotice,
  prepareOpening,
  readNotice,
  reportFault,
} from '#modules/post-office/index.ts'
import { inForm, readLastingDocument } from '#modules/preservation/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { signedIn } from './described.ts'
import { readSignature, type SignatureBody } from './read-signature.ts'
import * as shapes from './shapes.ts'
import { showNotice, showPreparation } from './show.ts'

/** The mailbox. */
export function noticeRoutes(app: FastifyInstance, { postOffice, db }: ShopParts): void {
  app.get<{ Querystring: Static<typeof shapes.ConsultQuery> }>(
    '/notices',
    signedIn({
      summary: 'The mailbox. Under mx-lfea-11 showing the list is consulting the board and serves: say consult=true',
      answer: answers.Notices,
      querystring: shapes.ConsultQuery,
    }),
    async (request) => {
      const ownerId = request.acting!.account.id
      if (!request.query.consult) throw new Refusal('consult-needed', {}, 409)
      await consultBoard(postOffice, ownerId)
      const items = await listNotices(db, ownerId, request.query.limit ?? 50, request.query.offset ?? 0)
      return {
        items: items.map((notice) => showNotice(notice, request.language)),
        total: (await countNotices(db, ownerId)).all,
      }
    },
  )
  app.get<{ Params: { id: string } }>(
    '/notices/:id',
    signedIn({ summary: 'One notice with its evidence', answer: answers.NoticeWithEvidence, params: shapes.IdParams }),
    async (request) => {
      const notice = await readNotice(db, request.acting!.account.id, request.params.id)
      // What is on the board is seen by consulting it, also by who comes with its id.
      if (notice.status === 'deposited' && postOffice.rules.get(notice.rule.id)?.onOpening === 'consultation')
        throw new Refusal('consult-needed', {}, 409)
      return { ...showNotice(notice, request.language), events: await listEvents(db, notice) }
    },
  )
  app.post<{ Params: { id: string } }>(
    '/notices/:id/fault-report',
    signedIn({
      summary: 'It lapsed because the system kept me out (LFEA 11-III)',
      answer: answers.NoticeId,
      status: 202,
      params: shapes.IdParams,
    }),
    async (request, reply) => {
      await reportFault(postOffice, request.acting!, request.params.id)
      return reply.code(202).send({ id: request.params.id })
    },
  )
  app.post<{ Params: { id: string } }>(
    '/notices/:id/prepare',
    signedIn({
      summary: 'The receipt that is signed before reading',
      answer: answers.Preparation,
      params: shapes.IdParams,
    }),
    async (request) =>
      showPreparation(await prepareOpening(postOffice, request.acting!, request.params.id, request.language)),
  )
  app.post<{ Params: { id: string }; Body: SignatureBody }>(
    '/notices/:id/signature',
    signedIn({
      summary: 'Open: the signature over the receipt',
      answer: answers.Notice,
      params: shapes.IdParams,
      body: shapes.SignatureRequest,
    }),
    async (request) =>
      showNotice(
        await openNotice(postOffice, request.acting!, {
          noticeId: request.params.id,
          preparationId: request.body.preparationId,
          signature: readSignature(request.body),
        }),
        request.language,
      ),
  )
  app.get<{ Params: { id: string; part: string }; Querystring: shapes.DocumentForm }>(
    '/notices/:id/:part',
    signedIn({
      summary: 'The act, the signed receipt or the constancia, as PDF',
      params: shapes.NoticePartParams,
      querystring: shapes.DocumentForm,
      answer: 'application/pdf',
    }),
    async (request, reply) => {
      const notice = await readNotice(db, request.acting!.account.id, request.params.id)
      const part = request.params.part
      const documentId =
        part === 'act' && notice.openedAt
          ? notice.actDocumentId
          : part === 'receipt'
            ? notice.openingDocumentId
            : part === 'constancia'
              ? notice.constanciaDocumentId
              : null
      if (!documentId) throw new Refusal('document-unknown', {}, 404)
      const document = await readLastingDocument(db, notice.ownerId, documentId)
      return reply.type('application/pdf').send(inForm(document, request.query.form))
    },
  )
}
