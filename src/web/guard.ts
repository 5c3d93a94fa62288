import type { FastifyRequest } from 'fastify'
import { isWritable } from './is-writable.ts'
import { readForm } from './read-form.ts'

export type Guard = 'open' | 'session' | 'servant' | 'administrator' | 'demo'

declare module 'fastify' {
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

/** Methods that change nothing. */
export const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export const isApi = ({ url }: FastifyRequest): boolean => url.startsWith('/api/')

/** Every route names its guard; without one nobody comes in. A form of a browser carries its token; a program its bearer. */
export async function checkGuard(request: FastifyRequest, { demo }: { demo: boolean }): Promise<void> {
  if (request.is404) return
  const { guard: wanted, harmless, ownToken, files, lists, bytes } = request.routeOptions.config
  if (!wanted || (wanted === 'demo' && !demo)) throw Object.assign(new Error('not found'), { statusCode: 404 })
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
