import type { Trx } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { wallClock } from '#modules/calendars/index.ts'
import { type SealedDocument, sealDocument, storeSealed } from '#modules/documents/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { byPerson } from './by-person.ts'
import { type CaseParts, calendarOf, fichaOf, type OnlineFicha, queues } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import { nextStatus, ruleOf } from './case-states.ts'
import { deliver } from './deliver.ts'
import { documentWords } from './document-texts.ts'
import { dismissalDocument, tacitDocument } from './ending-documents.ts'
import type { CasesCode } from './errors.ts'
import { addStep, changeCase, lockCase, readCase } from './store.ts'
import { tables } from './tables.ts'
import { termToCertify } from './terms.ts'
import { writingIn } from './writing.ts'

const byClock = { by_kind: 'clock' as const, by_account: null, by_name: null, by_post: null }

/** Whether the law has already given silence its meaning, though the job that says so may not have run (LFPA 17). */
export function silenceIsDue({ silence }: OnlineFicha, { status, term, dueAt }: CaseRecord, at: Date): boolean {
  if (silence.effect === 'none' || term.withoutSilence) return false
  return dueAt <= at && nextStatus(status, 'fall-silent-refused', 'clock') !== undefined
}

/** The job at the end of the term: what the service's own law says of silence (LFPA 17). Done again, it does nothing. */
export async function fallSilent(parts: CaseParts, ownerId: string, caseId: string): Promise<void> {
  const record = await readCase(parts.db, ownerId, caseId)
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const granted = ficha.silence.effect === 'granted'
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, ownerId, caseId)
    // Moved by a prevention, or decided in the last second: the term of this job is not the case's any more.
    if (!silenceIsDue(ficha, locked, parts.clock.now())) return
    const move = granted ? 'fall-silent-granted' : 'fall-silent-refused'
    const status = nextStatus(locked.status, move, 'clock')
    if (!status) return
    const at = locked.dueAt
    const { entryId } = await parts.log.append(trx, {
      act: granted ? 'case.silent-granted' : 'case.silent-refused',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, due: locked.term.due, rule: ruleOf(move) },
    })
    await changeCase(trx, locked, { status, ...(granted && { closedAt: at }) })
    await addStep(trx, locked, {
      at,
      act: 'silence',
      ...byClock,
      status,
      document_id: null,
      log_entry: entryId,
      facts: { due: locked.term.due },
    })
    if (granted) await parts.jobs.send(trx, queues.certificate, { ownerId, caseId })
  })
}

/**
 * Silence that refuses: the person may ask for the certificate, due in two business days (LFPA 17); the platform gives it at once.
 * @throws Refusal `not-allowed-now`
 */
export async function askTacitCertificate(parts: CaseParts, session: ActingSession, caseId: string): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, session.account.id, caseId)
    if (locked.status !== 'silent-refused') throw new Refusal<CasesCode>('not-allowed-now', {}, 409)
    if (await hasCertificate(trx, locked)) return
    const at = parts.clock.now()
    const ficha = await fichaOf(parts, locked.serviceId, locked.serviceVersion)
    const term = termToCertify(calendarOf(parts, ficha), at, locked.institution)
    await addStep(trx, locked, {
      at,
      act: 'tacit-certificate-asked',
      ...byPerson(session),
      status: locked.status,
      document_id: null,
      log_entry: null,
      facts: { due: term.due, rule: term.rule },
    })
    await parts.jobs.send(trx, queues.certificate, { ownerId: locked.ownerId, caseId })
  })
}

