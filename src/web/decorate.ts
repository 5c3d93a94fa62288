import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '#kernel/texts.ts'
import { type ActingSession, type EndedSession, PLATFORM } from '#modules/identity/index.ts'
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
import { layout, type Page } from './layout.ts'
import type { ServerParts } from './server.ts'

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
}

/** What every handler finds on its request and its reply. */
export function decorate(app: FastifyInstance, parts: ServerParts): void {
  const names = cookieNames(parts.publicUrl)
  app.decorateRequest('language', 'es')
  app.decorateRequest('acting', null)
  app.decorateRequest('token', null)
  app.decorateRequest('visit', '')
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

function sendHtml(reply: FastifyReply, content: Html): FastifyReply {
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
