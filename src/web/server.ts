import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '#kernel/log.ts'
import type { Language } from '#kernel/texts.ts'
import type { ActingSession, EndedSession } from '#modules/identity/index.ts'
import { answerError } from './answer-error.ts'
import { cookieNames } from './cookies.ts'
import { decorate } from './decorate.ts'
import { checkGuard, SAFE } from './guard.ts'
import { identify } from './identify.ts'
import type { PageAssets } from './layout.ts'
import { ownAddress } from './own-address.ts'

export interface ServerParts {
  log: Log
  publicUrl: string
  demo: boolean
  zone: string
  /** 32 bytes, the same on every server of one database. */
  csrfSecret: Buffer
  requestsPerMinute: number
  largestBody: number
  assets: PageAssets
  now(): Date
  readSession(token: string): Promise<ActingSession | undefined>
  readEndedSession(token: string): Promise<EndedSession | undefined>
  /** Notices not opened yet, for the number beside «My mailbox». */
  unopened(accountId: string): Promise<number>
  /** Sentences about how sure the sign-in was. */
  warnings(session: ActingSession, language: Language): string[]
  incidents: { inc(): void }
}

/** Bytes of a form or of JSON; files come as files. */
const LARGEST_FORM = 1024 * 1024

/** The server that all web channels share: cookies, sessions, tokens, language, headers, limits and what errors look like. */
export async function openServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: 'loopback',
    bodyLimit: LARGEST_FORM,
    // A request that is never finished does not hold its connection for ever; a photograph over a slow line gets through.
    requestTimeout: 300_000,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
  })
  const names = cookieNames(parts.publicUrl)
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: LARGEST_FORM })
  await app.register(multipart, {
    limits: { fileSize: parts.largestBody, files: 10, fields: 50, fieldSize: 64 * 1024 },
  })
  await app.register(helmet, securityHeaders(parts.publicUrl))
  await app.register(rateLimit, {
    max: parts.requestsPerMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: (_, { after }) => Object.assign(new Error('too many requests'), { statusCode: 429, after }),
  })
  // Any other body is bytes: an uploaded file, as programs send it.
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: parts.largestBody }, (_, body, done) =>
    done(null, body),
  )
  decorate(app, parts)
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.guard) throw new Error(`${method} ${url} does not say who may come in`)
  })
  app.addHook('onRequest', async (request, reply) => {
    const own = ownAddress(request, parts.publicUrl)
    if (own) return reply.redirect(own, 307)
    await identify(request, parts, names)
  })
  app.addHook('preHandler', async (request) => checkGuard(request, parts))
  // What is somebody's own, and what an act answers, is kept by no cache on the way.
  app.addHook('onSend', async (request, reply) => {
    const isOpen = request.routeOptions.config.guard === 'open' && SAFE.has(request.method)
    if (!isOpen && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, parts))
  app.setNotFoundHandler((request, reply) =>
    answerError(Object.assign(new Error('not found'), { statusCode: 404 }), request, reply, parts),
  )
  return app
}

/** Everything a page loads is ours; nobody frames it. */
const securityHeaders = (publicUrl: string): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'font-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'object-src': ["'self'"],
      'frame-src': ["'self'"],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
  crossOriginEmbedderPolicy: false,
  strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
})
