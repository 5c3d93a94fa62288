import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { say } from '#kernel/texts.ts'
import {
  applicantOf,
  type CaseParts,
  type CasesCode,
  checkAnswers,
  checkOpen,
  listDrafts,
  type OnlineFicha,
  prepareSubmission,
  saveObjection,
  startDraft,
  startPayment,
  submitCase,
} from '#modules/cases/index.ts'
import { isAnswered, nextQuestion } from '#modules/catalogue/index.ts'
import { newestPreparation, readPreparedPdf } from '#modules/documents/index.ts'
import { faultsOf } from '#web/answer-faults.ts'
import type { FieldFault } from '#web/components/index.ts'
import { readFormSignature } from '#web/form-signature.ts'
import type { ShopParts } from '../shop-parts.ts'
import { draftOwner, type OpenedDraft, openOwnDraft } from './draft-access.ts'
import { draftTexts } from './draft-texts.ts'
import { type CheckData, checkAnswersPage } from './pages/check-answers.ts'
import { paymentPage, signDraftPage, startPage } from './pages/draft.ts'

const open = { config: { guard: 'open' as const } }
const session = { config: { guard: 'session' as const } }
/** Whoever has not signed in can begin as many drafts as a person needs, not as a machine could. */
const sparing = { config: { guard: 'open' as const, rateLimit: { max: 60, timeWindow: '1 minute' } } }
type Id = { Params: { id: string } }
type Form = { Body: Record<string, string | undefined> }

/** From the first question to the signature. */
export function draftRoutes(app: FastifyInstance, { cases, db }: ShopParts): void {
  app.get<Id>('/solicitar/:id', open, async (request, reply) => {
    const ficha = await cases.catalogue.current(request.params.id)
    if (!ficha) throw new Refusal<CasesCode>('service-unknown', {}, 404)
    // Its page says where and how it is done.
    if (!ficha.online) return reply.redirect(`/tramites/${ficha.id}`, 303)
    const drafts =
      request.visit || request.acting ? await listDrafts(db, draftOwner(request).id, cases.clock.now()) : []
    const kept = drafts.find(({ serviceId }) => serviceId === ficha.id)
    return reply.page((context) => startPage(context, ficha as OnlineFicha, kept))
  })
  app.post<Id>('/solicitar/:id', sparing, async (request, reply) => {
    const draft = await startDraft(cases, draftOwner(request), {
      serviceId: request.params.id,
      language: request.language,
      channel: 'online',
    })
    const ficha = (await cases.catalogue.version(draft.serviceId, draft.serviceVersion)) as OnlineFicha
    if (draft.anonymous) reply.keepVisit()
    return reply.redirect(`/borradores/${draft.id}/${ficha.online.questions[0]!.id}`, 303)
  })
  app.get<Id>('/borradores/:id', open, async (request, reply) => {
    const opened = await openOwnDraft(cases, db, request, request.params.id)
    if (opened.draft.caseId) return reply.redirect('/solicitudes', 303)
    checkOpen(cases, opened.draft)
    const data = checkData(cases, opened, request, [])
    return reply.page((context) => checkAnswersPage(context, data))
  })
  app.post<Id & Form>('/borradores/:id/objecion', session, async (request, reply) => {
    const { id } = request.params
    const words = request.body.objecion ?? ''
    const input = { field: 'certificate', words, channel: 'online' as const }
    const saved = await saveObjection(cases, request.acting!.account.id, id, input)
    if (saved.ok) return reply.redirect(`/borradores/${id}`, 303)
    const faults = faultsOf(saved.errors, request.language).map((fault) => ({ ...fault, field: 'objecion' }))
    const opened = await openOwnDraft(cases, db, request, id)
    opened.draft.objections.certificate = words
    reply.code(422)
    return reply.page((context) => checkAnswersPage(context, checkData(cases, opened, request, faults)))
  })
  app.post<Id>('/borradores/:id/pago', session, async (request, reply) => {
    await startPayment(cases, request.acting!.account.id, request.params.id)
    return reply.redirect(`/borradores/${request.params.id}/pago`, 303)
  })
  app.get<Id>('/borradores/:id/pago', session, async (request, reply) => {
    const { draft, ficha, payment } = await openOwnDraft(cases, db, request, request.params.id)
    if (!payment || payment.status === 'paid') return reply.redirect(`/borradores/${draft.id}`, 303)
    return reply.page((context) => paymentPage(context, ficha, payment))
  })
  signRoutes(app, { cases, db })
}

