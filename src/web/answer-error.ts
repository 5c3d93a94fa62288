import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { type Language, say } from '#kernel/texts.ts'
import { cameFrom } from './came-from.ts'
import { body, button, heading, mono } from './components/index.ts'
import { html } from './html.ts'
import { refusalSentence } from './refusal-sentence.ts'
import type { ServerParts } from './server.ts'
import { type WebTextKey, webTexts } from './texts.ts'

interface Answer {
  status: number
  code: string
  title: string
  detail: string
  incident?: string
}

/** The one place where what went wrong becomes a page, or `application/problem+json` for programs. */
export async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Pick<ServerParts, 'log' | 'incidents' | 'publicUrl'>,
): Promise<FastifyReply> {
  const answer = explain(error, request.language ?? 'es', wantsProblem(request))
  // A refusal is an answer: that a place is taken or a seal does not answer is no fault that somebody must look into here.
  if (answer.status >= 500 && !(error instanceof Refusal)) {
    answer.incident = randomBytes(6).toString('hex')
    parts.incidents.inc()
    parts.log.error(
      { err: error, incident: answer.incident, method: request.method, route: request.routeOptions.url },
      'fault',
    )
  }
  reply.code(answer.status)
  if (wantsProblem(request)) {
    const { status, code, title, detail, incident } = answer
    return reply
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', status, code, title, detail, ...(incident && { incident }) }))
  }
  if (answer.status === 401) return reply.redirect(await signInPath(request, parts.publicUrl), 303)
  return reply.page({
    title: answer.title,
    body: html`${heading(answer.title)}${body(answer.detail)}${answer.incident && body(mono(answer.incident))}${button({ label: say(webTexts, 'services', request.language), href: '/tramites', kind: 'secondary' })}`,
  })
}

const titles: Record<number, WebTextKey> = { 404: 'missing.title', 410: 'gone.title' }

/** Of PostgreSQL: an id that is none, a text with what no text has. Both came with the request. */
const NO_ID = '22P02'
const NO_TEXT = ['22021', '22P05']

/** @param program gets the technical words too */
function explain(error: unknown, language: Language, program: boolean): Answer {
  const t = (key: WebTextKey) => say(webTexts, key, language)
  if (error instanceof Refusal) {
    const detail = refusalSentence(error, language)
    if (detail)
      return { status: error.status, code: error.code, title: t(titles[error.status] ?? 'refused.title'), detail }
  }
  const { statusCode, code, csrf, validation } = error as {
    statusCode?: number
    code?: unknown
    csrf?: boolean
    validation?: Array<{ instancePath: string; message?: string }>
  }
  if (validation)
    return {
      status: 400,
      code: 'malformed',
      title: t('problem'),
      detail: validation
        .map(({ instancePath, message }) => `${instancePath.slice(1) || 'body'}: ${message}`)
        .join('; '),
    }
  if (csrf) return { status: 403, code: 'form-too-old', title: t('refused.title'), detail: t('csrf.body') }
  if (statusCode === 404 || code === NO_ID)
    return { status: 404, code: 'not-found', title: t('not-found.title'), detail: t('not-found.body') }
  if (statusCode === 401)
    return { status: 401, code: 'sign-in-first', title: t('refused.title'), detail: t('sign-in-first') }
  if (statusCode === 403)
    return { status: 403, code: 'not-for-you', title: t('refused.title'), detail: t('not-for-you') }
  if (statusCode === 429)
    return { status: 429, code: 'too-many-requests', title: t('refused.title'), detail: t('too-many.body') }
  if (NO_TEXT.includes(String(code)))
    return { status: 400, code: 'malformed', title: t('problem'), detail: t('malformed.body') }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return {
      status: statusCode,
      code: statusCode === 413 ? 'too-large' : 'malformed',
      title: t('problem'),
      detail: program ? (error as Error).message : t(statusCode === 413 ? 'too-large.body' : 'malformed.body'),
    }
  return { status: 500, code: 'fault', title: t('error.title'), detail: t('error.body') }
}

function wantsProblem(request: FastifyRequest): boolean {
  return request.url.startsWith('/api/') || request.headers.accept === 'application/json'
}

/** After signing in one goes on at the page that was asked for, or the one whose form was sent. */
async function signInPath(request: FastifyRequest, publicUrl: string): Promise<string> {
  const next = request.method === 'GET' ? request.url.split('?')[0] : cameFrom(request, publicUrl)?.pathname
  const why = (await request.hasEndedSession()) ? '&motivo=cerrada' : ''
  return `/entrar?sigue=${encodeURIComponent(next ?? '/')}${why}`
}
