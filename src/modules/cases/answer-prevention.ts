import type { Trx } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { wallClock } from '#modules/calendars/index.ts'
import {
  findPreparation,
  listAttachments,
  type PreparedDocument,
  prepareDocument,
  readAttachment,
  type Signature,
  storeSigned,
  verifySignature,
} from '#modules/documents/index.ts'
import { type ActingSession, checkSigner } from '#modules/identity/index.ts'
import { byPerson } from './by-person.ts'
import { type CaseParts, calendarOf, fichaOf, queues } from './case-parts.ts'
import { type CaseRecord, type CaseStatus, closedStatuses } from './case-record.ts'
import { nextStatus } from './case-states.ts'
import { withdrawalDocument } from './ending-documents.ts'
import type { CasesCode } from './errors.ts'
import { answerDocument } from './prevention-documents.ts'
import { addStep, changeCase, lockCase, readCase } from './store.ts'
import { type CaseTables, tables } from './tables.ts'
import { resumedTerm, termToAnswer } from './terms.ts'
import { writingIn } from './writing.ts'

export type Prevention = CaseTables['cases.prevention']

export async function listPreventions(
  queries: Parameters<typeof tables>[0],
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
): Promise<Prevention[]> {
  return tables(queries)
    .selectFrom('cases.prevention')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .orderBy('posted_at')
    .execute()
}

/** The notice of a prevention was served: from its effect on the person's days run (LFPA 17-A). */
export async function startAnswerTerm(
  parts: CaseParts,
  ownerId: string,
  caseId: string,
  actDocumentId: string,
  effectAt: Date,
): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const record = await lockCase(trx, ownerId, caseId)
    await beginAnswerTerm(parts, trx, record, actDocumentId, effectAt)
  })
}

/** The same for an act served in person. The caller holds the case's lock; an act that is no prevention changes nothing. */
export async function beginAnswerTerm(
  parts: CaseParts,
  trx: Trx,
  record: CaseRecord,
  actDocumentId: string,
  effectAt: Date,
): Promise<void> {
  const { ownerId, id: caseId } = record
  const prevention = (await listPreventions(trx, record)).find(({ document_id }) => document_id === actDocumentId)
  if (!prevention?.binding || prevention.answer_due_at || prevention.answered_at) return
  const calendar = calendarOf(parts, await fichaOf(parts, record.serviceId, record.serviceVersion))
  const effectOn = wallClock(effectAt, calendar.zone).day
  const term = termToAnswer(calendar, effectOn, prevention.term_days, record.institution)
  const dueAt = new Date(term.dueAt)
  await tables(trx)
    .updateTable('cases.prevention')
    .set({ answer_due_at: dueAt, answer_term: JSON.stringify(term) as never })
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', caseId)
    .where('id', '=', prevention.id)
    .execute()
  await parts.jobs.at(trx, {
    queue: queues.preventionDue,
    key: `prevention ${prevention.id}`,
    dueAt,
    data: { ownerId, caseId },
  })
}

/** What was not served after all begins no term: it runs from when it is handed over. */
export async function forgetAnswerTerm(
  parts: CaseParts,
  trx: Trx,
  record: CaseRecord,
  actDocumentId: string,
): Promise<void> {
  const prevention = (await listPreventions(trx, record)).find(({ document_id }) => document_id === actDocumentId)
  if (!prevention?.binding || prevention.answered_at) return
  await tables(trx)
    .updateTable('cases.prevention')
    .set({ answer_due_at: null, answer_term: null })
    .where('owner_id', '=', record.ownerId)
    .where('case_id', '=', record.id)
    .where('id', '=', prevention.id)
    .execute()
  await parts.jobs.cancel(trx, `prevention ${prevention.id}`)
}

/** Where an answer leads: out of waiting, in time; to a voluntary request, nowhere else. @throws Refusal `not-allowed-now` */
function statusAfterAnswer(record: CaseRecord, prevention: Prevention, at: Date): CaseStatus {
  if (prevention.answered_at) throw new Refusal<CasesCode>('prevention-answered', {}, 409)
  const late = prevention.answer_due_at !== null && prevention.answer_due_at <= at
  const status = prevention.binding
    ? nextStatus(record.status, 'answer-prevention', 'person')
    : closedStatuses.includes(record.status)
      ? undefined
      : record.status
  if (late || !status) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
  return status
}

interface AnswerContext {
  purpose: 'prevention-answer' | 'withdrawal'
  preventionId?: string
  answer?: string
}