/** Asked and not answered, by question. */
function missingIn(cases: CaseParts, { draft, ficha, attachments }: OpenedDraft): string[] {
  const hasFile = (id: string) => attachments.some(({ field }) => field === id)
  const first = nextQuestion(ficha.online, draft.answers, hasFile)
  if (!first) {
    const checked = checkAnswers(cases, ficha, draft.answers, attachments)
    return checked.ok ? [] : checked.errors.map(({ field }) => field.split('.')[0]!)
  }
  return ficha.online.questions.filter((each) => !isAnswered(each, draft.answers, hasFile)).map(({ id }) => id)
}

function signRoutes(app: FastifyInstance, { cases, db }: Pick<ShopParts, 'cases' | 'db'>): void {
  app.post<Id & Form>('/borradores/:id/preparar', session, async (request, reply) => {
    const acting = request.acting!
    const { id } = request.params
    const { consiento } = request.body
    if (consiento !== 'si' && consiento !== 'no') {
      const message = say(draftTexts, 'notices.choose', request.language)
      return showAgain(request, reply, [{ field: 'consiento', message }])
    }
    const prepared = await prepareSubmission(cases, acting, {
      draftId: id,
      language: request.language,
      consent: { electronic: consiento === 'si', email: acting.contactEmail?.address ?? null },
    })
    if (prepared.ok) return reply.redirect(`/borradores/${id}/firmar`, 303)
    return showAgain(request, reply, faultsOf(prepared.errors, request.language))
  })
  app.get<Id>('/borradores/:id/firmar', session, async (request, reply) => {
    const { draft, ownerId, ficha } = await openOwnDraft(cases, db, request, request.params.id)
    if (draft.caseId) return reply.redirect('/solicitudes', 303)
    const preparation = await newestPreparation(db, ownerId, draft.id)
    return reply.page((context) => signDraftPage(context, ficha, draft, preparation))
  })
  app.get<{ Params: { id: string; preparation: string } }>(
    '/borradores/:id/documento/:preparation',
    session,
    async (request, reply) => {
      const { account, person } = request.acting!
      const asked = { ownerId: account.id, id: request.params.preparation, signerId: person.accountId }
      const pdf = await readPreparedPdf(db, asked)
      return reply.type('application/pdf').header('cache-control', 'no-store').send(pdf)
    },
  )
  app.post<Id & Form>('/borradores/:id/firma', session, async (request, reply) => {
    const record = await submitCase(cases, request.acting!, {
      draftId: request.params.id,
      ...readFormSignature(request.body),
      channel: 'online',
    })
    return reply.redirect(`/solicitudes/${record.folio}/enviada`, 303)
  })

  async function showAgain(request: FastifyRequest, reply: FastifyReply, faults: FieldFault[]): Promise<FastifyReply> {
    const opened = await openOwnDraft(cases, db, request, (request.params as { id: string }).id)
    reply.code(422)
    const data = checkData(cases, opened, request, faults)
    return reply.page((context) => checkAnswersPage(context, data))
  }
}

function checkData(cases: CaseParts, opened: OpenedDraft, request: FastifyRequest, faults: FieldFault[]): CheckData {
  const { draft, ficha, attachments, payment } = opened
  const { acting } = request
  return {
    draft,
    ficha,
    attachments,
    applicant: acting ? applicantOf(acting) : undefined,
    contactEmail: acting?.contactEmail ?? null,
    faults,
    missing: new Set(missingIn(cases, opened)),
    payment,
  }
}
