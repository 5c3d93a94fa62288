import type { Language } from '#kernel/texts.ts'
import type { CaseRecord, Draft, Payment, Prevention } from '#modules/cases/index.ts'
import { dataSchemaOf, type Ficha } from '#modules/catalogue/index.ts'
import type { PreparedDocument } from '#modules/documents/index.ts'
import type { ActingSession, ContactEmail } from '#modules/identity/index.ts'
import type { Notice } from '#modules/post-office/index.ts'

/** As programs see what the modules hold. */
export function showAccount({ account, person }: ActingSession) {
  const company = account.kind === 'company'
  return {
    rfc: person.rfc,
    curp: person.curp,
    name: company ? person.name : account.name,
    actsFor: company ? { rfc: account.rfc, name: account.name } : null,
  }
}

export function showServiceRow(ficha: Ficha) {
  return {
    id: ficha.id,
    name: ficha.plainName,
    officialName: ficha.name,
    homoclave: ficha.homoclave,
    institution: ficha.institution,
    summary: ficha.summary,
    online: ficha.online !== undefined,
    channels: ficha.channels,
    applicants: ficha.applicants,
    lifeEvents: ficha.lifeEvents,
    version: ficha.version,
  }
}

export function showService(ficha: Ficha) {
  const files = ficha.online?.questions.filter(({ type }) => type === 'file') ?? []
  return {
    ...ficha,
    name: ficha.plainName,
    officialName: ficha.name,
    online: ficha.online !== undefined,
    form: ficha.online ?? null,
    attachments: files.map(({ id, label, optional }) => ({ field: id, label, required: !optional })),
    schema: ficha.online ? dataSchemaOf(ficha) : null,
    example: ficha.online?.example ?? null,
  }
}

export function showDraft(draft: Draft) {
  const {
    id,
    serviceId,
    serviceVersion,
    language,
    answers,
    revision,
    status,
    caseId,
    createdAt,
    changedAt,
    expiresAt,
  } = draft
  return {
    id,
    serviceId,
    serviceVersion,
    language,
    data: answers,
    revision,
    status,
    caseId,
    createdAt,
    changedAt,
    expiresAt,
  }
}

export function showPreparation({ id, pdf, byteRange, signingTime, expiresAt }: PreparedDocument) {
  return { preparationId: id, pdf: pdf.toString('base64'), byteRange, signingTime, expiresAt }
}

export function showPayment({ reference, amountCents, currency, status, expiresAt, paidAt }: Payment) {
  return { reference, amountCents, currency, status, expiresAt, paidAt }
}

/** @param contact the applicant's own, as far as confirmed; a public servant is not told */
export function showCase(record: CaseRecord, contact?: ContactEmail | null) {
  const { email } = record.notices
  const emailConfirmed = contact?.confirmed === true && contact.address === email
  return {
    folio: record.folio,
    caseId: record.id,
    service: record.serviceId,
    serviceVersion: record.serviceVersion,
    institution: record.institution,
    status: record.status,
    submittedAt: record.submittedAt,
    dueAt: record.dueAt,
    term: record.term,
    receipt: record.receiptId ? { documentId: record.receiptId } : null,
    notices: { ...record.notices, ...(contact !== undefined && email !== null && { emailConfirmed }) },
  }
}

/** What is missing; its words only once the notice was signed for, or it was served in person. */
export function showPrevention(prevention: Prevention, openedNotices: ReadonlySet<string>) {
  const { id, binding, asked, posted_at, notice_id, answer_due_at, answer_term, answered_at } = prevention
  const read = notice_id === null ? !binding || answer_due_at !== null : openedNotices.has(notice_id)
  return {
    id,
    binding,
    postedAt: posted_at,
    noticeId: notice_id,
    asked: read ? asked : null,
    answerDueAt: answer_due_at,
    answerTerm: answer_term,
    answeredAt: answered_at,
  }
}

export function showNotice(notice: Notice, language: Language) {
  return {
    id: notice.id,
    subject: notice.subject[language],
    sender: notice.sender[language],
    rule: notice.rule.id,
    ruleVersion: notice.rule.version,
    kind: notice.kind,
    folio: notice.folio,
    postedAt: notice.postedAt,
    servedAt: notice.servedAt,
    servedBy: notice.servedBy,
    effectAt: notice.effectAt,
    openedAt: notice.openedAt,
    lapse: notice.lapse,
    status: notice.openedAt ? 'opened' : notice.status,
  }
}