/** Draws the person's answer, with the files they attached to it. @throws Refusal `prevention-unknown`, `prevention-answered`, `decision-incomplete` */
export async function prepareAnswer(
  parts: CaseParts,
  session: ActingSession,
  caseId: string,
  answer: string,
): Promise<PreparedDocument> {
  const record = await readCase(parts.db, session.account.id, caseId)
  const prevention = (await listPreventions(parts.db, record)).find(({ answered_at }) => !answered_at)
  if (!prevention) throw new Refusal<CasesCode>('prevention-unknown', {}, 409)
  statusAfterAnswer(record, prevention, parts.clock.now())
  if (answer.trim().length < 2) throw new Refusal<CasesCode>('form-incomplete', { field: 'answer' }, 422)
  const listed = await listAttachments(parts.db, record.ownerId, prevention.id)
  const attachments = await Promise.all(listed.map(({ id }) => readAttachment(parts.db, record.ownerId, id)))
  const common = await commonOf(parts, record)
  const document = answerDocument(common, record, prevention.asked, answer.trim(), attachments)
  return prepare(parts, session, record, document, {
    purpose: 'prevention-answer',
    preventionId: prevention.id,
    answer: answer.trim(),
  })
}

/** @throws Refusal `not-allowed-now` */
export async function prepareWithdrawal(
  parts: CaseParts,
  session: ActingSession,
  caseId: string,
): Promise<PreparedDocument> {
  const record = await readCase(parts.db, session.account.id, caseId)
  if (!nextStatus(record.status, 'withdraw', 'person')) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
  return prepare(parts, session, record, withdrawalDocument(await commonOf(parts, record), record), {
    purpose: 'withdrawal',
  })
}

async function commonOf(parts: CaseParts, record: CaseRecord) {
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  return {
    ficha,
    institution: parts.catalogue.institutions.get(record.institution)!,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
  }
}

function prepare(
  parts: CaseParts,
  session: ActingSession,
  record: CaseRecord,
  document: ReturnType<typeof withdrawalDocument>,
  context: AnswerContext,
): Promise<PreparedDocument> {
  const signer = { accountId: session.person.accountId, name: session.person.name ?? session.account.name }
  return prepareDocument(parts.documents, {
    ownerId: record.ownerId,
    subjectId: record.id,
    caseId: record.id,
    document,
    signer,
    reason: document.title,
    context,
    signingTime: parts.clock.now(),
  })
}

/**
 * The person's signed act on their own case: the answer to a prevention, or the withdrawal. Signing twice acts once.
 * @throws Refusal of signing in, `signature-not-of-document`, `preparation-…`, `not-allowed-now`
 */
export async function signOwnAct(
  parts: CaseParts,
  session: ActingSession,
  caseId: string,
  input: { preparationId?: string; signature: Signature },
): Promise<CaseRecord> {
  const ownerId = session.account.id
  const preparation = await findPreparation(parts.db, ownerId, caseId, input.preparationId)
  const context = preparation.context as AnswerContext
  if (preparation.subjectId !== caseId || !['prevention-answer', 'withdrawal'].includes(context.purpose))
    throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
  if (preparation.documentId) return readCase(parts.db, ownerId, caseId)
  await checkSigner(parts, session, input.signature.certificate, parts.clock.now())
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  const record = await readCase(parts.db, ownerId, caseId)
  const { ficha } = await commonOf(parts, record)
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, ownerId, caseId)
    const withdrawing = context.purpose === 'withdrawal'
    const at = parts.clock.now()
    const prevention = withdrawing
      ? undefined
      : (await listPreventions(trx, locked)).find(({ id }) => id === context.preventionId)!
    const status = prevention
      ? statusAfterAnswer(locked, prevention, at)
      : nextStatus(locked.status, 'withdraw', 'person')
    if (!status) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const document = await storeSigned(trx, verified, caseId)
    if (!document) return
    const { entryId } = await parts.log.append(trx, {
      act: withdrawing ? 'case.withdrawn' : 'case.information-given',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, document: document.sha256, at: at.toISOString() },
    })
    await addStep(trx, locked, {
      at,
      act: withdrawing ? 'withdrawn' : 'prevention-answered',
      ...byPerson(session),
      status,
      document_id: document.id,
      log_entry: entryId,
    })
    if (!prevention) {
      await changeCase(trx, locked, { status, closedAt: at })
      await parts.jobs.cancel(trx, `silence ${caseId}`)
      return
    }
    await tables(trx)
      .updateTable('cases.prevention')
      .set({ answered_at: at, answer: context.answer!, answer_document_id: document.id })
      .where('owner_id', '=', ownerId)
      .where('case_id', '=', caseId)
      .where('id', '=', prevention.id)
      .execute()
    if (!prevention.binding) return
    const term = resumedTerm(calendarOf(parts, ficha), locked.term, prevention.posted_at, at, locked.institution)
    const dueAt = new Date(term.dueAt)
    await changeCase(trx, locked, { status, term, dueAt })
    await parts.jobs.cancel(trx, `prevention ${prevention.id}`)
    await parts.jobs.at(trx, { queue: queues.silence, key: `silence ${caseId}`, dueAt, data: { ownerId, caseId } })
  })
  return readCase(parts.db, ownerId, caseId)
}
