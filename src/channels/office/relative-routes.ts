import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { declareRelative, listRelatives } from '#modules/cases/index.ts'
import type { FieldFault } from '#web/components/index.ts'
import { refusalSentence } from '#web/refusal-sentence.ts'
import type { ShopParts } from '../shop-parts.ts'
import { relativesPage } from './pages/relatives.ts'

const servant = { config: { guard: 'servant' as const } }
type Form = { Body: { curp?: string } }

/** A public servant says whose cases they must not touch. */
export function relativeRoutes(app: FastifyInstance, { cases, db }: ShopParts): void {
  app.get('/oficina/familiares', servant, async (request, reply) => show(request, reply, '', []))
  app.post<Form>('/oficina/familiares', servant, async (request, reply) => {
    const curp = (request.body.curp ?? '').slice(0, 40)
    try {
      await declareRelative(cases, request.acting!, curp)
      return reply.redirect('/oficina/familiares', 303)
    } catch (error) {
      const message = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!message) throw error
      reply.code(422)
      return show(request, reply, curp, [{ field: 'curp', message }])
    }
  })

  async function show(request: FastifyRequest, reply: FastifyReply, typed: string, faults: FieldFault[]) {
    const relatives = await listRelatives(db, request.acting!)
    return reply.page((context) => relativesPage(context, { relatives, typed, faults }))
  }
}
