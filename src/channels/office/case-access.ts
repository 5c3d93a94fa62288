import type { FastifyRequest } from 'fastify'
import {
  assignmentOf,
  fichaOf,
  findForServant,
  listConsultations,
  listSteps,
  listTasks,
  mayBind,
  newestDecision,
} from '#modules/cases/index.ts'
import { listDocuments } from '#modules/documents/index.ts'
import { holdersOf, holdsRole } from '#modules/identity/index.ts'
import { listUnannounced } from '#modules/post-office/index.ts'
import type { FieldFault } from '#web/components/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import type { OfficeCaseData } from './pages/case.ts'

/** Everything that the page of one case shows to this public servant. */
export async function readOfficeCase(
  { cases, db }: ShopParts,
  request: FastifyRequest,
  folio: string,
  faults: FieldFault[] = [],
  typed: Record<string, string | undefined> = {},
): Promise<OfficeCaseData> {
  const acting = request.acting!
  const record = await findForServant(cases, acting, folio)
  const [ficha, steps, documents, consultations, holders, tasks, decision, assignment, bind, unannounced] =
    await Promise.all([
      fichaOf(cases, record.serviceId, record.serviceVersion),
      listSteps(db, record),
      listDocuments(db, record.ownerId, record.id),
      listConsultations(cases, record),
      holdersOf(db, record.institution, 'officer', 'signer', 'supervisor'),
      listTasks(db, record.institution, record.id),
      newestDecision(db, record),
      assignmentOf(db, record.institution, record.id),
      mayBind(cases, record),
      listUnannounced(db, record.ownerId, record.id),
    ])
  const colleagues = [...new Map(holders.map(({ account }) => [account.id, account.name])).entries()]
  return {
    record,
    ficha,
    steps,
    documents,
    consultations,
    colleagues: colleagues.map(([id, name]) => ({ id, name })),
    tasks,
    unannounced: unannounced.length > 0,
    decision,
    me: acting.person.accountId,
    assignedTo: assignment?.assigned_to ? { id: assignment.assigned_to, name: assignment.assigned_name ?? '' } : null,
    may: {
      work: holdsRole(acting, record.institution, 'officer', 'signer'),
      sign: holdsRole(acting, record.institution, 'signer'),
      supervise: holdsRole(acting, record.institution, 'supervisor'),
      bind,
    },
    faults,
    typed,
  }
}
