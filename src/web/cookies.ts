import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { sameBytes, sha256 } from '#kernel/bytes.ts'
import { idOf } from '#kernel/ids.ts'

export interface CookieNames {
  session: string
  visit: string
  secure: boolean
}

/** `__Host-` where the shop is served over https; plain http on localhost cannot have it. */
export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:')
  const prefix = secure ? '__Host-' : ''
  return { session: `${prefix}sesion`, visit: `${prefix}visita`, secure }
}

const DAY = 86_400

export function setSession(reply: FastifyReply, names: CookieNames, token: string): void {
  reply.setCookie(names.session, token, { path: '/', httpOnly: true, sameSite: 'lax', secure: names.secure })
}

export function clearSession(reply: FastifyReply, names: CookieNames): void {
  reply.clearCookie(names.session, { path: '/', httpOnly: true, sameSite: 'lax', secure: names.secure })
}

/** A random value of this browser for seven days: drafts begun without signing in belong to it, and form tokens are made from it. */
export function ensureVisit(known: string, reply: FastifyReply, names: CookieNames): string {
  if (/^[\w-]{43}$/.test(known)) return known
  const visit = randomBytes(32).toString('base64url')
  setVisit(reply, names, visit)
  return visit
}

/** Anew for seven days: a draft that begins now must not lose its browser sooner than it says. */
export function setVisit(reply: FastifyReply, names: CookieNames, visit: string): void {
  reply.setCookie(names.visit, visit, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: names.secure,
    maxAge: 7 * DAY,
  })
}

/** A form's token: of this browser and this session, made anew for each, kept nowhere. */
export function csrfToken(secret: Buffer, visit: string, sessionId: string): string {
  return createHmac('sha256', secret).update(`${visit}\n${sessionId}`).digest('base64url')
}

export function sameToken(a: string, b: string): boolean {
  return sameBytes(sha256(a), sha256(b))
}

/** The owner of what a browser began: an id that only who has the cookie can compute. */
export const ownerOfVisit = (visit: string): string => idOf('draft owner', visit)
