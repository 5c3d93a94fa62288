import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { say } from '#kernel/texts.ts'
import {
  answerConsultation,
  assignCase,
  type CaseRecord,
  type CasesCode,
  consultColleague,
  draftDecision,
  findForServant,
  listLooks,
  newestDecision,
  type Outcome,
  openCaseAsServant,
  prepareDecision,
  preparePrevention,
  recordNotifiedInPerson,
  signDecision,
  signPrevention,
} from '#modules/cases/index.ts'
import {
  listDocuments,
  newestPreparation,
  readAttachment,
  readPreparation,
  readPreparedPdf,
} from '#modules/documents/index.ts'
import { readLastingDocument } from '#modules/preservation/index.ts'
import { faultsOf } from '#web/answer-faults.ts'
import type { FieldFault } from '#web/components/index.ts'
import { signPage } from '#web/components/sign-page.ts'
import { readFormSignature } from '#web/form-signature.ts'
import { caseFileRate, sendCaseFile } from '#web/send-case-file.ts'
import type { ShopParts } from '../shop-parts.ts'
import { readOfficeCase } from './case-access.ts'
import { officeCasePage, purposePage, purposes } from './pages/case.ts'
import { type OfficeTextKey, officeTexts } from './texts.ts'

const servant = { config: { guard: 'servant' as const } }
type Folio = { Params: { folio: string } }
type Form = { Body: Record<string, string | undefined> }

/** One case, as the institution works on it. */
export function officeCaseRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, caseFiles } = parts
  const looked = afterLooking(parts)
  const seen = (folio: string) => `/oficina/${folio}/expediente`

  app.get<Folio>('/oficina/:folio', servant, async (request, reply) => {
    const { folio } = await findForServant(cases, request.acting!, request.params.folio)
    return reply.page((context) => purposePage(context, folio, false))
  })
  app.post<Folio & Form>('/oficina/:folio/abrir', servant, async (request, reply) => {
    const purpose = purposes.find((each) => each === request.body.motivo)
    const { folio } = await findForServant(cases, request.acting!, request.params.folio)
    if (!purpose) {
      reply.code(422)
      return reply.page((context) => purposePage(context, folio, true))
    }
    // In the person's own language: it is for them.
    const record = await findForServant(cases, request.acting!, folio)
    await openCaseAsServant(cases, request.acting!, folio, say(officeTexts, `purpose.${purpose}`, record.language))
    return reply.redirect(seen(folio), 303)
  })
  app.get<Folio>('/oficina/:folio/expediente', looked, async (request, reply) => {
    const data = await readOfficeCase(parts, request, request.params.folio)
    return reply.page((context) => officeCasePage(context, data))
  })
  const wholeFile = { ...looked, config: { ...looked.config, rateLimit: caseFileRate } }
  // A form: taking the file is on record, and no link from elsewhere may put it there.
  app.post<Folio>('/oficina/:folio/expediente.asice', wholeFile, async (request, reply) => {
    const { folio, language } = await findForServant(cases, request.acting!, request.params.folio)
    const purpose = say(officeTexts, 'file.purpose', language)
    return sendCaseFile(reply, await caseFiles.forServant(request.acting!, folio, purpose))
  })
  app.post<Folio & Form>('/oficina/:folio/asignar', looked, async (request, reply) => {
    const { folio } = request.params
    const { a, visto } = request.body
    await assignCase(cases, request.acting!, folio, a, visto === undefined ? undefined : visto || null)
    return reply.redirect(seen(folio), 303)
  })
  app.post<Folio & Form>('/oficina/:folio/consulta', looked, async (request, reply) => {
    const { folio } = request.params
    const { colega = '', pregunta = '' } = request.body
    if (pregunta.trim() === '') return again(request, reply, 'pregunta', 'consult.empty')
    await consultColleague(cases, request.acting!, folio, { to: colega, question: pregunta })
    return reply.redirect(seen(folio), 303)
  })
  app.post<{ Params: { folio: string; id: string } } & Form>(
    '/oficina/:folio/consulta/:id',
    looked,
    async (request, reply) => {
      const { folio, id } = request.params
      await answerConsultation(cases, request.acting!, folio, { id, answer: request.body[`respuesta-${id}`] ?? '' })
      return reply.redirect(seen(folio), 303)
    },
  )
  app.post<Folio & Form>('/oficina/:folio/prevencion', looked, async (request, reply) => {
    const { folio } = request.params
    const asked = request.body.falta ?? ''
    if (asked.trim().length < 10) return again(request, reply, 'falta', 'prevention.short')
    await preparePrevention(cases, request.acting!, folio, { asked })
    return reply.redirect(`/oficina/${folio}/firmar`, 303)
  })
  app.post<Folio & Form>('/oficina/:folio/resolucion', looked, async (request, reply) => {
    const { folio } = request.params
    const { outcome = '', reasons = '', legalBasis = '', substitution, lista, version } = request.body
    const input = { outcome: outcome as Outcome, reasons, legalBasis, substitution, ready: lista === 'si' }
    const result = await draftDecision(cases, request.acting!, folio, input, Number(version) || 0).catch(ifChanged)
    if (!result) {
      const message = say(officeTexts, 'decision.changed', request.language)
      return showAgain(request, reply, [{ field: 'reasons', message }], 409)
    }
    if (result.ok) return reply.redirect(seen(folio), 303)
    return showAgain(request, reply, faultsOf(result.errors, request.language))
  })
  app.post<Folio>('/oficina/:folio/resolucion/preparar', looked, async (request, reply) => {
    await prepareDecision(cases, request.acting!, request.params.folio)
    return reply.redirect(`/oficina/${request.params.folio}/firmar`, 303)
  })
  app.post<Folio & Form>('/oficina/:folio/entregado', looked, async (request, reply) => {
    await recordNotifiedInPerson(cases, request.acting!, request.params.folio, request.body.tarea ?? '')
    return reply.redirect(seen(request.params.folio), 303)
  })
  signRoutes(app, parts)
  fileRoutes(app, parts)

  function again(request: FastifyRequest, reply: FastifyReply, field: string, key: OfficeTextKey) {
    return showAgain(request, reply, [{ field, message: say(officeTexts, key, request.language) }])
  }

  async function showAgain(request: FastifyRequest, reply: FastifyReply, faults: FieldFault[], status = 422) {
    const { folio } = request.params as { folio: string }
    const typed = request.body as Record<string, string | undefined>
    const data = await readOfficeCase(parts, request, folio, faults, typed)
    reply.code(status)
    return reply.page((context) => officeCasePage(context, data))
  }
}

