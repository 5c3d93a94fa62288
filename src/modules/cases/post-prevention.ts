import type { Queries } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { wallClock } from '#modules/calendars/index.ts'
import {
  findPreparation,
  type PreparedDocument,
  prepareDocument,
  type Signature,
  storeSigned,
  verifySignature,
} from '#modules/documents/index.ts'
import { type ActingSession, checkSigner } from '#modules/identity/index.ts'
import { type CaseParts, calendarOf, fichaOf, termRuleOf } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { nextStatus } from './case-states.ts'
import { deliver } from './deliver.ts'
import { documentWords } from './document-texts.ts'
import type { CasesCode } from './errors.ts'
import { findForServant, refuseOwnCase, servantOf } from './office-access.ts'
import { preventionDocument } from './prevention-documents.ts'
import { addStep, changeCase, lockCase } from './store.ts'
import { tables } from './tables.ts'
import { lastDayToAsk, lastDayToPrevent } from './terms.ts'
import { writingIn } from './writing.ts'

interface PreventionContext {
  purpose: 'prevention'
  asked: string
  binding: boolean
  days: number
  revision: number
}

/**
 * Draws the request for what is missing, for the officer to sign. Within the first third of the term it binds, once (LFPA
 * 17-A); later it is a voluntary one.
 * @throws Refusal `not-allowed-now`, `own-case`, `decision-incomplete`
 */
export async function preparePrevention(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  input: { asked: string; days?: number },
): Promise<PreparedDocument> {
  const record = await findForServant(parts, session, folio, 'officer', 'signer')
  await refuseOwnCase(parts, session, record)
  const asked = input.asked.trim()
  if (asked.length < 10) throw new Refusal<CasesCode>('decision-incomplete', { field: 'asked' }, 422)
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  if (!nextStatus(record.status, 'post-prevention', 'institution'))
    throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
  const binding = (await whyNotBinding(parts, parts.db, record)) === undefined
  const days = Math.max(5, input.days ?? ficha.preventionDays)
  const signingTime = parts.clock.now()
  const signer = { accountId: session.person.accountId, name: session.person.name ?? '' }
  const institution = parts.catalogue.institutions.get(record.institution)!
  const document = preventionDocument({
    ficha,
    institution,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
    record,
    binding,
    asked,
    days,
    signer: { name: signer.name, post: institution.name[record.language] },
    at: signingTime,
  })
  const context: PreventionContext = { purpose: 'prevention', asked, binding, days, revision: record.revision }
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

/** Whether a request made now would bind: in time, and the first one. */
export async function mayBind(parts: CaseParts, record: CaseRecord): Promise<boolean> {
  return (await whyNotBinding(parts, parts.db, record)) === undefined
}

/** Once, and within the first third of the term; where silence has no effect no decision is due (LFPA 17-A). */
async function whyNotBinding(
  parts: CaseParts,
  queries: Queries,
  record: CaseRecord,
): Promise<'prevention-once' | 'prevention-too-late' | undefined> {
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const calendar = calendarOf(parts, ficha)
  const { term, institution } = record
  const today = wallClock(parts.clock.now(), calendar.zone).day
  const before = await tables(queries)
    .selectFrom('cases.prevention')
    .select('id')
    .where('owner_id', '=', record.ownerId)
    .where('case_id', '=', record.id)
    .where('binding', '=', true)
    .executeTakeFirst()
  if (before) return 'prevention-once'
  const last =
    ficha.silence.effect === 'none'
      ? lastDayToAsk(calendar, term.from, institution)
      : lastDayToPrevent(calendar, termRuleOf(parts, ficha), term, institution)
  return today <= last ? undefined : 'prevention-too-late'
}

/** Signed: posted to the person's mailbox; where it binds, the term stands still from now on. */
export async function signPrevention(
  parts: CaseParts,
  session: ActingSession,
  folio: string,
  input: { preparationId?: string; signature: Signature },
): Promise<void> {
  const record = await findForServant(parts, session, folio, 'officer', 'signer')
  await refuseOwnCase(parts, session, record)
  const preparation = await findPreparation(parts.db, record.ownerId, record.id, input.preparationId)
  const context = preparation.context as PreventionContext
  if (
    context.purpose !== 'prevention' ||
    preparation.subjectId !== record.id ||
    preparation.signerId !== session.person.accountId
  )
    throw new Refusal<CasesCode>('preparation-out-of-date', {}, 409)
  if (preparation.documentId) return
  const at = parts.clock.now()
  await checkSigner(parts, session, input.signature.certificate, at)
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, record.ownerId, record.id)
    if (locked.revision !== context.revision) throw new Refusal<CasesCode>('case-changed', {}, 409)
    const moved = nextStatus(locked.status, 'post-prevention', 'institution')
    if (!moved) throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    // What was prepared in time and is signed too late does not bind any more.
    const refusal = context.binding ? await whyNotBinding(parts, trx, locked) : undefined
    if (refusal) throw new Refusal<CasesCode>(refusal, {}, 409)
    const status = context.binding ? moved : locked.status
    const document = await storeSigned(trx, verified, locked.id)
    if (!document) return
    const { entryId } = await parts.log.append(trx, {
      act: 'case.information-asked',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, document: document.sha256, binding: context.binding, at: at.toISOString() },
    })
    const notice = await deliver(parts, trx, {
      record: locked,
      ficha,
      kind: 'prevention',
      document,
      final: true,
      act: documentWords[context.binding ? 'prevention' : 'information'],
    })
    await tables(trx)
      .insertInto('cases.prevention')
      .values({
        owner_id: locked.ownerId,
        case_id: locked.id,
        id: newId(),
        binding: context.binding,
        asked: context.asked,
        posted_at: at,
        document_id: document.id,
        notice_id: notice?.id ?? null,
        term_days: context.days,
      })
      .execute()
    await changeCase(trx, locked, { status })
    if (context.binding) await parts.jobs.cancel(trx, `silence ${locked.id}`)
    await addStep(trx, locked, {
      at,
      act: context.binding ? 'prevention-posted' : 'information-asked',
      ...servantOf(session),
      status,
      document_id: document.id,
      log_entry: entryId,
    })
  })
}
