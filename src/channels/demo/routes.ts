import type { FastifyInstance } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { say } from '#kernel/texts.ts'
import { type CasesCode, findPayment } from '#modules/cases/index.ts'
import { listMails } from '#modules/post-office/index.ts'
import { payAsBank } from '../pay-as-bank.ts'
import type { ShopParts } from '../shop-parts.ts'
import { bankPage, clockPage, mailsPage, peoplePage } from './pages.ts'
import { demoTexts } from './texts.ts'

const demoOnly = { config: { guard: 'demo' as const } }
const MOST_DAYS = 3660
type Form = { Body: Record<string, string | undefined> }
type Reference = { Params: { reference: string } }

/** What makes a demo a demo: people to try with, a clock to move, a bank, the mails. None of it exists outside one. */
export function demoRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { demo, db, cases } = parts
  if (!demo) return
  app.get('/demo', demoOnly, async (_, reply) => reply.page((context) => peoplePage(context, demo.people)))
  app.get('/demo/people.json', demoOnly, async () => ({ items: demo.people }))
  app.get<{ Params: { id: string; file: string } }>('/demo/people/:id/:file', demoOnly, async (request, reply) => {
    const { id, file } = request.params
    const known = demo.people.some((person) => person.id === id)
    if (!known || (file !== 'cer' && file !== 'key' && file !== 'password.txt'))
      throw Object.assign(new Error('not found'), { statusCode: 404 })
    const name = file === 'password.txt' ? `${id}.txt` : `${id}.${file}`
    return reply
      .type(file === 'password.txt' ? 'text/plain; charset=utf-8' : 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(await demo.readFile(id, file))
  })
  app.get('/demo/ca.crl', demoOnly, async (_, reply) =>
    reply.type('application/pkix-crl').send(await demo.readCrl(parts.clock.now())),
  )
  app.get<{ Querystring: { movido?: string } }>('/demo/reloj', demoOnly, async (request, reply) =>
    reply.page((context) => clockPage(context, request.query.movido !== undefined)),
  )
  app.post<Form>('/demo/reloj', demoOnly, async (request, reply) => {
    const days = Number(request.body.dias)
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
      reply.code(422)
      return reply.page((context) => clockPage(context, false, say(demoTexts, 'clock.fault', request.language)))
    }
    await parts.demoClock!.advance(days)
    await parts.drain()
    return reply.redirect('/demo/reloj?movido', 303)
  })
  app.get('/demo/correos', demoOnly, async (_, reply) => {
    const mails = await listMails(db)
    return reply.page((context) => mailsPage(context, mails))
  })
  app.get<Reference>('/demo/banco/:reference', demoOnly, async (request, reply) => {
    const payment = await findPayment(cases, request.params.reference)
    if (!payment) throw new Refusal<CasesCode>('payment-unknown', {}, 404)
    return reply.page((context) => bankPage(context, payment))
  })
  app.post<Reference>('/demo/banco/:reference', demoOnly, async (request, reply) => {
    const { reference } = await payAsBank(parts, request.params.reference)
    return reply.redirect(`/demo/banco/${reference}`, 303)
  })
}