/** The job: the sealed certificate of what silence means. Done again, it does nothing. */
export async function issueTacitCertificate(parts: CaseParts, ownerId: string, caseId: string): Promise<void> {
  const record = await readCase(parts.db, ownerId, caseId)
  const effect =
    record.status === 'silent-granted' ? 'granted' : record.status === 'silent-refused' ? 'refused' : undefined
  if (!effect || (await hasCertificate(parts.db, record))) return
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const common = {
    ficha,
    institution: parts.catalogue.institutions.get(record.institution)!,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
  }
  const at = parts.clock.now()
  // Silence that grants is certified by the platform itself; that it refuses, under the institution's seal (LFPA 17).
  const by = effect === 'refused' ? { id: record.institution, name: common.institution.name } : undefined
  const sealed = await sealDocument(parts.documents, tacitDocument(common, record, effect, record.term, at), at, by)
  await parts.db.transaction().execute(async (trx) => {
    const locked = await lockCase(trx, ownerId, caseId)
    if (await hasCertificate(trx, locked)) return
    const stored = await storeSealed(trx, sealed, ownerId, caseId)
    const { entryId } = await parts.log.append(trx, {
      act: 'certificate.tacit',
      at,
      institution: locked.institution,
      service: locked.serviceId,
      record: { folio: locked.folio, effect, document: stored.sha256, at: at.toISOString() },
    })
    await addStep(trx, locked, {
      at,
      act: 'tacit-certificate-issued',
      by_kind: 'platform',
      by_account: null,
      by_name: null,
      by_post: null,
      status: locked.status,
      document_id: stored.id,
      log_entry: entryId,
    })
    await deliver(parts, trx, {
      record: locked,
      ficha,
      kind: 'tacit-certificate',
      document: stored,
      final: effect === 'granted',
      act: documentWords[`tacit.${effect}`],
    })
  })
}

async function hasCertificate(queries: Parameters<typeof tables>[0], { ownerId, id }: CaseRecord): Promise<boolean> {
  const row = await tables(queries)
    .selectFrom('cases.step')
    .select('seq')
    .where('owner_id', '=', ownerId)
    .where('case_id', '=', id)
    .where('act', '=', 'tacit-certificate-issued')
    .executeTakeFirst()
  return row !== undefined
}

/** The job when the person's days to answer are over: dismissed, and told by notice (LFPA 17-A). Done again, it does nothing. */
export async function dismissUnanswered(parts: CaseParts, ownerId: string, caseId: string, dueAt: Date): Promise<void> {
  const record = await readCase(parts.db, ownerId, caseId)
  if (!nextStatus(record.status, 'let-prevention-lapse', 'clock')) return
  const ficha = await fichaOf(parts, record.serviceId, record.serviceVersion)
  const sealed = await sealDismissal(parts, record, ficha, dueAt)
  await parts.db.transaction().execute((trx) => dismiss(parts, trx, sealed, ficha, dueAt, record))
}

function sealDismissal(parts: CaseParts, record: CaseRecord, ficha: OnlineFicha, dueAt: Date): Promise<SealedDocument> {
  const common = {
    ficha,
    institution: parts.catalogue.institutions.get(record.institution)!,
    writing: writingIn(record.language, calendarOf(parts, ficha).zone),
  }
  const lastDay = wallClock(new Date(dueAt.getTime() - 1), calendarOf(parts, ficha).zone).day
  const by = { id: record.institution, name: common.institution.name }
  return sealDocument(parts.documents, dismissalDocument(common, record, lastDay, dueAt), parts.clock.now(), by)
}

async function dismiss(
  parts: CaseParts,
  trx: Trx,
  sealed: SealedDocument,
  ficha: OnlineFicha,
  dueAt: Date,
  record: CaseRecord,
): Promise<void> {
  const locked = await lockCase(trx, record.ownerId, record.id)
  const status = nextStatus(locked.status, 'let-prevention-lapse', 'clock')
  if (!status) return
  const stored = await storeSealed(trx, sealed, locked.ownerId, locked.id)
  const { entryId } = await parts.log.append(trx, {
    act: 'case.dismissed',
    at: dueAt,
    institution: locked.institution,
    service: locked.serviceId,
    record: { folio: locked.folio, document: stored.sha256, at: dueAt.toISOString() },
  })
  await changeCase(trx, locked, { status, closedAt: dueAt })
  await addStep(trx, locked, {
    at: dueAt,
    act: 'prevention-lapsed',
    ...byClock,
    status,
    document_id: stored.id,
    log_entry: entryId,
  })
  await deliver(parts, trx, {
    record: locked,
    ficha,
    kind: 'dismissal',
    document: stored,
    final: false,
    act: documentWords.dismissal,
  })
}
