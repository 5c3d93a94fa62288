import { sql } from 'kysely'
import type { Queries, Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type CaseRecord, type CaseStatus, closedStatuses } from './case-record.ts'
import type { CasesCode } from './errors.ts'
import { type CaseRow, type CaseTables, tables } from './tables.ts'

/** @throws Refusal `case-unknown`: also for somebody else's case, which is not told apart from none */
export async function readCase(queries: Queries, ownerId: string, id: string): Promise<CaseRecord> {
  const row = await tables(queries)
    .selectFrom('cases.case')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .executeTakeFirst()
  return caseOf(row)
}

/** As `readCase`; nobody else changes it until this transaction ends. */
export async function lockCase(trx: Trx, ownerId: string, id: string): Promise<CaseRecord> {
  const row = await tables(trx)
    .selectFrom('cases.case')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return caseOf(row)
}

/** Where a folio leads; says nothing about who may see it. */
export async function findFolio(
  queries: Queries,
  folio: string,
): Promise<{ ownerId: string; caseId: string } | undefined> {
  const row = await tables(queries).selectFrom('cases.folio').selectAll().where('folio', '=', folio).executeTakeFirst()
  return row && { ownerId: row.owner_id, caseId: row.case_id }
}

/** Newest first. */
export async function listCases(queries: Queries, ownerId: string, limit = 100): Promise<CaseRecord[]> {
  const rows = await tables(queries)
    .selectFrom('cases.case')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .orderBy('submitted_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(caseOf)
}

export interface NewCase extends CaseRecord {
  preparationId: string
}

/** The case, its folio and its place in the institution's inbox, in one round trip. */
export async function insertCase(trx: Trx, record: NewCase): Promise<void> {
  const queries = tables(trx)
  await queries
    .with('kept', () => queries.insertInto('cases.case').values(rowOf(record)))
    .with('named', () =>
      queries.insertInto('cases.folio').values({ folio: record.folio, owner_id: record.ownerId, case_id: record.id }),
    )
    .insertInto('cases.inbox')
    .values({
      institution: record.institution,
      case_id: record.id,
      owner_id: record.ownerId,
      folio: record.folio,
      service_id: record.serviceId,
      status: record.status,
      open: true,
      received_at: record.receivedAt,
      due_at: record.dueAt,
    })
    .execute()
}

function rowOf(record: NewCase) {
  const json = (value: unknown) => JSON.stringify(value) as never
  return {
    owner_id: record.ownerId,
    id: record.id,
    folio: record.folio,
    service_id: record.serviceId,
    service_version: record.serviceVersion,
    institution: record.institution,
    status: record.status,
    revision: record.revision,
    language: record.language,
    channel: record.channel,
    applicant: json(record.applicant),
    signed_by: record.signedBy,
    data: json(record.data),
    attachments: json(record.attachments),
    notices: json(record.notices),
    submitted_at: record.submittedAt,
    received_at: record.receivedAt,
    term: json(record.term),
    due_at: record.dueAt,
    preparation_id: record.preparationId,
    application_id: record.applicationId,
    log_entry: record.logEntry,
    linked_case: record.linkedCase,
  }
}

export interface CaseChange {
  status?: CaseStatus
  dueAt?: Date
  term?: CaseRecord['term']
  /** Null: open again. */
  closedAt?: Date | null
  notices?: CaseRecord['notices']
}

/** Changes the case and its row in the inbox alike. The caller holds the case's lock. */
export async function changeCase(trx: Trx, record: CaseRecord, change: CaseChange): Promise<void> {
  await tables(trx)
    .updateTable('cases.case')
    .set({
      revision: record.revision + 1,
      status: change.status ?? record.status,
      due_at: change.dueAt ?? record.dueAt,
      ...(change.term && { term: JSON.stringify(change.term) as never }),
      ...(change.closedAt !== undefined && { closed_at: change.closedAt }),
      ...(change.notices && { notices: JSON.stringify(change.notices) as never }),
    })
    .where('owner_id', '=', record.ownerId)
    .where('id', '=', record.id)
    .execute()
  if (change.status === undefined && change.dueAt === undefined) return
  const status = change.status ?? record.status
  await tables(trx)
    .updateTable('cases.inbox')
    .set({ status, open: !closedStatuses.includes(status), due_at: change.dueAt ?? record.dueAt })
    .where('institution', '=', record.institution)
    .where('case_id', '=', record.id)
    .execute()
}

/** The receipt of an application. @returns where the case stands; undefined where it has its receipt already */
export async function keepReceipt(
  trx: Trx,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
  receiptId: string,
): Promise<CaseStatus | undefined> {
  const row = await tables(trx)
    .updateTable('cases.case')
    .set(({ eb }) => ({ receipt_id: receiptId, revision: eb('revision', '+', 1) }))
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .where('receipt_id', 'is', null)
    .returning('status')
    .executeTakeFirst()
  return row?.status
}

export type Step = Omit<CaseTables['cases.step'], 'owner_id' | 'case_id' | 'seq' | 'facts'> & {
  facts?: Record<string, unknown>
}

/** Adds to the history. The caller holds the case's lock, or has just made the case, so that numbers do not collide. */
export async function addStep(
  trx: Trx,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
  step: Step,
): Promise<void> {
  await tables(trx)
    .insertInto('cases.step')
    .values(({ selectFrom, fn }) => ({
      ...step,
      owner_id: ownerId,
      case_id: id,
      seq: selectFrom('cases.step')
        .select(sql<number>`coalesce(${fn.max('seq')}, 0) + 1`.as('next'))
        .where('owner_id', '=', ownerId)
        .where('case_id', '=', id),
      facts: JSON.stringify(step.facts ?? {}) as never,
    }))
    .execute()
}

export async function listSteps(queries: Queries, { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>) {
  return tables(queries)
    .selectFrom('cases.step')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .orderBy('seq')
    .execute()
}

export interface Look {
  at: Date
  byAccount: string
  byName: string
  institution: string
  purpose: string
}

export async function addLook(
  queries: Queries,
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
  look: Look,
): Promise<void> {
  await tables(queries)
    .insertInto('cases.look')
    .values({
      owner_id: ownerId,
      case_id: id,
      id: newId(),
      at: look.at,
      by_account: look.byAccount,
      by_name: look.byName,
      institution: look.institution,
      purpose: look.purpose,
    })
    .execute()
}

export async function listLooks(queries: Queries, { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>) {
  return tables(queries)
    .selectFrom('cases.look')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .orderBy('at')
    .execute()
}

function caseOf(row: CaseRow | undefined): CaseRecord {
  if (!row) throw new Refusal<CasesCode>('case-unknown', {}, 404)
  return {
    ownerId: row.owner_id,
    id: row.id,
    folio: row.folio,
    serviceId: row.service_id,
    serviceVersion: row.service_version,
    institution: row.institution,
    status: row.status,
    revision: row.revision,
    language: row.language,
    channel: row.channel,
    applicant: row.applicant,
    signedBy: row.signed_by,
    data: row.data,
    attachments: row.attachments,
    notices: row.notices,
    submittedAt: row.submitted_at,
    receivedAt: row.received_at,
    term: row.term,
    dueAt: row.due_at,
    closedAt: row.closed_at,
    applicationId: row.application_id,
    receiptId: row.receipt_id,
    logEntry: row.log_entry,
    linkedCase: row.linked_case,
  }
}
