import type { FastifyInstance } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { say } from '#kernel/texts.ts'
import { addBusinessDays, wallClock } from '#modules/calendars/index.ts'
import { newestPreparation, readPreparedPdf } from '#modules/documents/index.ts'
import {
  consultBoard,
  listEvents,
  listNotices,
  mayReport,
  type Notice,
  type NoticeRule,
  openNotice,
  prepareOpening,
  readNotice,
  reportFault,
  waitsForConsultation,
} from '#modules/post-office/index.ts'
import { readLastingDocument } from '#modules/preservation/index.ts'
import { signPage } from '#web/components/sign-page.ts'
import { readFormSignature } from '#web/form-signature.ts'
import { showInstant } from '#web/format.ts'
import type { ShopParts } from '../shop-parts.ts'
import { mailboxTexts } from './mailbox-texts.ts'
import { consultPage, mailboxPage, noticePage } from './pages/mailbox.ts'

const session = { config: { guard: 'session' as const } }
const PAGE_SIZE = 50
type Id = { Params: { id: string } }
type Form = { Body: Record<string, string | undefined> }

/** The electronic post office, as the person sees it: told before it serves, signed before it is read. */
export function mailboxRoutes(app: FastifyInstance, { postOffice, db }: ShopParts): void {
  app.get<{ Querystring: { pagina?: string } }>('/buzon', session, async (request, reply) => {
    const ownerId = request.acting!.account.id
    const waiting = await waitsForConsultation(postOffice, ownerId)
    if (waiting > 0) return reply.page((context) => consultPage(context, waiting))
    const page = Math.min(1000, Math.max(1, Number.parseInt(request.query.pagina ?? '1', 10) || 1))
    const found = await listNotices(db, ownerId, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
    const data = { notices: found.slice(0, PAGE_SIZE), page, more: found.length > PAGE_SIZE }
    return reply.page((context) => mailboxPage(context, data))
  })
  app.post('/buzon/consultar', session, async (request, reply) => {
    await consultBoard(postOffice, request.acting!.account.id)
    return reply.redirect('/buzon', 303)
  })
  app.get<Id>('/buzon/:id', session, async (request, reply) => {
    const notice = await readNotice(db, request.acting!.account.id, request.params.id)
    // What is on the board is seen by consulting it, also by who comes with a link.
    if (notice.status === 'deposited' && postOffice.rules.get(notice.rule.id)?.onOpening === 'consultation')
      return reply.redirect('/buzon', 303)
    const rule = postOffice.rules.get(notice.rule.id)!
    const data = {
      notice,
      rule,
      events: await listEvents(db, notice),
      appealBy: lastDayToAppeal(notice, rule),
      mayReport: mayReport(postOffice, notice),
    }
    return reply.page((context) => noticePage(context, data))
  })
  /** Until when, as a day (LFPA 39): it runs from the day after the notice took effect. */
  function lastDayToAppeal({ particulars, effectAt, institution }: Notice, rule: NoticeRule): string | null {
    const calendar = postOffice.calendars.get(rule.calendar)!
    if (particulars.final || !particulars.appeal || !effectAt) return null
    const from = wallClock(effectAt, calendar.zone).day
    return addBusinessDays(calendar, from, particulars.appeal.days, institution).at(-1)!
  }
  app.post<Id>('/buzon/:id/impedimento', session, async (request, reply) => {
    await reportFault(postOffice, request.acting!, request.params.id)
    return reply.redirect(`/buzon/${request.params.id}`, 303)
  })
  app.post<Id>('/buzon/:id/abrir', session, async (request, reply) => {
    await prepareOpening(postOffice, request.acting!, request.params.id, request.language)
    return reply.redirect(`/buzon/${request.params.id}/firmar`, 303)
  })
  app.get<Id>('/buzon/:id/firmar', session, async (request, reply) => {
    const notice = await readNotice(db, request.acting!.account.id, request.params.id)
    if (notice.openedAt) return reply.redirect(`/buzon/${notice.id}`, 303)
    const preparation = await newestPreparation(db, notice.ownerId, notice.id)
    const t = (key: keyof typeof mailboxTexts) => say(mailboxTexts, key, request.language)
    return reply.page((context) =>
      signPage(context, {
        title: t('open.title'),
        text: t('open.body'),
        shown: [
          { key: t('from'), value: notice.sender[context.language] },
          { key: t('posted'), value: showInstant(notice.postedAt, context) },
        ],
        back: `/buzon/${notice.id}`,
        documentUrl: `/buzon/${notice.id}/preparado/${preparation.id}`,
        action: `/buzon/${notice.id}/firma`,
        preparation,
        open: t('sign.open'),
        button: t('sign.button'),
        what: t('sign.what'),
      }),
    )
  })
  app.get<{ Params: { id: string; preparation: string } }>(
    '/buzon/:id/preparado/:preparation',
    session,
    async (request, reply) => {
      const { account, person } = request.acting!
      const asked = { ownerId: account.id, id: request.params.preparation, signerId: person.accountId }
      const pdf = await readPreparedPdf(db, asked)
      return reply.type('application/pdf').header('cache-control', 'no-store').send(pdf)
    },
  )
  app.post<Id & Form>('/buzon/:id/firma', session, async (request, reply) => {
    const noticeId = request.params.id
    await openNotice(postOffice, request.acting!, { noticeId, ...readFormSignature(request.body) })
    return reply.redirect(`/buzon/${noticeId}`, 303)
  })
  const parts: Array<[name: string, of: (notice: Notice) => string | null]> = [
    ['acto', ({ openedAt, actDocumentId }) => (openedAt ? actDocumentId : null)],
    ['acuse', ({ openingDocumentId }) => openingDocumentId],
    ['constancia', ({ constanciaDocumentId }) => constanciaDocumentId],
  ]
  for (const [name, of] of parts)
    app.get<Id>(`/buzon/:id/${name}`, session, async (request, reply) => {
      const notice = await readNotice(db, request.acting!.account.id, request.params.id)
      const documentId = of(notice)
      if (!documentId) throw new Refusal('document-unknown', {}, 404)
      const { bytes } = await readLastingDocument(db, notice.ownerId, documentId)
      return reply
        .type('application/pdf')
        .header('cache-control', 'no-store')
        .header('content-disposition', `inline; filename="${name}.pdf"`)
        .send(bytes)
    })
}
