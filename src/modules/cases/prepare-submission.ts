import { type Checked, Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import { listAttachments, type PreparedDocument, prepareDocument, readAttachment } from '#modules/documents/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { applicationDocument } from './application-document.ts'
import { type CaseParts, calendarOf, fichaOf, type OnlineFicha } from './case-parts.ts'
import type { Applicant, Consent } from './case-record.ts'
import { readDraft } from './draft-store.ts'
import type { CasesCode } from './errors.ts'
import { listPayments } from './pay.ts'
import type { Payment } from './payment.ts'
import { checkAnswers, checkOpen } from './save-answer.ts'
import { writingIn } from './writing.ts'

/** What submitting needs when the signature comes, kept with the prepared document. */
export interface SubmissionContext {
  purpose: 'submission'
  draftId: string
  revision: number
  data: Record<string, unknown>
  attachments: Array<{ field: string; id: string; name: string; type: string; sha256: string; bytes: number }>
  applicant: Applicant
  consent: Consent
  language: Language
}

export interface PrepareSubmission {
  draftId: string
  language: Language
  /** Express consent to electronic notices (LFEA 11), and the address for avisos. */
  consent: Consent
}

/**
 * Draws the application as it will be signed. What is seen is what is signed: the document holds every answer, the data and
 * the files, and from here on a change of the draft needs a new one.
 * @returns the prepared document, or what is missing field by field
 * @throws Refusal `applicant-kind`, `payment-missing`, `draft-…`
 */
export async function prepareSubmission(
  parts: CaseParts,
  session: ActingSession,
  input: PrepareSubmission,
): Promise<Checked<PreparedDocument>> {
  const ownerId = session.account.id
  // Without its lock: what is submitted is compared with this revision again.
  const draft = await readDraft(parts.db, ownerId, input.draftId)
  checkOpen(parts, draft)
  const ficha = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
  checkApplicant(ficha, session)
  const listed = await listAttachments(parts.db, ownerId, draft.id)
  const checked = checkAnswers(parts, ficha, draft.answers, listed)
  if (!checked.ok) return checked
  const payment = await paidFee(parts, ficha, ownerId, draft.id)
  const asked = new Set(ficha.online.questions.filter(({ type }) => type === 'file').map(({ id }) => id))
  const attachments = await Promise.all(
    listed.filter(({ field }) => asked.has(field)).map(({ id }) => readAttachment(parts.db, ownerId, id)),
  )
  const applicant = applicantOf(session)
  const language = input.language
  const document = applicationDocument({
    ficha,
    institution: parts.catalogue.institutions.get(ficha.institution)!,
    writing: writingIn(language, calendarOf(parts, ficha).zone),
    draft,
    applicant,
    data: checked.value,
    attachments,
    consent: input.consent,
    payment,
  })
  const kept = attachments.map(({ content: _, ...each }) => each)
  const context: SubmissionContext = {
    purpose: 'submission',
    draftId: draft.id,
    revision: draft.revision,
    data: checked.value,
    attachments: kept,
    applicant,
    consent: input.consent,
    language,
  }
  const signer = { accountId: session.person.accountId, name: session.person.name ?? session.account.name }
  const preparation = await prepareDocument(parts.documents, {
    ownerId,
    subjectId: draft.id,
    document,
    signer,
    reason: document.title,
    context,
    signingTime: parts.clock.now(),
  })
  return { ok: true, value: preparation }
}

export function applicantOf({ account, person }: Pick<ActingSession, 'account' | 'person'>): Applicant {
  const company = account.kind === 'company'
  return {
    name: account.name,
    rfc: account.rfc,
    curp: company ? null : account.curp,
    representative: company ? { name: person.name, rfc: person.rfc, curp: person.curp } : null,
  }
}

/** Who may ask is part of the ficha. */
function checkApplicant(
  { applicants }: Pick<OnlineFicha, 'applicants'>,
  { account }: Pick<ActingSession, 'account'>,
): void {
  if (!applicants.includes(account.kind)) throw new Refusal<CasesCode>('applicant-kind', {}, 403)
}

async function paidFee(
  parts: CaseParts,
  ficha: OnlineFicha,
  ownerId: string,
  draftId: string,
): Promise<Payment | undefined> {
  if (!ficha.online.fee) return undefined
  const paid = (await listPayments(parts.db, ownerId, draftId)).find(({ status }) => status === 'paid')
  if (!paid) throw new Refusal<CasesCode>('payment-missing', {}, 402)
  return paid
}
