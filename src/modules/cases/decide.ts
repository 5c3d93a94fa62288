import { type Checked, Refusal } from '#kernel/refusal.ts'
import {
  findPreparation,
  type PreparedDocument,
  prepareDocument,
  type Signature,
  storeSigned,
  verifySignature,
} from '#modules/documents/index.ts'
import { type ActingSession, checkSigner } from '#modules/identity/index.ts'
import { type CaseParts, calendarOf, fichaOf } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { type Move, nextStatus, ruleOf } from './case-states.ts'
import { decisionDocument } from './decision-document.ts'
import { deliver } from './deliver.ts'
import type { CasesCode } from './errors.ts'
import { findForServant, refuseOwnCase, servantOf } from './office-access.ts'
import { silenceIsDue } from './silence.ts'
import { addStep, changeCase, lockCase } from './store.ts'
import { type CaseTables, tables } from './tables.ts'
import { writingIn } from './writing.ts'

export type Outcome = 'granted' | 'granted-in-part' | 'refused'
export const outcomes: readonly Outcome[] = ['granted', 'granted-in-part', 'refused']
const MOVES: Record<Outcome, Move> = { granted: 'grant', 'granted-in-part': 'grant-in-part', refused: 'refuse' }

export interface DecisionInput {
  outcome: Outcome
  reasons: string
  legalBasis: string
  /** Where one signs for another: for whom, and what allows it. */
  substitution?: string
  /** Ready for whoever may sign. */
  ready: boolean
}

export type DecisionDraft = CaseTables['cases.decision_draft']

/**
 * Keeps a version of the decision. Reasons and legal basis are required: without them an act is void (LFPA 3-V).
 * @param basedOn the last version the officer saw; another one since is `case-changed`
 */
export async function draftDecision(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  input: DecisionInput,
  basedOn: number,
): Promise<Checked<DecisionDraft>> {
  const record = await findForServant(parts, session, folio, 'officer', 'signer')
  await refuseOwnCase(parts, session, record)
  const errors = [
    ...(outcomes.includes(input.outcome) ? [] : [{ field: 'outcome', code: 'choose' }]),
    ...(input.reasons.trim().length >= 20 ? [] : [{ field: 'reasons', code: 'too-short', facts: { least: 20 } }]),
    ...(input.legalBasis.trim().length >= 5 ? [] : [{ field: 'legalBasis', code: 'too-short', facts: { least: 5 } }]),
  ]
  if (errors.length > 0) return { ok: false, errors }
  return parts.db.transaction().execute(async (trx): Promise<Checked<DecisionDraft>> => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    if (!nextStatus(locked.status, MOVES[input.outcome], 'signer'))
      throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const last = await newestDecision(trx, locked)
    if ((last?.revision ?? 0) !== basedOn) throw new Refusal<CasesCode>('case-changed', {}, 409)
    const at = parts.clock.now()
    const draft: DecisionDraft = {
      owner_id: locked.ownerId,
      case_id: locked.id,
      revision: basedOn + 1,
      at,
      by_account: session.person.accountId,
      by_name: session.person.name ?? '',
      outcome: input.outcome,
      reasons: input.reasons.trim(),
      legal_basis: input.legalBasis.trim(),
      fields: substitutionIn(input.substitution),
      ready: input.ready,
    }
    await tables(trx)
      .insertInto('cases.decision_draft')
      .values({ ...draft, fields: JSON.stringify(draft.fields) as never })
      .execute()
    await addStep(trx, locked, {
      at,
      act: 'decision-drafted',
      ...servantOf(session),
      status: locked.status,
      document_id: null,
      log_entry: null,
    })
    return { ok: true, value: draft }
  })
}

/** «En suplencia por ausencia de…, con fundamento en…» */
const substitutionIn = (typed = ''): { substitution?: string } =>
  typed.trim() === '' ? {} : { substitution: typed.trim() }

export async function newestDecision(
  queries: Parameters<typeof tables>[0],
  { ownerId, id }: Pick<CaseRecord, 'ownerId' | 'id'>,
): Promise<DecisionDraft | undefined> {
  return tables(queries)
    .selectFrom('cases.decision_draft')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
}

