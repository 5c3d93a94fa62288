import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { say } from '#kernel/texts.ts'
import {
  askReview,
  askTacitCertificate,
  attachToAnswer,
  type CasesCode,
  detachFromAnswer,
  fichaOf,
  findFolio,
  isOpen,
  listAnswerFiles,
  listCases,
  listDrafts,
  listLooks,
  listPreventions,
  listSteps,
  mayAskReview,
  parseFolio,
  prepareAnswer,
  prepareWithdrawal,
  readableDocuments,
  readCase,
  readCaseDocument,
  signOwnAct,
  withdrawConsent,
} from '#modules/cases/index.ts'
import { newestPreparation, readPreparedPdf } from '#modules/documents/index.ts'
import { listNotices } from '#modules/post-office/index.ts'
import type { FieldFault } from '#web/components/index.ts'
import { signPage } from '#web/components/sign-page.ts'
import { readFormSignature } from '#web/form-signature.ts'
import { readUpload } from '#web/read-upload.ts'
import { refusalSentence } from '#web/refusal-sentence.ts'
import { caseFileRate, sendCaseFile } from '#web/send-case-file.ts'
import type { ShopParts } from '../shop-parts.ts'
import { caseTexts } from './case-texts.ts'
import { type CaseData, casePage } from './pages/case.ts'
import { casesPage, sentPage } from './pages/cases.ts'

const session = { config: { guard: 'session' as const } }
const wholeFile = { config: { guard: 'session' as const, rateLimit: caseFileRate } }
const withFile = { config: { guard: 'session' as const, files: true } }
type Folio = { Params: { folio: string } }
type Form = { Body: Record<string, string | undefined> }

