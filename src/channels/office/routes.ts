import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import {
  type CasesCode,
  fichaOf,
  type InboxRow,
  listInbox,
  listTasks,
  loadOf,
  officesOf,
  readCase,
} from '#modules/cases/index.ts'
import { holdsRole } from '#modules/identity/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import { officeCaseRoutes } from './case-routes.ts'
import { type Desk, inboxPage, loadPage } from './pages/inbox.ts'
import { relativeRoutes } from './relative-routes.ts'
import { roleRoutes } from './role-routes.ts'

const servant = { config: { guard: 'servant' as const } }
const MOST_ROWS = 200
type At = { Querystring: { institucion?: string; ver?: string } }

/** The public servant's web. */
export function officeRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { cases, db } = parts
  app.get<At>('/oficina', servant, async (request, reply) => {
    const acting = request.acting!
    const mine = officesOf(acting)
    if (mine.length === 0) return reply.redirect('/oficina/encargos', 303)
    const desk = deskOf(request, request.query.institucion)
    const view = request.query.ver === 'mios' ? 'mine' : request.query.ver === 'cerrados' ? 'closed' : 'open'
    const found = await listInbox(db, {
      institution: desk.institution.id,
      open: view !== 'closed',
      ...(view === 'mine' && { assignedTo: acting.person.accountId }),
      limit: MOST_ROWS,
      offset: 0,
    })
    const rows = await named(found)
    const tasks = await Promise.all(
      (await listTasks(db, desk.institution.id)).map(async (task) => ({
        ...task,
        folio: (await readCase(db, task.owner_id, task.case_id)).folio,
      })),
    )
    return reply.page((context) => inboxPage(context, { ...desk, rows, tasks, view }))
  })
  app.get<At>('/oficina/carga', servant, async (request, reply) => {
    const desk = deskOf(request, request.query.institucion)
    if (!desk.supervises) throw new Refusal<CasesCode>('not-your-case', {}, 403)
    const now = cases.clock.now()
    const institution = desk.institution.id
    const [load, overdue] = await Promise.all([
      loadOf(db, institution, now),
      listInbox(db, { institution, overdueAt: now, limit: MOST_ROWS, offset: 0 }),
    ])
    const rows = await named(overdue)
    return reply.page((context) => loadPage(context, desk, load, rows))
  })
  roleRoutes(app, parts)
  relativeRoutes(app, parts)
  officeCaseRoutes(app, parts)

  /** With the name the service had when the case began. */
  function named(rows: InboxRow[]) {
    return Promise.all(
      rows.map(async (row) => {
        const record = await readCase(db, row.owner_id, row.case_id)
        return { ...row, service: (await fichaOf(cases, record.serviceId, record.serviceVersion)).plainName }
      }),
    )
  }

  function deskOf({ acting }: FastifyRequest, wanted: string | undefined): Desk {
    const mine = officesOf(acting!)
    const id = wanted ?? mine[0]
    if (!id || !mine.includes(id)) throw new Refusal<CasesCode>('not-your-case', {}, 403)
    const institutionOf = (each: string) => cases.catalogue.institutions.get(each)!
    return {
      institution: institutionOf(id),
      others: mine.filter((each) => each !== id).map(institutionOf),
      supervises: holdsRole(acting!, id, 'supervisor'),
      administers: acting!.roles.some(({ role }) => role === 'administrator'),
    }
  }
}
