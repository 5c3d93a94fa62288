import type { FastifyRequest } from 'fastify'
import type { Language } from '#kernel/texts.ts'
import type { CookieNames } from './cookies.ts'
import { isApi } from './guard.ts'
import type { ServerParts } from './server.ts'

/** Who asks and in which language, before anything else is looked at. */
export async function identify(
  request: FastifyRequest,
  parts: Pick<ServerParts, 'readSession'>,
  names: CookieNames,
): Promise<void> {
  request.language = languageOf(request)
  const [scheme, bearer] = String(request.headers.authorization ?? '').split(' ')
  // Programs bring their token themselves; a browser's cookie alone never moves the API, whoever made the browser send it.
  const token = scheme === 'Bearer' ? bearer : isApi(request) ? undefined : request.cookies[names.session]
  request.visit = request.cookies[names.visit] ?? ''
  if (!token) return
  request.acting = (await parts.readSession(token)) ?? null
  request.token = request.acting ? token : null
}

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