interface DecisionContext {
  purpose: 'decision'
  revision: number
  caseRevision: number
  outcome: Outcome
}

/**
 * Draws the newest version for whoever may sign.
 * @throws Refusal `decision-not-ready`, `not-your-case`, `own-case`, `not-allowed-now`
 */
export async function prepareDecision(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
): Promise<PreparedDocument> {
  const record = await findForServant(parts, session, folio, 'signer')
  await refuseOwnCase(parts, session, record)
  const draft = await newestDecision(parts.db, record)
  if (!draft?.ready) throw new Refusal<CasesCode>('decision-not-ready', {}, 409)
  if (!nextStatus(record.status, MOVES[draft.outcome], 'signer'))
    throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const institution = parts.catalogue.institutions.get(record.institution)!
  const signingTime = parts.clock.now()
  const signer = { accountId: session.person.accountId, name: session.person.name ?? '' }
  const document = decisionDocument({
    ficha,
    institution,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
    record,
    outcome: draft.outcome,
    reasons: draft.reasons,
    legalBasis: draft.legal_basis,
    signer: {
      name: signer.name,
      post: ficha.online.workflow.responsible[record.language],
      competence: ficha.legalBasis[0]![record.language],
      ...substitutionIn(draft.fields.substitution as string | undefined),
    },
    at: signingTime,
  })
  const context: DecisionContext = {
    purpose: 'decision',
    revision: draft.revision,
    caseRevision: record.revision,
    outcome: draft.outcome,
  }
  return prepareDocument(parts.documents, {
    ownerId: record.ownerId,
    subjectId: record.id,
    caseId: record.id,
    document,
    signer,
    reason: document.title,
    context,
    signingTime,
  })
}

/**
 * Signs the decision: the case is resolved and the notice is in the person's mailbox, in one transaction.
 * @throws Refusal `case-changed` where somebody drafted or moved the case meanwhile
 */
export async function signDecision(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  input: { preparationId?: string; signature: Signature },
): Promise<CaseRecord> {
  const record = await findForServant(parts, session, folio, 'signer')
  await refuseOwnCase(parts, session, record)
  const preparation = await findPreparation(parts.db, record.ownerId, record.id, input.preparationId)
  const context = preparation.context as DecisionContext
  if (
    context.purpose !== 'decision' ||
    preparation.subjectId !== record.id ||
    preparation.signerId !== session.person.accountId
  )
    throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
  if (preparation.documentId) return record
  const at = parts.clock.now()
  await checkSigner(parts, session, input.signature.certificate, at)
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  return parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    // The term is over, and the law has spoken: its job comes in a moment, and may not be overtaken.
    if (silenceIsDue(ficha, locked, at)) throw new Refusal<CasesCode>('case-changed', {}, 409)
    const newest = await newestDecision(trx, locked)
    if (locked.revision !== context.caseRevision || newest?.revision !== context.revision)
      throw new Refusal<CasesCode>('case-changed', {}, 409)
    const status = nextStatus(locked.status, MOVES[context.outcome], 'signer')
    if (!status) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    const document = await storeSigned(trx, verified, locked.id)
    if (!document) throw new Refusal<CasesCode>('case-changed', {}, 409)
    const { entryId } = await parts.log.append(trx, {
      act: 'decision.signed',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: {
        folio: locked.folio,
        outcome: context.outcome,
        document: document.sha256,
        at: at.toISOString(),
        rule: ruleOf(MOVES[context.outcome]),
      },
    })
    await changeCase(trx, locked, { status, closedAt: at })
    await parts.jobs.cancel(trx, `silence ${locked.id}`)
    await addStep(trx, locked, {
      at,
      act: 'decision-signed',
      ...servantOf(session),
      status,
      document_id: document.id,
      log_entry: entryId,
      facts: { outcome: context.outcome },
    })
    await deliver(parts, trx, {
      record: locked,
      ficha,
      kind: 'decision',
      document,
      final: false,
      act: { es: 'Resolución', en: 'Decision' },
    })
    return { ...locked, status, closedAt: at, revision: locked.revision + 1 }
  })
}
