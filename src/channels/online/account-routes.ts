import type { FastifyInstance } from 'fastify'
import { fromBase64 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import { say } from '#kernel/texts.ts'
import { roleNames } from '#modules/appointments/index.ts'
import { adoptDrafts } from '#modules/cases/index.ts'
import {
  acceptPrivacyNotice,
  completeSignIn,
  confirmContactEmail,
  identityTexts,
  PLATFORM,
  type SignInCode,
  setContactEmail,
  signOut,
  signOutEverywhere,
} from '#modules/identity/index.ts'
import { cameFrom } from '#web/came-from.ts'
import { ownerOfVisit } from '#web/cookies.ts'
import { refusalSentence } from '#web/refusal-sentence.ts'
import type { ShopParts } from '../shop-parts.ts'
import { accountPage, codePage, emailPage, privacyFirstPage } from './pages/account.ts'
import { PRIVACY_VERSION } from './pages/privacy.ts'
import { type SignInReason, signInPage } from './pages/sign-in.ts'

const open = { config: { guard: 'open' as const } }
const session = { config: { guard: 'session' as const } }
type Form = { Body: Record<string, string | undefined> }
type Next = { Querystring: { sigue?: string; motivo?: string } }

/** A path of this site and nothing else: what comes after signing in is never somebody else's address. */
export function pathWithin(typed: unknown): string {
  const text = typeof typed === 'string' ? typed : ''
  return /^\/(?![/\\])[\w\-./~%]*$/.test(text) ? text : '/'
}

export function accountRoutes(app: FastifyInstance, { identity, cases, publicUrl }: ShopParts): void {
  app.get<Next>('/entrar', open, async (request, reply) => {
    const next = pathWithin(request.query.sigue)
    if (request.acting) return reply.redirect(next, 303)
    const { motivo } = request.query
    return reply.page((context) => signInPage(context, next, { why: isReason(motivo) ? motivo : undefined }))
  })
  app.post<Next & Form>('/entrar', open, async (request, reply) => {
    const next = pathWithin(request.query.sigue)
    const { challengeId = '', certificate = '', signature = '' } = request.body ?? {}
    try {
      const der = fromBase64(certificate)
      const signed = fromBase64(signature)
      if (!der?.length) throw new Refusal<SignInCode>('certificate-unreadable', {}, 422)
      if (!signed?.length) throw new Refusal<SignInCode>('signature-invalid', {}, 401)
      const opened = await completeSignIn(identity, {
        challengeId,
        certificate: der,
        signature: signed,
        address: request.ip,
        ...(request.token && { previousToken: request.token }),
      })
      reply.openSession(opened.token)
      if (request.visit) await adoptDrafts(cases, ownerOfVisit(request.visit), opened.session.account.id)
      return reply.redirect(firstStop(opened.session.privacyNotice, next), 303)
    } catch (error) {
      const sentence = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!sentence) throw error
      reply.code((error as Refusal).status)
      return reply.page((context) => signInPage(context, next, { fault: sentence }))
    }
  })
  app.post('/salir', open, async (request, reply) => {
    if (request.token) await signOut(identity, request.token)
    return reply.closeSession().redirect('/', 303)
  })
  app.post('/salir-de-todo', session, async (request, reply) => {
    await signOutEverywhere(identity, request.acting!)
    return reply.closeSession().redirect('/', 303)
  })
  app.post<Form>('/idioma', { config: { guard: 'open', harmless: true } }, async (request, reply) => {
    const chosen = request.body?.idioma === 'en' ? 'en' : 'es'
    reply.setCookie('idioma', chosen, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 365 * 86_400 })
    const path = pathWithin(request.body?.a)
    // What was typed is in no page: the search goes on from the browser's own word for where it was.
    const from = cameFrom(request, publicUrl)
    return reply.redirect(from?.pathname === path ? `${path}${from.search}` : path, 303)
  })
  welcomeRoutes(app, { identity, cases })
}

const isReason = (text: unknown): text is SignInReason => text === 'cerrada' || text === 'guardada'

const firstStop = (accepted: string | null, next: string): string =>
  accepted === PRIVACY_VERSION ? next : `/primera-vez?sigue=${encodeURIComponent(next)}`

/** The first time: the privacy notice, then an address confirmed by a code. */
function welcomeRoutes(app: FastifyInstance, { identity, cases }: Pick<ShopParts, 'identity' | 'cases'>): void {
  app.get<Next>('/primera-vez', session, async (request, reply) =>
    reply.page((context) => privacyFirstPage(context, pathWithin(request.query.sigue), false)),
  )
  app.post<Form>('/primera-vez', session, async (request, reply) => {
    const next = pathWithin(request.body?.sigue)
    if (request.body?.leido !== 'si') {
      reply.code(422)
      return reply.page((context) => privacyFirstPage(context, next, true))
    }
    await acceptPrivacyNotice(identity, request.acting!, PRIVACY_VERSION)
    const known = request.acting!.contactEmail?.confirmed
    return reply.redirect(known ? next : `/cuenta/correo?sigue=${encodeURIComponent(next)}`, 303)
  })
  app.get<Next>('/cuenta/correo', session, async (request, reply) => {
    const next = pathWithin(request.query.sigue ?? '/cuenta')
    return reply.page((context) =>
      emailPage(context, { next, value: request.acting!.contactEmail?.address ?? '', faults: [] }),
    )
  })
  app.post<Form>('/cuenta/correo', session, async (request, reply) => {
    const next = pathWithin(request.body?.sigue ?? '/cuenta')
    const value = request.body?.email ?? ''
    const result = await setContactEmail(identity, request.acting!, { email: value, language: request.language })
    if (!result.ok) {
      const message = say(identityTexts, 'email-shape', request.language)
      reply.code(422)
      return reply.page((context) => emailPage(context, { next, value, faults: [{ field: 'email', message }] }))
    }
    if (result.value.confirmed) return reply.redirect(next, 303)
    return reply.redirect(`/cuenta/correo/codigo?sigue=${encodeURIComponent(next)}`, 303)
  })
  app.get<Next>('/cuenta/correo/codigo', session, async (request, reply) => {
    const next = pathWithin(request.query.sigue ?? '/cuenta')
    return reply.page((context) => codePage(context, { next, faults: [] }))
  })
  app.post<Form>('/cuenta/correo/codigo', session, async (request, reply) => {
    const next = pathWithin(request.body?.sigue ?? '/cuenta')
    try {
      await confirmContactEmail(identity, request.acting!, request.body?.code ?? '')
      return reply.redirect(next, 303)
    } catch (error) {
      const message = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!message) throw error
      reply.code((error as Refusal).status)
      return reply.page((context) => codePage(context, { next, faults: [{ field: 'code', message }] }))
    }
  })
  app.get('/cuenta', session, async (request, reply) => {
    const { roles } = request.acting!
    const shown = roles.map(({ institution, role }) => {
      const { institutions, settings } = cases.catalogue
      const where = institution === PLATFORM ? settings.platform : institutions.get(institution)?.name
      return `${roleNames[role][request.language]} · ${where?.[request.language] ?? institution}`
    })
    return reply.page((context) => accountPage(context, request.acting!, shown))
  })
}