/** The person's cases: follow, answer, withdraw. */
export function caseRoutes(app: FastifyInstance, { cases, caseFiles, db }: ShopParts): void {
  const institutionName = (id: string, language: 'es' | 'en') => cases.catalogue.institutions.get(id)!.name[language]

  app.get('/solicitudes', session, async (request, reply) => {
    const ownerId = request.acting!.account.id
    const named = async <T extends { serviceId: string; serviceVersion: string }>(item: T) => ({
      item,
      name: (await fichaOf(cases, item.serviceId, item.serviceVersion)).plainName,
    })
    const records = await Promise.all((await listCases(db, ownerId)).map(named))
    const drafts = await Promise.all((await listDrafts(db, ownerId, cases.clock.now())).map(named))
    return reply.page((context) =>
      casesPage(
        context,
        records.map(({ item, name }) => ({ record: item, name })),
        drafts.map(({ item, name }) => ({ draft: item, name })),
      ),
    )
  })
  app.get<Folio>('/solicitudes/:folio', session, async (request, reply) => show(request, reply, request.params.folio))
  app.get<Folio>('/solicitudes/:folio/enviada', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    const ficha = await fichaOf(cases, record.serviceId, record.serviceVersion)
    const institution = institutionName(record.institution, request.language)
    return reply.page((context) => sentPage(context, { record, ficha, institution }))
  })
  app.get<{ Params: { folio: string; id: string } }>(
    '/solicitudes/:folio/documento/:id',
    session,
    async (request, reply) => {
      const record = await own(request, request.params.folio)
      const { bytes, kind } = await readCaseDocument(db, record, request.params.id)
      return reply
        .type('application/pdf')
        .header('cache-control', 'no-store')
        .header('content-disposition', `inline; filename="${record.folio}-${kind}.pdf"`)
        .send(bytes)
    },
  )
  app.get<Folio>('/solicitudes/:folio/expediente.asice', wholeFile, async (request, reply) =>
    sendCaseFile(reply, await caseFiles.forPerson(request.acting!, request.params.folio)),
  )
  app.post<Folio>('/solicitudes/:folio/constancia', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    await askTacitCertificate(cases, request.acting!, record.id)
    return reply.redirect(`/solicitudes/${record.folio}`, 303)
  })
  app.post<Folio>('/solicitudes/:folio/revision', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    await askReview(cases, request.acting!, record.id)
    return reply.redirect(`/solicitudes/${record.folio}`, 303)
  })
  app.post<Folio>('/solicitudes/:folio/consentimiento', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    await withdrawConsent(cases, request.acting!, record.id)
    return reply.redirect(`/solicitudes/${record.folio}`, 303)
  })
  app.post<Folio & Form>('/solicitudes/:folio/respuesta/archivo', withFile, async (request, reply) => {
    const record = await own(request, request.params.folio)
    if (!request.isMultipart()) {
      await detachFromAnswer(cases, request.acting!, record.id, request.body.archivo ?? '')
      return reply.redirect(`/solicitudes/${record.folio}#respuesta`, 303)
    }
    const { token, name, bytes } = await readUpload(request, cases.limits.attachmentBytes)
    request.checkToken(token)
    try {
      await attachToAnswer(cases, request.acting!, record.id, { name, bytes })
      return reply.redirect(`/solicitudes/${record.folio}#respuesta`, 303)
    } catch (error) {
      const message = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!message) throw error
      reply.code(422)
      return show(request, reply, record.folio, '', { field: 'archivo', message })
    }
  })
  app.post<Folio & Form>('/solicitudes/:folio/respuesta', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    const typed = (request.body.respuesta ?? '').slice(0, 20_000)
    if (typed.trim().length < 2) {
      reply.code(422)
      const message = say(caseTexts, 'answer.short', request.language)
      return show(request, reply, record.folio, typed, { field: 'respuesta', message })
    }
    await prepareAnswer(cases, request.acting!, record.id, typed)
    return reply.redirect(`/solicitudes/${record.folio}/firmar`, 303)
  })
  app.post<Folio>('/solicitudes/:folio/desistimiento', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    await prepareWithdrawal(cases, request.acting!, record.id)
    return reply.redirect(`/solicitudes/${record.folio}/firmar`, 303)
  })
  app.get<Folio>('/solicitudes/:folio/firmar', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    const preparation = await newestPreparation(db, record.ownerId, record.id)
    if (preparation.signerId !== request.acting!.person.accountId || preparation.documentId)
      throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
    const { answer } = preparation.context as { answer?: string }
    const t = (key: keyof typeof caseTexts) => say(caseTexts, key, request.language)
    return reply.page((context) =>
      signPage(context, {
        title: t('sign.title'),
        text: preparation.title,
        shown: [
          { key: t('folio'), value: record.folio },
          ...(answer ? [{ key: t('prevention.answer'), value: answer }] : []),
        ],
        back: `/solicitudes/${record.folio}`,
        documentUrl: `/solicitudes/${record.folio}/preparado/${preparation.id}`,
        action: `/solicitudes/${record.folio}/firma`,
        preparation,
        open: t('sign.open'),
        button: t('sign.button'),
        what: t('sign.what'),
      }),
    )
  })
  app.get<{ Params: { folio: string; id: string } }>(
    '/solicitudes/:folio/preparado/:id',
    session,
    async (request, reply) => {
      const record = await own(request, request.params.folio)
      const signerId = request.acting!.person.accountId
      const pdf = await readPreparedPdf(db, { ownerId: record.ownerId, id: request.params.id, signerId })
      return reply.type('application/pdf').header('cache-control', 'no-store').send(pdf)
    },
  )
  app.post<Folio & Form>('/solicitudes/:folio/firma', session, async (request, reply) => {
    const record = await own(request, request.params.folio)
    await signOwnAct(cases, request.acting!, record.id, readFormSignature(request.body))
    return reply.redirect(`/solicitudes/${record.folio}`, 303)
  })

  /** @throws Refusal `case-unknown`: also for another person's */
  async function own(request: FastifyRequest, typed: string) {
    const folio = parseFolio(typed)
    const found = folio && (await findFolio(db, folio))
    if (!found || found.ownerId !== request.acting!.account.id) throw new Refusal<CasesCode>('case-unknown', {}, 404)
    return readCase(db, found.ownerId, found.caseId)
  }

  async function show(request: FastifyRequest, reply: FastifyReply, folio: string, typed = '', fault?: FieldFault) {
    const record = await own(request, folio)
    const [ficha, steps, looks, documents, preventions, notices] = await Promise.all([
      fichaOf(cases, record.serviceId, record.serviceVersion),
      listSteps(db, record),
      listLooks(db, record),
      readableDocuments(db, record),
      listPreventions(db, record),
      listNotices(db, record.ownerId, 200, 0),
    ])
    const data: CaseData = {
      record,
      ficha,
      institution: institutionName(record.institution, request.language),
      steps,
      looks,
      documents,
      // What was asked and can no longer be answered is history, not a task.
      preventions: isOpen(record.status) ? preventions : [],
      mayAskReview: await mayAskReview(db, record),
      contact: request.acting!.contactEmail,
      waiting: notices.some(({ caseId, openedAt }) => caseId === record.id && !openedAt),
      openedNotices: new Set(notices.filter(({ openedAt }) => openedAt).map(({ id }) => id)),
      answerFiles: await listAnswerFiles(cases, record.ownerId, preventions),
      largestFile: cases.limits.attachmentBytes,
      faults: fault ? [fault] : [],
      typed,
    }
    return reply.page((context) => casePage(context, data))
  }
}
