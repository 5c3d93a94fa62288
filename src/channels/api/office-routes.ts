import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { CASE_FILE_TYPE } from '#modules/case-files/index.ts'
import {
  assignCase,
  draftDecision,
  fichaOf,
  listInbox,
  newestDecision,
  officesOf,
  openCaseAsServant,
  prepareDecision,
  preparePrevention,
  signDecision,
  signPrevention,
} from '#modules/cases/index.ts'
import { caseFileRate, sendCaseFile } from '#web/send-case-file.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { servant } from './described.ts'
import { sendInvalid } from './problems.ts'
import { readSignature, type SignatureBody } from './read-signature.ts'
import * as shapes from './shapes.ts'
import { showCase, showPreparation } from './show.ts'

/** The officer's API: inbox and decision. */
export function officeRoutes(app: FastifyInstance, { cases, caseFiles, db }: ShopParts): void {
  app.get<{ Querystring: Static<typeof shapes.InboxQuery> }>(
    '/office/inbox',
    servant({
      summary: 'My institution’s open cases, the most urgent first',
      answer: answers.Inbox,
      querystring: shapes.InboxQuery,
    }),
    async (request) => {
      const mine = officesOf(request.acting!)
      const institution = request.query.institution ?? mine[0]
      if (!institution || !mine.includes(institution)) throw new Refusal('not-your-case', {}, 403)
      const rows = await listInbox(db, {
        institution,
        limit: request.query.limit ?? 50,
        offset: request.query.offset ?? 0,
      })
      return {
        items: rows.map((row) => ({
          folio: row.folio,
          service: row.service_id,
          institution: row.institution,
          status: row.status,
          assignedTo: row.assigned_name,
          receivedAt: row.received_at,
          dueAt: row.due_at,
        })),
      }
    },
  )
  app.get<{ Params: { folio: string }; Querystring: { purpose?: string } }>(
    '/office/cases/:folio',
    servant({
      summary: 'Open a case: on record, with its purpose',
      querystring: shapes.PurposeQuery,
      answer: answers.OfficeCase,
      params: shapes.FolioParams,
    }),
    async (request) => {
      const record = await openCaseAsServant(
        cases,
        request.acting!,
        request.params.folio,
        (request.query.purpose ?? 'resolver').slice(0, 200),
      )
      return { ...showCase(record), applicant: record.applicant, data: record.data, attachments: record.attachments }
    },
  )
  app.get<{ Params: { folio: string }; Querystring: { purpose?: string } }>(
    '/office/cases/:folio/file',
    servant({
      summary:
        'The institution’s copy of the whole file, as one sealed container (ASiC-E with CAdES): on record, with its purpose',
      querystring: shapes.PurposeQuery,
      params: shapes.FolioParams,
      answer: CASE_FILE_TYPE,
      rateLimit: caseFileRate,
    }),
    async (request, reply) => {
      const purpose = (request.query.purpose ?? 'copia del expediente').slice(0, 200)
      return sendCaseFile(reply, await caseFiles.forServant(request.acting!, request.params.folio, purpose))
    },
  )
  app.post<{ Params: { folio: string } }>(
    '/office/cases/:folio/assignment',
    servant({ summary: 'Take the case', answer: answers.Folio, params: shapes.FolioParams }),
    async (request) => {
      await assignCase(cases, request.acting!, request.params.folio)
      return { folio: request.params.folio }
    },
  )
  app.post<{ Params: { folio: string }; Body: { asked: string } }>(
    '/office/cases/:folio/prevention/prepare',
    servant({
      summary: 'The request for what is missing, as it will be signed',
      answer: answers.Preparation,
      params: shapes.FolioParams,
      body: shapes.PreventionRequest,
    }),
    async (request) => {
      const prepared = await preparePrevention(cases, request.acting!, request.params.folio, request.body)
      // The document names the person: seeing it is looking at the case.
      await openCaseAsServant(cases, request.acting!, request.params.folio, 'prevenir')
      return showPreparation(prepared)
    },
  )
  app.post<{ Params: { folio: string }; Body: SignatureBody }>(
    '/office/cases/:folio/prevention/signature',
    servant({
      summary: 'Sign the request',
      answer: answers.Folio,
      params: shapes.FolioParams,
      body: shapes.SignatureRequest,
    }),
    async (request) => {
      await signPrevention(cases, request.acting!, request.params.folio, {
        preparationId: request.body.preparationId,
        signature: readSignature(request.body),
      })
      return { folio: request.params.folio }
    },
  )
  app.put<{ Params: { folio: string }; Body: Static<typeof shapes.DecisionRequest> }>(
    '/office/cases/:folio/decision',
    servant({
      summary: 'Draft the decision, ready for signature',
      answer: answers.Revision,
      params: shapes.FolioParams,
      body: shapes.DecisionRequest,
    }),
    async (request, reply) => {
      const record = await openCaseAsServant(cases, request.acting!, request.params.folio, 'resolver')
      const ficha = await fichaOf(cases, record.serviceId, record.serviceVersion)
      const last = await newestDecision(db, record)
      const legalBasis = request.body.legalBasis ?? ficha.legalBasis.map((basis) => basis[record.language]).join('; ')
      const result = await draftDecision(
        cases,
        request.acting!,
        request.params.folio,
        { ...request.body, legalBasis, ready: true },
        last?.revision ?? 0,
      )
      return result.ok ? { revision: result.value.revision } : sendInvalid(reply, request.language, result.errors)
    },
  )
  app.post<{ Params: { folio: string } }>(
    '/office/cases/:folio/decision/prepare',
    servant({ summary: 'The decision as it will be signed', answer: answers.Preparation, params: shapes.FolioParams }),
    async (request) => {
      const prepared = await prepareDecision(cases, request.acting!, request.params.folio)
      await openCaseAsServant(cases, request.acting!, request.params.folio, 'resolver')
      return showPreparation(prepared)
    },
  )
  app.post<{ Params: { folio: string }; Body: SignatureBody }>(
    '/office/cases/:folio/decision/signature',
    servant({
      summary: 'Sign the decision',
      answer: answers.Case,
      params: shapes.FolioParams,
      body: shapes.SignatureRequest,
    }),
    async (request) =>
      showCase(
        await signDecision(cases, request.acting!, request.params.folio, {
          preparationId: request.body.preparationId,
          signature: readSignature(request.body),
        }),
      ),
  )
}
