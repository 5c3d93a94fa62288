import { isUniqueViolation, type Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { instantOf, wallClock } from '#modules/calendars/index.ts'
import {
  newestPreparation,
  type Preparation,
  readPreparation,
  type Signature,
  storeSigned,
  type VerifiedSignature,
  verifySignature,
} from '#modules/documents/index.ts'
import { type ActingSession, checkSigner } from '#modules/identity/index.ts'
import { type CaseParts, calendarOf, fichaOf, type OnlineFicha, queues } from './case-parts.ts'
import type { CaseRecord, TermKept } from './case-record.ts'
import type { Channel } from './draft.ts'
import { changeDraft, lockDraft } from './draft-store.ts'
import type { CasesCode } from './errors.ts'
import { newFolio } from './folio.ts'
import type { SubmissionContext } from './prepare-submission.ts'
import { addStep, findCaseByPreparation, insertCase, type NewCase, readCase } from './store.ts'
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
  const preparation = input.preparationId
    ? await readPreparation(parts.db, ownerId, input.preparationId)
    : await newestPreparation(parts.db, ownerId, input.draftId)
  if (preparation.subjectId !== input.draftId || preparation.kind !== 'application')
    throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
  const before = await findCaseByPreparation(parts.db, ownerId, preparation.id)
  if (before) return before
  await checkSigner(parts, session, input.signature.certificate, parts.clock.now())
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  const context = preparation.context as SubmissionContext
  const draft = { id: context.draftId }
  const ficha = await fichaOfPreparation(parts, ownerId, draft.id)
  for (let attempt = 1; ; attempt += 1) {
    try {
      const caseId = await parts.db
        .transaction()
        .execute((trx) =>
          submit(parts, trx, { session, preparation, verified, context, ficha, channel: input.channel }),
        )
      return readCase(parts.db, ownerId, caseId)
    } catch (error) {
      // Two requests with the same preparation, or a folio that was drawn before: the next round finds out which.
      if (!isUniqueViolation(error) || attempt >= FOLIO_TRIES) throw error
      const other = await findCaseByPreparation(parts.db, ownerId, preparation.id)
      if (other) return other
    }
  }
}

async function fichaOfPreparation(parts: CaseParts, ownerId: string, draftId: string): Promise<OnlineFicha> {
  const row = await tables(parts.db)
    .selectFrom('cases.draft')
    .select(['service_id', 'service_version'])
    .where('owner_id', '=', ownerId)
    .where('id', '=', draftId)
    .executeTakeFirst()
  if (!row) throw new Refusal<CasesCode>('draft-unknown', {}, 404)
  return fichaOf(parts, row.service_id, row.service_version)
}

interface Submission {
  session: ActingSession
  preparation: Preparation
  verified: VerifiedSignature
  context: SubmissionContext
  ficha: OnlineFicha
  channel: Channel
}

async function submit(parts: CaseParts, trx: Trx, submission: Submission): Promise<string> {
  const { session, preparation, verified, context, ficha, channel } = submission
  const ownerId = session.account.id
  const draft = await lockDraft(trx, ownerId, context.draftId)
  if (draft.caseId) return draft.caseId
  if (draft.revision !== context.revision) throw new Refusal<CasesCode>('draft-changed', {}, 409)
  const at = parts.clock.now()
  await checkDailyLimit(parts, trx, ownerId, at)
  const caseId = newId()
  const document = await storeSigned(trx, verified, caseId)
  if (!document) throw new Refusal<CasesCode>('draft-submitted', {}, 409)
  const term = termFor(parts, ficha, at)
  const calendar = calendarOf(parts, ficha)
  const folio = newFolio(Number(wallClock(at, calendar.zone).day.slice(0, 4)))
  const { entryId } = await parts.log.append(trx, {
    act: 'case.submitted',
    at,
    institution: ficha.institution,
    service: ficha.id,
    record: {
      folio,
      service: ficha.id,
      version: ficha.version,
      applicant: { rfc: context.applicant.rfc, curp: context.applicant.curp },
      application: document.sha256,
      at: at.toISOString(),
      due: term.due,
    },
  })
  const record: NewCase = {
    ownerId,
    id: caseId,
    folio,
    serviceId: ficha.id,
    serviceVersion: ficha.version,
    institution: ficha.institution,
    status: 'submitted',
    language: context.language,
    channel,
    applicant: context.applicant,
    signedBy: session.person.accountId,
    data: context.data,
    attachments: context.attachments,
    notices: context.consent,
    submittedAt: at,
    receivedAt:
      wallClock(at, calendar.zone).day === term.from ? at : instantOf(term.from, calendar.hours.from, calendar.zone),
    term,
    dueAt: new Date(term.dueAt),
    applicationId: document.id,
    logEntry: entryId,
    linkedCase: draft.linkedCase,
    preparationId: preparation.id,
  }
  await insertCase(trx, record)
  const by = {
    by_kind: 'person' as const,
    by_account: session.person.accountId,
    by_name: session.person.name ?? session.account.name,
    by_post: null,
  }
  await addStep(trx, record, {
    at,
    act: 'submitted',
    ...by,
    status: 'submitted',
    document_id: document.id,
    log_entry: entryId,
  })
  await changeDraft(trx, draft, { status: 'submitted', caseId, changedAt: at })
  await promiseWork(parts, trx, ficha, record)
  return caseId
}

async function promiseWork(parts: CaseParts, trx: Trx, ficha: OnlineFicha, record: NewCase): Promise<void> {
  const data = { ownerId: record.ownerId, caseId: record.id }
  await parts.jobs.send(trx, queues.receipt, data)
  await parts.jobs.at(trx, { queue: queues.silence, key: `silence ${record.id}`, dueAt: record.dueAt, data })
  if (ficha.online.workflow.kind === 'automatic') await parts.jobs.send(trx, queues.decideByRule, data)
}

export function termFor(parts: Pick<CaseParts, 'calendars' | 'catalogue'>, ficha: OnlineFicha, at: Date): TermKept {
  const calendar = calendarOf(parts, ficha)
  const general = parts.catalogue.settings.generalTerm
  const rule = ficha.term
    ? { value: ficha.term.value, unit: ficha.term.unit as 'days' | 'months', rule: ficha.term.rule }
    : { value: general.value, unit: general.unit as 'days' | 'months', rule: general.rule }
  return termToResolve(calendar, rule, receivedOn(calendar, at, ficha.institution), ficha.institution)
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
