import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import { type Language, say } from '#kernel/texts.ts'
import {
  type Appointment,
  type AppointmentParts,
  findAppointee,
  prepareAppointment,
  readAppointmentPrepared,
  roleNames,
  signAppointment,
} from '#modules/appointments/index.ts'
import { readPreparedPdf } from '#modules/documents/index.ts'
import { type ActingSession, holdersOf, isRole, PLATFORM } from '#modules/identity/index.ts'
import type { FieldFault } from '#web/components/index.ts'
import { signPage } from '#web/components/sign-page.ts'
import { readFormSignature } from '#web/form-signature.ts'
import { refusalSentence } from '#web/refusal-sentence.ts'
import type { ShopParts } from '../shop-parts.ts'
import { rolesPage } from './pages/roles.ts'
import { type OfficeTextKey, officeTexts } from './texts.ts'

const administrator = { config: { guard: 'administrator' as const } }
type Form = { Body: Record<string, string | undefined> }
type Account = { Params: { account: string } }

/** Roles are given and taken by acts that an administrator signs. */
export function roleRoutes(app: FastifyInstance, { cases, identity, documents, db }: ShopParts): void {
  const { institutions, settings } = cases.catalogue
  const nameOf = (id: string, language: Language) =>
    id === PLATFORM ? settings.platform[language] : (institutions.get(id)?.name[language] ?? id)
  const parts: AppointmentParts = { identity, documents, institutionName: nameOf }

  app.get('/oficina/encargos', administrator, async (request, reply) => show(request, reply, [], {}))
  app.post<Form>('/oficina/encargos', administrator, async (request, reply) => {
    const { clave = '', institucion = '', encargo, quitar } = request.body
    if (!isRole(encargo) || (institucion !== PLATFORM && !institutions.has(institucion)))
      throw new Refusal('may-not-grant', {}, 403)
    try {
      const accountId = quitar ?? (await findAppointee(parts, clave))
      const change = quitar ? ('withdraw' as const) : ('grant' as const)
      await prepareAppointment(
        parts,
        request.acting!,
        { change, accountId, institution: institucion, role: encargo },
        request.language,
      )
      return reply.redirect(`/oficina/encargos/${accountId}/firmar`, 303)
    } catch (error) {
      const message = error instanceof Refusal ? refusalSentence(error, request.language) : undefined
      if (!message) throw error
      reply.code((error as Refusal).status)
      return show(request, reply, [{ field: 'clave', message }], request.body)
    }
  })
  app.get<Account>('/oficina/encargos/:account/firmar', administrator, async (request, reply) => {
    const { account } = request.params
    const preparation = await readAppointmentPrepared(parts, request.acting!, account)
    const { institution, role } = preparation.context as Appointment
    const t = (key: OfficeTextKey) => say(officeTexts, key, request.language)
    return reply.page((context) =>
      signPage(context, {
        title: t('sign.title'),
        text: preparation.title,
        shown: [
          { key: t('roles.institution'), value: nameOf(institution, context.language) },
          { key: t('roles.role'), value: say(roleNames, role, context.language) },
        ],
        back: '/oficina/encargos',
        documentUrl: `/oficina/encargos/preparado/${preparation.id}`,
        action: '/oficina/encargos/firma',
        preparation,
        open: t('sign.open'),
        button: t('roles.sign'),
        what: t('sign.what'),
      }),
    )
  })
  app.get<{ Params: { id: string } }>('/oficina/encargos/preparado/:id', administrator, async (request, reply) => {
    const { accountId } = request.acting!.person
    const pdf = await readPreparedPdf(db, { ownerId: accountId, id: request.params.id, signerId: accountId })
    return reply.type('application/pdf').header('cache-control', 'no-store').send(pdf)
  })
  app.post<Form>('/oficina/encargos/firma', administrator, async (request, reply) => {
    await signAppointment(parts, request.acting!, readFormSignature(request.body))
    return reply.redirect('/oficina/encargos', 303)
  })

  async function show(
    { acting, language }: FastifyRequest,
    reply: FastifyReply,
    faults: FieldFault[],
    typed: Record<string, string | undefined>,
  ) {
    const ids = administered(acting!, [...institutions.keys()])
    const holders = (await Promise.all(ids.map((id) => holdersOf(db, id)))).flat()
    const data = {
      institutions: ids.map((id) => ({ id, name: nameOf(id, language) })),
      holders,
      mayAdminister: ids.includes(PLATFORM),
      faults,
      typed,
    }
    return reply.page((context) => rolesPage(context, data))
  }
}

/** The platform's administrators give every role; an institution's own, those of it. */
function administered({ roles }: ActingSession, all: string[]): string[] {
  const own = roles.filter(({ role }) => role === 'administrator').map(({ institution }) => institution)
  return own.includes(PLATFORM) ? [PLATFORM, ...all] : own
}
