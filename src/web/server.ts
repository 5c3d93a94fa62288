import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Log } from '#kernel/log.ts'
import type { Language } from '#kernel/texts.ts'
import { type ActingSession, type EndedSession, PLATFORM } from '#modules/identity/index.ts'
import { answerError } from './answer-error.ts'
import { cameFrom } from './came-from.ts'
import type { PageContext } from './context.ts'
import {
  type CookieNames,
  clearSession,
  cookieNames,
  csrfToken,
  ensureVisit,
  sameToken,
  setSession,
  setVisit,
} from './cookies.ts'
import { type Html, html } from './html.ts'
import { isWritable } from './is-writable.ts'
import { layout, type Page, type PageAssets } from './layout.ts'
import { ownAddress } from './own-address.ts'
import { readForm } from './read-form.ts'

export type Guard = 'open' | 'session' | 'servant' | 'administrator' | 'demo'

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

declare module 'fastify' {
  interface FastifyRequest {
    language: Language
    acting: ActingSession | null
    token: string | null
    /** Random, of this browser: what a draft belongs to before anybody signs in. */
    visit: string
    /** For what the guard cannot see: the token inside a multipart body. */
    checkToken(sent: unknown): void
    isToken(sent: unknown): boolean
    /** The account whose form this was, where its session ended by itself while the form was open. */
    accountOfEndedForm(sent: unknown): Promise<string | undefined>
    /** Whether a session of this browser ended by itself. */
    hasEndedSession(): Promise<boolean>
  }
  interface FastifyReply {
    openSession(token: string): FastifyReply
    closeSession(): FastifyReply
    /** The browser remembers itself for seven days from now. */
    keepVisit(): FastifyReply
    page(page: Page | ((context: PageContext) => Page)): Promise<FastifyReply>
    context(): Promise<PageContext>
  }
  interface FastifyContextConfig {
    /** Who may come in: every route says so (test/invariants). */
    guard?: Guard
    /** A form that changes nothing for anybody: needs no token. */
    harmless?: boolean
    /** The route looks at the form's token itself, to give back what was typed where it is too old. */
    ownToken?: boolean
    /** Its form may bring files: it reads the body by itself and checks the token that it finds there. */
    files?: boolean
    /** A program's bytes and no browser's form: nobody's cookie counts for it, and nothing is done for anybody. */
    bytes?: boolean
    /** Its form may name a field more than once. */
    lists?: boolean
  }
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
  await app.register(helmet, {
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
    strictTransportSecurity: parts.publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
  })
  await app.register(rateLimit, {
    max: parts.requestsPerMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: (_, { after }) => Object.assign(new Error('too many requests'), { statusCode: 429, after }),
  })
  // Any other body is bytes: an uploaded file, as programs send it.
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: parts.largestBody }, (_, body, done) =>
    done(null, body),
  )
  app.decorateRequest('language', 'es')
  app.decorateRequest('acting', null)
  app.decorateRequest('token', null)
  app.decorateRequest('visit', '')
  decorateReplies(app, parts)
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.guard) throw new Error(`${method} ${url} does not say who may come in`)
  })
  app.addHook('onRequest', async (request, reply) => {
    const own = ownAddress(request, parts.publicUrl)
    if (own) return reply.redirect(own, 307)
    await identify(request, parts, names)
  })
  app.addHook('preHandler', async (request) => guard(request, parts))
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

async function identify(request: FastifyRequest, parts: ServerParts, names: CookieNames): Promise<void> {
  request.language = languageOf(request)
  const [scheme, bearer] = String(request.headers.authorization ?? '').split(' ')
  // Programs bring their token themselves; a browser's cookie alone never moves the API, whoever made the browser send it.
  const token = scheme === 'Bearer' ? bearer : isApi(request) ? undefined : request.cookies[names.session]
  request.visit = request.cookies[names.visit] ?? ''
  if (!token) return
  request.acting = (await parts.readSession(token)) ?? null
  request.token = request.acting ? token : null
}

const isApi = ({ url }: FastifyRequest): boolean => url.startsWith('/api/')

