import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { fromBase64 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import { confirmPayment } from '#modules/cases/index.ts'
import { confirmContactEmail, setContactEmail } from '#modules/identity/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { caseRoutes } from './case-routes.ts'
import { open, signedIn } from './described.ts'
import { draftRoutes } from './draft-routes.ts'
import { noticeRoutes } from './notice-routes.ts'
import { sendInvalid } from './problems.ts'
import * as shapes from './shapes.ts'
import { showAccount, showPayment } from './show.ts'

/** The citizen's own API: the same use-cases as the pages. */
export function citizenRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, identity } = parts
  app.get('/me', signedIn({ summary: 'Who is signed in, and for whom', answer: answers.Me }), async ({ acting }) => ({
    ...showAccount(acting!),
    roles: acting!.roles,
    contactEmail: acting!.contactEmail,
  }))
  app.put<{ Body: Static<typeof shapes.EmailRequest> }>(
    '/me/email',
    signedIn({ summary: 'Contact e-mail: sends a code', answer: answers.Email, body: shapes.EmailRequest }),
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
      answer: answers.Email,
      body: shapes.CodeRequest,
    }),
    async (request) => confirmContactEmail(identity, request.acting!, request.body.code),
  )
  draftRoutes(app, parts)
  caseRoutes(app, parts)
  noticeRoutes(app, parts)
  app.post<{ Body: Static<typeof shapes.PaymentRequest> }>(
    '/payments',
    open({ summary: 'A bank’s signed message: paid', body: shapes.PaymentRequest, answer: answers.Payment }),
    async (request) => {
      const signature = fromBase64(request.body.signature)
      if (!signature) throw new Refusal('payment-not-signed', {}, 403)
      return showPayment(await confirmPayment(cases, request.body.message, signature))
    },
  )
}
