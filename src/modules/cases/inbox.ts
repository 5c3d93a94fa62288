import type { Queries } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type ActingSession, holdersOf, holdsRole } from '#modules/identity/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseStatus } from './case-record.ts'
import { nextStatus } from './case-states.ts'
import type { CasesCode } from './errors.ts'
import { findForServant, servantOf, WORKING } from './office-access.ts'
import { addStep, changeCase, lockCase } from './store.ts'
import { type CaseTables, tables } from './tables.ts'

export type InboxRow = CaseTables['cases.inbox']

export interface InboxQuery {
  institution: string
  open?: boolean
  assignedTo?: string
  status?: CaseStatus
  /** Only those whose term had passed at this instant. */
  overdueAt?: Date
  limit: number
  offset: number
}

/** An institution's cases, the most urgent first. The caller has asked whether the person works there. */
export async function listInbox(
  queries: Queries,
  { institution, open = true, assignedTo, status, overdueAt, limit, offset }: InboxQuery,
): Promise<InboxRow[]> {
  let query = tables(queries)
    .selectFrom('cases.inbox')
    .selectAll()
    .where('institution', '=', institution)
    .where('open', '=', open)
  if (assignedTo) query = query.where('assigned_to', '=', assignedTo)
  if (overdueAt) query = query.where('due_at', '<=', overdueAt).where('status', '!=', 'waiting')
  if (status) query = query.where('status', '=', status)
  return query.orderBy('due_at').orderBy('case_id').limit(limit).offset(offset).execute()
}

export interface Load {
  open: number
  overdue: number
  unassigned: number
  byOfficer: Array<{ name: string; open: number; overdue: number }>
}

/** What the supervisor watches. */
export async function loadOf(queries: Queries, institution: string, now: Date): Promise<Load> {
  const rows = await tables(queries)
    .selectFrom('cases.inbox')
    .select(({ fn }) => [
      'assigned_name as name',
      fn.countAll<number>().as('open'),
      // As `isOverdue`: what waits for the person is nobody's delay.
      fn
        .countAll<number>()
        .filterWhere(({ and, eb }) => and([eb('due_at', '<=', now), eb('status', '!=', 'waiting')]))
        .as('overdue'),
    ])
    .where('institution', '=', institution)
    .where('open', '=', true)
    .groupBy(['assigned_to', 'assigned_name'])
    .execute()
  const sum = (key: 'open' | 'overdue') => rows.reduce((total, row) => total + row[key], 0)
  return {
    open: sum('open'),
    overdue: sum('overdue'),
    unassigned: rows.find(({ name }) => name === null)?.open ?? 0,
    byOfficer: rows
      .filter((row): row is typeof row & { name: string } => row.name !== null)
      .sort((a, b) => b.open - a.open),
  }
}

/**
 * Gives the case to an officer: a supervisor to anyone of the institution, an officer to themselves.
 * @param seen to whom it was assigned when this person saw it; another one since is `case-changed`
 * @throws Refusal `not-your-case`, `not-allowed-now`, `colleague-unknown`, `case-changed`
 */
export async function assignCase(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  toAccount?: string,
  seen?: string | null,
): Promise<void> {
  const record = await findForServant(parts, session, folio)
  const target = toAccount ?? session.person.accountId
  const toSelf = target === session.person.accountId
  if (!toSelf && !holdsRole(session, record.institution, 'supervisor'))
    throw new Refusal<CasesCode>('not-your-case', {}, 403)
  const officer = (await holdersOf(parts.db, record.institution, ...WORKING)).find(
    ({ account }) => account.id === target,
  )?.account
  if (!officer) throw new Refusal<CasesCode>('colleague-unknown', {}, 404)
  const name = officer.name ?? ''
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    const status =
      nextStatus(locked.status, 'assign', 'institution') ??
      (locked.status === 'silent-refused' ? locked.status : undefined)
    if (!status) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const current = await assignmentOf(trx, locked.institution, locked.id)
    if (seen !== undefined && (current?.assigned_to ?? null) !== seen)
      throw new Refusal<CasesCode>('case-changed', {}, 409)
    await changeCase(trx, locked, { status })
    await tables(trx)
      .updateTable('cases.inbox')
      .set({ assigned_to: target, assigned_name: name })
      .where('institution', '=', locked.institution)
      .where('case_id', '=', locked.id)
      .execute()
    await addStep(trx, locked, {
      at: parts.clock.now(),
      act: 'assigned',
      ...servantOf(session),
      status,
      document_id: null,
      log_entry: null,
      facts: { to: name },
    })
  })
}

export async function assignmentOf(
  queries: Queries,
  institution: string,
  caseId: string,
): Promise<InboxRow | undefined> {
  return tables(queries)
    .selectFrom('cases.inbox')
    .selectAll()
    .where('institution', '=', institution)
    .where('case_id', '=', caseId)
    .executeTakeFirst()
}
