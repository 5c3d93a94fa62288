import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { payAsBank } from '../pay-as-bank.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { demo } from './described.ts'
import { showPayment } from './show.ts'

const AdvanceRequest = Type.Object(
  { days: Type.Integer({ minimum: 1, maximum: 3660 }) },
  { additionalProperties: false },
)
const PayRequest = Type.Object({ reference: Type.String({ maxLength: 40 }) }, { additionalProperties: false })

/** Only in a demo: its clock and its bank. */
export function demoApiRoutes(app: FastifyInstance, parts: ShopParts): void {
  app.post<{ Body: Static<typeof AdvanceRequest> }>(
    '/demo/clock',
    demo({ summary: 'Move the clock, and do what falls due', body: AdvanceRequest, answer: answers.Now }),
    async (request) => {
      const now = await parts.demoClock!.advance(request.body.days)
      await parts.drain()
      return { now }
    },
  )
  app.post<{ Body: Static<typeof PayRequest> }>(
    '/demo/payments',
    demo({ summary: 'Let the demo’s bank pay a reference', body: PayRequest, answer: answers.Payment }),
    async (request) => showPayment(await payAsBank(parts, request.body.reference)),
  )
}
