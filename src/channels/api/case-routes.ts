import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { CASE_FILE_TYPE } from '#modules/case-files/index.ts'
import {
  askReview,
  askTacitCertificate,
  attachToAnswer,
  findFolio,
  listCases,
  listLooks,
  listPreventions,
  listSteps,
  parseFolio,
  prepareAnswer,
  prepareWithdrawal,
  readableDocuments,
  readCase,
  readCaseDocument,
  signOwnAct,
  withdrawConsent,
} from '#modules/cases/index.ts'
import type { PreparedDocument } from '#modules/documents/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { listNotices } from '#modules/post-office/index.ts'
import { inForm } from '#modules/preservation/index.ts'
import { caseFileRate, sendCaseFile } from '#web/send-case-file.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { signedIn } from './described.ts'
import { readFile } from './read-file.ts'
import { readSignature, type SignatureBody } from './read-signature.ts'
import * as shapes from './shapes.ts'
import { showCase, showPreparation, showPrevention } from './show.ts'

/** The person’s cases. */
export function caseRoutes(app: FastifyInstance, { cases, caseFiles, db }: ShopParts): void {
  const own = async (accountId: string, typed: string) => {
    const folio = parseFolio(typed)
    const found = folio && (await findFolio(db, folio))
    if (!found || found.ownerId !== accountId) throw new Refusal('case-unknown', {}, 404)
    return readCase(db, accountId, found.caseId)
  }
  app.get('/cases', signedIn({ summary: 'My cases', answer: answers.Cases }), async (request) => ({
    items: (await listCases(db, request.acting!.account.id)).map((each) =>
      showCase(each, request.acting!.contactEmail),
    ),
  }))
  app.get<{ Params: { folio: string } }>(
    '/cases/:folio',
    signedIn({ summary: 'A case with its history', answer: answers.CaseWithHistory, params: shapes.FolioParams }),
    async (request) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      const steps = await listSteps(db, record)
      const history = steps.map(({ at, act, by_kind, by_name, status, document_id, facts }) => ({
        at,
        act,
        by: by_kind,
        name: by_name,
        status,
        documentId: document_id,
        facts,
      }))
      const documents = (await readableDocuments(db, record)).map(({ id, kind, title, sha256, createdAt }) => ({
        id,
        kind,
        title,
        sha256,
        createdAt,
      }))
      const [preventions, looks, notices] = await Promise.all([
        listPreventions(db, record),
        listLooks(db, record),
        listNotices(db, record.ownerId, 200, 0),
      ])
      const read = new Set(notices.filter(({ openedAt }) => openedAt).map(({ id }) => id))
      return {
        ...showCase(record, request.acting!.contactEmail),
        history,
        documents,
        requests: preventions.map((each) => showPrevention(each, read)),
        looks: looks.map(({ at, by_name, institution, purpose }) => ({ at, name: by_name, institution, purpose })),
      }
    },
  )
  app.get<{ Params: { folio: string; id: string }; Querystring: shapes.DocumentForm }>(
    '/cases/:folio/documents/:id',
    signedIn({
      summary: 'A document of the case, with the time-stamps that make it last unless it is asked for as issued',
      params: shapes.CaseDocumentParams,
      querystring: shapes.DocumentForm,
      answer: 'application/pdf',
    }),
    async (request, reply) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      const document = await readCaseDocument(db, record, request.params.id)
      return reply.type('application/pdf').send(inForm(document, request.query.form))
    },
  )
  app.get<{ Params: { folio: string } }>(
    '/cases/:folio/file',
    signedIn({
      summary: 'The whole file of the case, as one sealed container (ASiC-E with CAdES)',
      params: shapes.FolioParams,
      answer: CASE_FILE_TYPE,
      rateLimit: caseFileRate,
    }),
    async (request, reply) => sendCaseFile(reply, await caseFiles.forPerson(request.acting!, request.params.folio)),
  )
  app.post<{ Params: { folio: string } }>(
    '/cases/:folio/tacit-certificate',
    signedIn({
      summary: 'Ask for the certificate of what silence means',
      answer: answers.Folio,
      status: 202,
      params: shapes.FolioParams,
    }),
    async (request, reply) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      await askTacitCertificate(cases, request.acting!, record.id)
      return reply.code(202).send({ folio: record.folio })
    },
  )
  app.post<{ Params: { folio: string } }>(
    '/cases/:folio/review',
    signedIn({
      summary: 'Ask for a human to review what a rule decided',
      answer: answers.Folio,
      status: 202,
      params: shapes.FolioParams,
    }),
    async (request, reply) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      await askReview(cases, request.acting!, record.id)
      return reply.code(202).send({ folio: record.folio })
    },
  )
  app.post<{ Params: { folio: string } }>(
    '/cases/:folio/consent-withdrawal',
    signedIn({
      summary: 'No more electronic notices of this case: what comes is handed over',
      answer: answers.Case,
      params: shapes.FolioParams,
    }),
    async (request) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      await withdrawConsent(cases, request.acting!, record.id)
      return showCase(await readCase(db, record.ownerId, record.id))
    },
  )
  app.post<{ Params: { folio: string } }>(
    '/cases/:folio/answer/attachments',
    signedIn({
      summary: 'Attach a file to the answer: its bytes as the body, its name in x-file-name',
      ...shapes.file,
      answer: answers.Attachment,
      status: 201,
      params: shapes.FolioParams,
    }),
    async (request, reply) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      return reply.code(201).send(await attachToAnswer(cases, request.acting!, record.id, readFile(request)))
    },
  )
  type Prepare = (session: ActingSession, caseId: string, answer: string) => Promise<PreparedDocument>
  const ownActs: Array<[name: string, body: { body?: TSchema }, prepare: Prepare]> = [
    ['withdrawal', {}, (session, id) => prepareWithdrawal(cases, session, id)],
    ['answer', { body: shapes.AnswerRequest }, (session, id, answer) => prepareAnswer(cases, session, id, answer)],
  ]
  for (const [name, body, prepare] of ownActs) {
    app.post<{ Params: { folio: string }; Body: { answer?: string } }>(
      `/cases/:folio/${name}/prepare`,
      signedIn({ ...body, summary: `Prepare the ${name}`, answer: answers.Preparation, params: shapes.FolioParams }),
      async (request) => {
        const record = await own(request.acting!.account.id, request.params.folio)
        return showPreparation(await prepare(request.acting!, record.id, request.body?.answer ?? ''))
      },
    )
    app.post<{ Params: { folio: string }; Body: SignatureBody }>(
      `/cases/:folio/${name}/signature`,
      signedIn({
        summary: `Sign the ${name}`,
        answer: answers.Case,
        params: shapes.FolioParams,
        body: shapes.SignatureRequest,
      }),
      async (request) => {
        const record = await own(request.acting!.account.id, request.params.folio)
        return showCase(
          await signOwnAct(cases, request.acting!, record.id, {
            preparationId: request.body.preparationId,
            signature: readSignature(request.body),
          }),
          request.acting!.contactEmail,
        )
      },
    )
  }
}