/** Somebody else kept a version meanwhile: the officer sees theirs beside their own words, and loses neither. */
function ifChanged(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'case-changed') return undefined
  throw error
}

/** After the purpose was said, the case stays open to this person for so long; then they say it again. */
const LOOK_MINUTES = 60

/** Whatever shows a case wants its purpose on record first; an answer to a wrong form shows it as much as the page does. */
function afterLooking(parts: ShopParts) {
  return {
    ...servant,
    preHandler: async (request: FastifyRequest, reply: FastifyReply) => {
      const record = await findForServant(parts.cases, request.acting!, (request.params as { folio: string }).folio)
      if (!(await isOpenTo(parts, request, record))) return reply.redirect(`/oficina/${record.folio}`, 303)
    },
  }
}

async function isOpenTo({ cases, db }: ShopParts, { acting }: FastifyRequest, record: CaseRecord): Promise<boolean> {
  const own = (await listLooks(db, record)).filter(({ by_account }) => by_account === acting!.person.accountId)
  const last = own.at(-1)
  return last !== undefined && cases.clock.now().getTime() - last.at.getTime() < LOOK_MINUTES * 60_000
}

function signRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, db } = parts
  app.get<Folio>('/oficina/:folio/firmar', afterLooking(parts), async (request, reply) => {
    const record = await findForServant(cases, request.acting!, request.params.folio)
    const preparation = await newestPreparation(db, record.ownerId, record.id)
    if (preparation.signerId !== request.acting!.person.accountId || preparation.documentId)
      throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
    const t = (key: OfficeTextKey) => say(officeTexts, key, request.language)
    const { asked } = preparation.context as { asked?: string }
    const decision = asked === undefined ? await newestDecision(db, record) : undefined
    const said = [
      { key: t('applicant'), value: record.applicant.name },
      ...(asked === undefined ? [] : [{ key: t('prevention.asked'), value: asked }]),
      ...(decision
        ? [
            { key: t('decision.outcome'), value: t(`decision.${decision.outcome}`) },
            { key: t('decision.reasons'), value: decision.reasons },
            { key: t('decision.basis'), value: decision.legal_basis },
          ]
        : []),
    ]
    return reply.page((context) =>
      signPage(context, {
        title: t('sign.title'),
        text: `${record.folio} · ${preparation.title}`,
        shown: said,
        back: `/oficina/${record.folio}/expediente`,
        documentUrl: `/oficina/${record.folio}/preparado/${preparation.id}`,
        action: `/oficina/${record.folio}/firma`,
        preparation,
        open: t('sign.open'),
        button: t('sign.button'),
        what: t('sign.what'),
      }),
    )
  })
  app.post<Folio & Form>('/oficina/:folio/firma', servant, async (request, reply) => {
    const { folio } = request.params
    const signed = readFormSignature(request.body)
    const record = await findForServant(cases, request.acting!, folio)
    const { kind } = await readPreparation(db, record.ownerId, signed.preparationId)
    if (kind === 'prevention') await signPrevention(cases, request.acting!, folio, signed)
    else await signDecision(cases, request.acting!, folio, signed)
    return reply.redirect(`/oficina/${folio}/expediente`, 303)
  })
}

function fileRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, db } = parts
  type Part = { Params: { folio: string; id: string } }
  const pdf = (reply: FastifyReply, bytes: Buffer) =>
    reply.type('application/pdf').header('cache-control', 'no-store').send(bytes)
  const looked = afterLooking(parts)
  app.get<Part>('/oficina/:folio/preparado/:id', looked, async (request, reply) => {
    const record = await findForServant(cases, request.acting!, request.params.folio)
    const signerId = request.acting!.person.accountId
    return pdf(reply, await readPreparedPdf(db, { ownerId: record.ownerId, id: request.params.id, signerId }))
  })
  app.get<Part>('/oficina/:folio/documento/:id', looked, async (request, reply) => {
    const record = await findForServant(cases, request.acting!, request.params.folio)
    const known = await listDocuments(db, record.ownerId, record.id)
    if (!known.some(({ id }) => id === request.params.id)) throw new Refusal('document-unknown', {}, 404)
    return pdf(reply, (await readLastingDocument(db, record.ownerId, request.params.id)).bytes)
  })
  app.get<Part>('/oficina/:folio/archivo/:id', looked, async (request, reply) => {
    const record = await findForServant(cases, request.acting!, request.params.folio)
    if (!record.attachments.some(({ id }) => id === request.params.id)) throw new Refusal('document-unknown', {}, 404)
    const { content, type, name } = await readAttachment(db, record.ownerId, request.params.id)
    return reply
      .type(type)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .send(content)
  })
}