/** Chosen by hand (cookie), else by the browser, else Spanish. */
function languageOf(request: FastifyRequest): Language {
  const chosen = request.cookies.idioma
  if (chosen === 'es' || chosen === 'en') return chosen
  for (const part of String(request.headers['accept-language'] ?? '').split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase()
    if (tag === 'es' || tag === 'en') return tag
  }
  return 'es'
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Every route names its guard; without one nobody comes in. A form of a browser carries its token; a program its bearer. */
async function guard(request: FastifyRequest, parts: ServerParts): Promise<void> {
  if (request.is404) return
  const { guard: wanted, harmless, ownToken, files, lists, bytes } = request.routeOptions.config
  if (!wanted || (wanted === 'demo' && !parts.demo)) throw Object.assign(new Error('not found'), { statusCode: 404 })
  if (wanted === 'session' || wanted === 'servant' || wanted === 'administrator') {
    if (!request.acting) throw Object.assign(new Error('sign in first'), { statusCode: 401 })
    if (wanted === 'servant' && request.acting.roles.length === 0)
      throw Object.assign(new Error('not for you'), { statusCode: 403 })
    if (wanted === 'administrator' && !request.acting.roles.some(({ role }) => role === 'administrator'))
      throw Object.assign(new Error('not for you'), { statusCode: 403 })
  }
  if (SAFE.has(request.method)) return
  if (bytes) {
    if (!Buffer.isBuffer(request.body)) throw Object.assign(new Error('bytes are taken here'), { statusCode: 415 })
    return
  }
  if (isApi(request)) {
    if (!isWritable(request.body)) throw Object.assign(new Error('not text'), { statusCode: 400 })
    return
  }
  if (request.isMultipart()) {
    // Any other route would act without having seen a token.
    if (!files) throw Object.assign(new Error('no files are taken here'), { statusCode: 415 })
    return
  }
  const form = readForm(request.body, lists === true)
  request.body = form
  if (!harmless && !ownToken) request.checkToken(form.csrf)
}

function isToken(
  sent: unknown,
  request: FastifyRequest,
  parts: Pick<ServerParts, 'csrfSecret'>,
  sessionId = request.acting?.sessionId ?? '',
): boolean {
  if (typeof sent !== 'string' || request.visit === '') return false
  return sameToken(sent, csrfToken(parts.csrfSecret, request.visit, sessionId))
}

async function endedSession(
  request: FastifyRequest,
  parts: Pick<ServerParts, 'readEndedSession'>,
  names: CookieNames,
): Promise<EndedSession | undefined> {
  const token = request.cookies[names.session]
  return request.acting || !token ? undefined : parts.readEndedSession(token)
}

function decorateReplies(app: FastifyInstance, parts: ServerParts): void {
  const names = cookieNames(parts.publicUrl)
  app.decorateReply('context', async function context(this: FastifyReply): Promise<PageContext> {
    return contextOf(this.request, this, parts, names)
  })
  app.decorateReply(
    'page',
    async function page(this: FastifyReply, shown: Page | ((context: PageContext) => Page)): Promise<FastifyReply> {
      const context = await contextOf(this.request, this, parts, names)
      return sendHtml(this, layout(context, parts.assets, typeof shown === 'function' ? shown(context) : shown))
    },
  )
  app.decorateRequest('checkToken', function checkToken(this: FastifyRequest, sent: unknown): void {
    if (!isToken(sent, this, parts)) throw Object.assign(new Error('csrf'), { statusCode: 403, csrf: true })
  })
  app.decorateRequest('isToken', function hasToken(this: FastifyRequest, sent: unknown): boolean {
    return isToken(sent, this, parts)
  })
  app.decorateRequest('hasEndedSession', async function hasEndedSession(this: FastifyRequest): Promise<boolean> {
    return (await endedSession(this, parts, names)) !== undefined
  })
  app.decorateRequest('accountOfEndedForm', async function accountOfEndedForm(this: FastifyRequest, sent: unknown) {
    const ended = await endedSession(this, parts, names)
    return ended && isToken(sent, this, parts, ended.sessionId) ? ended.accountId : undefined
  })
  app.decorateReply('keepVisit', function keepVisit(this: FastifyReply): FastifyReply {
    if (this.request.visit !== '') setVisit(this, names, this.request.visit)
    return this
  })
  app.decorateReply('openSession', function openSession(this: FastifyReply, token: string): FastifyReply {
    setSession(this, names, token)
    return this
  })
  app.decorateReply('closeSession', function closeSession(this: FastifyReply): FastifyReply {
    clearSession(this, names)
    return this
  })
}

export function sendHtml(reply: FastifyReply, content: Html): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('vary', 'cookie, accept-language')
    .type('text/html; charset=utf-8')
    .send(html`${content}`.text)
}

/** A form that came back with its faults stands at an address that cannot be asked for again: the page it was on can. */
function pathShown(request: FastifyRequest, publicUrl: string): string {
  const here = request.url.split('?')[0] ?? '/'
  return request.method === 'GET' ? here : (cameFrom(request, publicUrl)?.pathname ?? here)
}

async function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ServerParts,
  names: CookieNames,
): Promise<PageContext> {
  const { acting, language } = request
  request.visit = ensureVisit(request.visit, reply, names)
  const company = acting?.account.kind === 'company'
  return {
    language,
    path: pathShown(request, parts.publicUrl),
    demo: parts.demo,
    acting: acting && {
      name: acting.account.name,
      rfc: acting.account.rfc,
      forCompany: company,
      representative: company ? (acting.person.name ?? acting.person.rfc) : null,
      servant: acting.roles.some(({ institution }) => institution !== PLATFORM),
      administrator: acting.roles.some(({ role }) => role === 'administrator'),
    },
    warnings: acting ? parts.warnings(acting, language) : [],
    unopened: acting ? await parts.unopened(acting.account.id) : 0,
    csrf: csrfToken(parts.csrfSecret, request.visit, acting?.sessionId ?? ''),
    zone: parts.zone,
    now: parts.now(),
  }
}
