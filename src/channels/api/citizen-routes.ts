import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { fromBase64 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import {
  askTacitCertificate,
  attachFile,
  confirmPayment,
  findFolio,
  listCases,
  listSteps,
  parseFolio,
  prepareAnswer,
  prepareSubmission,
  prepareWithdrawal,
  readableDocuments,
  readCase,
  readCaseDocument,
  readDraft,
  saveData,
  signOwnAct,
  startDraft,
  startPayment,
  submitCase,
} from '#modules/cases/index.ts'
import { type Preparation, readDocument } from '#modules/documents/index.ts'
import { type ActingSession, confirmContactEmail, setContactEmail } from '#modules/identity/index.ts'
import {
  consultBoard,
  countNotices,
  listEvents,
  listNotices,
  openNotice,
  prepareOpening,
  readNotice,
} from '#modules/post-office/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import { sendInvalid } from './problems.ts'
import { readSignature, type SignatureBody } from './read-signature.ts'
import * as shapes from './shapes.ts'
import { showAccount, showCase, showDraft, showNotice, showPayment, showPreparation } from './show.ts'

const signedIn = (schema: object) => ({ config: { guard: 'session' as const }, schema })

/** The citizen's own API: the same use-cases as the pages. */
export function citizenRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, identity } = parts
  app.get('/me', signedIn({ summary: 'Who is signed in, and for whom' }), async ({ acting }) => ({
    ...showAccount(acting!),
    roles: acting!.roles,
    contactEmail: acting!.contactEmail,
  }))
  app.put<{ Body: Static<typeof shapes.EmailRequest> }>(
    '/me/email',
    signedIn({ summary: 'Contact e-mail: sends a code', body: shapes.EmailRequest }),
    async (request, reply) => {
      const result = await setContactEmail(identity, request.acting!, {
        email: request.body.email,
        language: request.body.language ?? request.language,
      })
      return result.ok ? result.value : sendInvalid(reply, request.language, result.errors)
    },
  )
  app.post<{ Body: { code: string } }>(
    '/me/email/confirmation',
    signedIn({
      summary: 'The code that came by mail',
      body: { type: 'object', required: ['code'], properties: { code: { type: 'string', maxLength: 20 } } },
    }),
    async (request) => confirmContactEmail(identity, request.acting!, request.body.code),
  )
  draftRoutes(app, parts)
  caseRoutes(app, parts)
  noticeRoutes(app, parts)
  app.post<{ Body: Static<typeof shapes.PaymentRequest> }>(
    '/payments',
    { config: { guard: 'open' }, schema: { summary: 'A bank’s signed message: paid', body: shapes.PaymentRequest } },
    async (request) => {
      const signature = fromBase64(request.body.signature)
      if (!signature) throw new Refusal('payment-not-signed', {}, 403)
      return showPayment(await confirmPayment(cases, request.body.message, signature))
    },
  )
}

/** The header that lets a program send again what it does not know was received. */
function readKey(headers: Record<string, unknown>): { key?: string } {
  const key = headers['idempotency-key']
  return typeof key === 'string' && key.length > 0 && key.length <= 200 ? { key } : {}
}

