import { isUniqueViolation, type Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { hoursOf, instantOf, wallClock } from '#modules/calendars/index.ts'
import {
  findPreparation,
  type Preparation,
  type Signature,
  storeSigned,
  type VerifiedSignature,
  verifySignature,
} from '#modules/documents/index.ts'
import { type ActingSession, checkSigner } from '#modules/identity/index.ts'
import { byPerson } from './by-person.ts'
import { type CaseParts, calendarOf, fichaOf, type OnlineFicha, queues, termRuleOf } from './case-parts.ts'
import type { CaseRecord, TermKept } from './case-record.ts'
import type { Channel, Draft } from './draft.ts'
import { changeDraft, lockDraft, readDraft } from './draft-store.ts'
import type { CasesCode } from './errors.ts'
import { newFolio } from './folio.ts'
import type { SubmissionContext } from './prepare-submission.ts'
import { addStep, insertCase, readCase } from './store.ts'
import { tables } from './tables.ts'
import { receivedOn, termToResolve } from './terms.ts'

export interface SubmitCase {
  draftId: string
  /** Without it, the newest one of the draft. */
  preparationId?: string
  signature: Signature
  channel: Channel
}

const FOLIO_TRIES = 5

/**
 * Submits: verifies the signature, and then in one transaction the signed document, the case, its folio, the log's entry, the
 * officer's task, the term and the receipt's job. Sending twice gives the same case.
 * @throws Refusal of signing in, `signature-not-of-document`, `preparation-…`, `draft-changed`, `too-many-submissions`
 */
export async function submitCase(parts: CaseParts, session: ActingSession, input: SubmitCase): Promise<CaseRecord> {
  const ownerId = session.account.id
  const preparation = await findPreparation(parts.db, ownerId, input.draftId, input.preparationId)
  const draft = await readDraft(parts.db, ownerId, input.draftId)
  if (preparation.subjectId !== input.draftId || preparation.kind !== 'application')
    throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
  if (draft.caseId) return readCase(parts.db, ownerId, draft.caseId)
  await checkSigner(parts, session, input.signature.certificate, parts.clock.now())
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  const ficha = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
  const submission = { session, draft, preparation, verified, ficha, channel: input.channel }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await parts.db.transaction().execute((trx) => submit(parts, trx, submission))
    } catch (error) {
      // A folio that was drawn before: another one.
      if (!isUniqueViolation(error) || attempt >= FOLIO_TRIES) throw error
    }
  }
}

interface Submission {
  session: ActingSession
  draft: Draft
  preparation: Preparation
  verified: VerifiedSignature
  ficha: OnlineFicha
  channel: Channel
}

async function submit(parts: CaseParts, trx: Trx, submission: Submission): Promise<CaseRecord> {
  const { session, preparation, verified, ficha } = submission
  const { ownerId } = submission.draft
  const at = parts.clock.now()
  const caseId = newId()
  // One request of the same draft at a time goes on from here; whoever waited finds the case of the one before.
  const draft = await lockDraft(trx, ownerId, submission.draft.id)
  if (draft.caseId) return readCase(trx, ownerId, draft.caseId)
  if (draft.revision !== (preparation.context as SubmissionContext).revision)
    throw new Refusal<CasesCode>('draft-changed', {}, 409)
  await checkDailyLimit(parts, trx, ownerId, at)
  const document = await storeSigned(trx, verified, caseId)
  if (!document) throw new Refusal<CasesCode>('draft-submitted', {}, 409)
  const decided = caseOf(parts, { ...submission, draft }, { caseId, documentId: document.id, at })
  const { entryId } = await parts.log.append(trx, actOf(decided, document.sha256))
  const record: CaseRecord = { ...decided, logEntry: entryId }
  await insertCase(trx, { ...record, preparationId: preparation.id })
  await addStep(trx, record, {
    at,
    act: 'submitted',
    ...byPerson(session),
    status: 'submitted',
    document_id: document.id,
    log_entry: entryId,
  })
  await changeDraft(trx, draft, { status: 'submitted', caseId, changedAt: at })
  await promiseWork(parts, trx, ficha, record)
  return record
}

/** The case before the log has its entry. */
type Decided = Omit<CaseRecord, 'logEntry'>

function caseOf(
  parts: CaseParts,
  { session, draft, preparation, ficha, channel }: Submission,
  { caseId, documentId, at }: { caseId: string; documentId: string; at: Date },
): Decided {
  const context = preparation.context as SubmissionContext
  const calendar = calendarOf(parts, ficha)
  const term = termFor(parts, ficha, at)
  const { day } = wallClock(at, calendar.zone)
  return {
    ownerId: draft.ownerId,
    id: caseId,
    folio: newFolio(Number(day.slice(0, 4))),
    serviceId: ficha.id,
    serviceVersion: ficha.version,
    institution: ficha.institution,
    status: 'submitted',
    revision: 1,
    language: context.language,
    channel,
    applicant: context.applicant,
    signedBy: session.person.accountId,
    data: context.data,
    attachments: context.attachments,
    notices: context.consent,
    submittedAt: at,
    receivedAt: day === term.from ? at : instantOf(term.from, hoursOf(calendar, ficha.institution).from, calendar.zone),
    term,
    dueAt: new Date(term.dueAt),
    closedAt: null,
    applicationId: documentId,
    receiptId: null,
    linkedCase: draft.linkedCase,
  }
}

function actOf(
  { folio, serviceId, serviceVersion, institution, applicant, submittedAt, term }: Decided,
  sha256: string,
) {
  return {
    act: 'case.submitted',
    at: submittedAt,
    institution,
    service: serviceId,
    record: {
      folio,
      service: serviceId,
      version: serviceVersion,
      applicant: { rfc: applicant.rfc, curp: applicant.curp },
      application: sha256,
      at: submittedAt.toISOString(),
      due: term.due,
    },
  }
}

async function promiseWork(parts: CaseParts, trx: Trx, ficha: OnlineFicha, record: CaseRecord): Promise<void> {
  const data = { ownerId: record.ownerId, caseId: record.id }
  await parts.jobs.send(trx, queues.receipt, data)
  await parts.jobs.at(trx, { queue: queues.silence, key: `silence ${record.id}`, dueAt: record.dueAt, data })
  if (ficha.online.workflow.kind === 'automatic') await parts.jobs.send(trx, queues.decideByRule, data)
}

export function termFor(parts: Pick<CaseParts, 'calendars' | 'catalogue'>, ficha: OnlineFicha, at: Date): TermKept {
  const calendar = calendarOf(parts, ficha)
  return termToResolve(
    calendar,
    termRuleOf(parts, ficha),
    receivedOn(calendar, at, ficha.institution),
    ficha.institution,
  )
}

async function checkDailyLimit(parts: CaseParts, trx: Trx, ownerId: string, at: Date): Promise<void> {
  const { count } = await tables(trx)
    .selectFrom('cases.case')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('owner_id', '=', ownerId)
    .where('submitted_at', '>', new Date(at.getTime() - 86_400_000))
    .executeTakeFirstOrThrow()
  if (count >= parts.limits.submissionsPerDay)
    throw new Refusal<CasesCode>('too-many-submissions', { most: parts.limits.submissionsPerDay }, 429)
}
