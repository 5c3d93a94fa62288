import type { Static } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { fromBase64 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import { catalogueSchema, toCpsvAp } from '#modules/catalogue/index.ts'
import { completeSignIn, signOut, startSignIn } from '#modules/identity/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import * as answers from './answers.ts'
import { open, signedIn } from './described.ts'
import { sendInvalid } from './problems.ts'
import * as shapes from './shapes.ts'
import { showAccount, showService, showServiceRow } from './show.ts'

/** What anyone may ask: the catalogue, and signing in. */
export function openApiRoutes(app: FastifyInstance, { cases, identity, publicUrl }: ShopParts): void {
  const { catalogue } = cases
  app.get<{ Querystring: Static<typeof shapes.ServicesQuery> }>(
    '/services',
    open({ summary: 'Search the catalogue', answer: answers.Services, querystring: shapes.ServicesQuery }),
    async (request) => {
      const { limit = 20, offset = 0, ...search } = request.query
      const found = await catalogue.search({ ...search, limit, offset })
      return { items: found.items.map(showServiceRow), total: found.total }
    },
  )
  app.get<{ Params: { id: string } }>(
    '/services/:id',
    open({
      summary: 'A service: ficha, schema of its data and an example',
      answer: answers.Service,
      params: shapes.ServiceParams,
    }),
    async (request) => {
      const ficha = await catalogue.current(request.params.id)
      if (!ficha) throw new Refusal('service-unknown', {}, 404)
      return showService(ficha)
    },
  )
  app.get<{ Params: { id: string } }>(
    '/services/:id/cpsv-ap',
    open({
      summary: 'The same as JSON-LD (CPSV-AP)',
      answer: answers.LinkedData,
      type: 'application/ld+json',
      params: shapes.ServiceParams,
    }),
    async (request, reply) => {
      const ficha = await catalogue.current(request.params.id)
      if (!ficha) throw new Refusal('service-unknown', {}, 404)
      return reply.type('application/ld+json').send(JSON.stringify(toCpsvAp(ficha, catalogue, publicUrl)))
    },
  )
  app.get(
    '/catalogue',
    open({ summary: 'The whole catalogue as one file', answer: answers.WholeCatalogue }),
    async () => ({
      schema: `${publicUrl}/api/v1/schemas`,
      institutions: [...catalogue.institutions.values()],
      ...catalogue.lists,
      services: await catalogue.all(),
    }),
  )
  app.get(
    '/schemas',
    open({ summary: 'The JSON Schema of the whole catalogue', answer: answers.CatalogueSchema }),
    async () => ({
      $id: `${publicUrl}/api/v1/schemas`,
      ...catalogueSchema,
    }),
  )
  app.post<{ Body: Static<typeof shapes.ChallengeRequest> }>(
    '/sign-in/challenges',
    open({
      summary: 'A challenge to sign, good for two minutes and one try',
      answer: answers.Challenge,
      status: 201,
      body: shapes.ChallengeRequest,
    }),
    async (request, reply) => {
      const started = await startSignIn(identity, { account: request.body.account, address: request.ip })
      return started.ok ? reply.code(201).send(started.value) : sendInvalid(reply, request.language, started.errors)
    },
  )
  app.post<{ Body: Static<typeof shapes.SessionRequest> }>(
    '/sign-in/sessions',
    open({
      summary: 'Sign in: the certificate and the signature of the challenge',
      answer: answers.Session,
      status: 201,
      body: shapes.SessionRequest,
    }),
    async (request, reply) => {
      const { challengeId, certificate, signature, text } = request.body
      const [der, signed] = [fromBase64(certificate), fromBase64(signature)]
      if (!der) throw new Refusal('certificate-unreadable', {}, 422)
      if (!signed) throw new Refusal('signature-invalid', {}, 401)
      const { token, expiresAt, session } = await completeSignIn(identity, {
        challengeId,
        certificate: der,
        signature: signed,
        address: request.ip,
        ...(text !== undefined && { text }),
      })
      return reply.code(201).send({ token, expiresAt, account: showAccount(session) })
    },
  )
  app.delete('/sign-in/sessions', signedIn({ summary: 'Sign out', answer: 'nothing' }), async (request, reply) => {
    await signOut(identity, request.token!)
    return reply.code(204).send()
  })
}