function draftRoutes(app: FastifyInstance, { cases, db, identity }: ShopParts): void {
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
    async (request) => showDraft(await readDraft(db, request.acting!.account.id, request.params.id)),
  )
  app.put<{ Params: { id: string }; Body: Static<typeof shapes.DataRequest> }>(
    '/drafts/:id',
    signedIn({
      summary: 'The whole data document, valid for the service’s schema',
      params: shapes.IdParams,
      body: shapes.DataRequest,
    }),
    async (request, reply) => {
      const saved = await saveData(cases, request.acting!.account.id, request.params.id, request.body.data, 'api')
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
      const name = decodeURIComponent(String(request.headers['x-file-name'] ?? 'archivo'))
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      return reply.code(201).send(
        await attachFile(cases, request.acting!.account.id, request.params.id, {
          field: request.query.field,
          name,
          bytes,
        }),
      )
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

function caseRoutes(app: FastifyInstance, { cases, db }: ShopParts): void {
  const own = async (accountId: string, typed: string) => {
    const folio = parseFolio(typed)
    const found = folio && (await findFolio(db, folio))
    if (!found || found.ownerId !== accountId) throw new Refusal('case-unknown', {}, 404)
    return readCase(db, accountId, found.caseId)
  }
  app.get('/cases', signedIn({ summary: 'My cases' }), async (request) => ({
    items: (await listCases(db, request.acting!.account.id)).map(showCase),
  }))
  app.get<{ Params: { folio: string } }>(
    '/cases/:folio',
    signedIn({ summary: 'A case with its history', params: shapes.FolioParams }),
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
      return { ...showCase(record), history, documents }
    },
  )
  app.get<{ Params: { folio: string; id: string } }>(
    '/cases/:folio/documents/:id',
    signedIn({ summary: 'A document of the case' }),
    async (request, reply) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      const document = await readCaseDocument(db, record, request.params.id)
      return reply.type('application/pdf').send(document.bytes)
    },
  )
  app.post<{ Params: { folio: string } }>(
    '/cases/:folio/tacit-certificate',
    signedIn({ summary: 'Ask for the certificate of what silence means', params: shapes.FolioParams }),
    async (request, reply) => {
      const record = await own(request.acting!.account.id, request.params.folio)
      await askTacitCertificate(cases, request.acting!, record.id)
      return reply.code(202).send({ folio: record.folio })
    },
  )
  type Prepare = (session: ActingSession, caseId: string, answer: string) => Promise<Preparation>
  const ownActs: Array<[name: string, prepare: Prepare]> = [
    ['withdrawal', (session, id) => prepareWithdrawal(cases, session, id)],
    ['answer', (session, id, answer) => prepareAnswer(cases, session, id, answer)],
  ]
  for (const [name, prepare] of ownActs) {
    app.post<{ Params: { folio: string }; Body: { answer?: string } }>(
      `/cases/:folio/${name}/prepare`,
      signedIn({ summary: `Prepare the ${name}`, params: shapes.FolioParams }),
      async (request) => {
        const record = await own(request.acting!.account.id, request.params.folio)
        return showPreparation(await prepare(request.acting!, record.id, request.body?.answer ?? ''))
      },
    )
    app.post<{ Params: { folio: string }; Body: SignatureBody }>(
      `/cases/:folio/${name}/signature`,
      signedIn({ summary: `Sign the ${name}`, params: shapes.FolioParams, body: shapes.SignatureRequest }),
      async (request) => {
        const record = await own(request.acting!.account.id, request.params.folio)
        return showCase(
          await signOwnAct(cases, request.acting!, record.id, {
            preparationId: request.body.preparationId,
            signature: readSignature(request.body),
          }),
        )
      },
    )
  }
}

function noticeRoutes(app: FastifyInstance, { postOffice, db }: ShopParts): void {
  app.get<{ Querystring: Static<typeof shapes.ConsultQuery> }>(
    '/notices',
    signedIn({
      summary: 'The mailbox. Under mx-lfea-11 showing the list is consulting the board and serves: say consult=true',
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
    signedIn({ summary: 'One notice with its evidence', params: shapes.IdParams }),
    async (request) => {
      const notice = await readNotice(db, request.acting!.account.id, request.params.id)
      return { ...showNotice(notice, request.language), events: await listEvents(db, notice) }
    },
  )
  app.post<{ Params: { id: string } }>(
    '/notices/:id/prepare',
    signedIn({ summary: 'The receipt that is signed before reading', params: shapes.IdParams }),
    async (request) =>
      showPreparation(await prepareOpening(postOffice, request.acting!, request.params.id, request.language)),
  )
  app.post<{ Params: { id: string }; Body: SignatureBody }>(
    '/notices/:id/signature',
    signedIn({
      summary: 'Open: the signature over the receipt',
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
  app.get<{ Params: { id: string; part: string } }>(
    '/notices/:id/:part',
    signedIn({ summary: 'The act, the signed receipt or the constancia, as PDF' }),
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
      const { bytes } = await readDocument(db, notice.ownerId, documentId)
      return reply.type('application/pdf').send(bytes)
    },
  )
}
