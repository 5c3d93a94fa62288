import { sha256Hex } from '#kernel/bytes.ts'
import type { Trx } from '#kernel/database.ts'
import { type Checked, Refusal } from '#kernel/refusal.ts'
import { type Answers, askedQuestions, type Question, toData, validateData } from '#modules/catalogue/index.ts'
import {
  type Attachment,
  addAttachment,
  checkFile,
  listAttachments,
  removeAttachment,
} from '#modules/documents/index.ts'
import { type CaseParts, fichaOf } from './case-parts.ts'
import { type Channel, type Draft, draftExpiry, type PageConflict, savePage } from './draft.ts'
import { changeDraft, insertDraftEvent, lockDraft } from './draft-store.ts'
import type { CasesCode } from './errors.ts'

export interface SaveAnswer {
  question: string
  value: unknown
  /** Revision of the draft that the person had before them. */
  basedOn: number
  channel: Channel
}

export type Saved = { conflict: false; draft: Draft } | PageConflict

/**
 * Keeps one answer as it was given. Where another device answered the same question since, nothing is overwritten: the
 * answer is kept as an event and both are told.
 * @throws Refusal `draft-unknown`, `draft-expired`, `draft-submitted`
 */
export async function saveAnswer(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  input: SaveAnswer,
): Promise<Saved> {
  return parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const result = savePage(draft, input.question, input.value, input.basedOn)
    const at = parts.clock.now()
    await insertDraftEvent(trx, draft, {
      at,
      channel: input.channel,
      page: input.question,
      answers: input.value,
      conflict: result.conflict,
    })
    if (result.conflict) return result
    const { answers, changed, revision } = result
    const expiresAt = draftExpiry(draft.anonymous, draft.createdAt, at)
    await changeDraft(trx, draft, { answers, changed, revision, changedAt: at, expiresAt })
    return { conflict: false, draft: { ...draft, answers, changed, revision, changedAt: at, expiresAt } }
  })
}

/** The whole data document at once, as programs send it. Checked by the same schema as the pages; nothing is kept of a wrong one. */
export async function saveData(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  data: unknown,
  channel: Channel,
): Promise<Checked<Draft>> {
  return parts.db.transaction().execute(async (trx): Promise<Checked<Draft>> => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const ficha = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
    const checked = validateData(ficha, data)
    if (!checked.ok) return checked
    const at = parts.clock.now()
    const revision = draft.revision + 1
    const changed = Object.fromEntries(ficha.online.questions.map(({ id }) => [id, revision]))
    const expiresAt = draftExpiry(draft.anonymous, draft.createdAt, at)
    await Promise.all([
      insertDraftEvent(trx, draft, { at, channel, page: '*', answers: checked.value, conflict: false }),
      changeDraft(trx, draft, { answers: checked.value, changed, revision, changedAt: at, expiresAt }),
    ])
    return { ok: true, value: { ...draft, answers: checked.value, changed, revision, changedAt: at, expiresAt } }
  })
}

/** The person says that what the State holds of them is wrong: it goes with the application, in their words. */
export async function saveObjection(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  field: string,
  words: string,
): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const { [field]: _, ...others } = draft.objections
    const objections = words.trim() === '' ? others : { ...others, [field]: words.trim().slice(0, 1000) }
    await changeDraft(trx, draft, { objections, changedAt: parts.clock.now() })
  })
}

/**
 * Attaches a file to a question of the draft.
 * @throws Refusal `file-…`, `files-too-large`, `draft-…`
 */
export async function attachFile(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  input: { field: string; name: string; bytes: Buffer },
): Promise<Attachment> {
  const file = await checkFile(input.bytes, parts.limits.attachmentBytes)
  return parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const ficha = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
    const question = ficha.online.questions.find(({ id, type }) => id === input.field && type === 'file')
    if (!question) throw new Refusal<CasesCode>('form-incomplete', { field: input.field }, 422)
    const kept = (await listAttachments(trx, ownerId, draftId)).filter(({ field }) => field === input.field)
    // Sent again by a program that does not know it was received: it is the same file.
    const same = kept.find(({ sha256 }) => sha256 === sha256Hex(file.bytes))
    if (same) return same
    const most = (question as Extract<Question, { type: 'file' }>).most ?? 1
    // A new file for a full question takes the oldest one's place: that is what choosing again means.
    for (const old of kept.slice(0, Math.max(0, kept.length - most + 1)))
      await removeAttachment(trx, ownerId, draftId, old.id)
    return addAttachment(trx, {
      ownerId,
      subjectId: draftId,
      field: input.field,
      name: input.name,
      file,
      at: parts.clock.now(),
      largestTotal: parts.limits.applicationBytes,
    })
  })
}

export async function detachFile(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  attachmentId: string,
): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    await openDraft(parts, trx, ownerId, draftId)
    await removeAttachment(trx, ownerId, draftId, attachmentId)
  })
}

/** A draft that can still be changed, locked. */
export async function openDraft(
  parts: Pick<CaseParts, 'clock'>,
  trx: Trx,
  ownerId: string,
  draftId: string,
): Promise<Draft> {
  const draft = await lockDraft(trx, ownerId, draftId)
  checkOpen(parts, draft)
  return draft
}

/** @throws Refusal `draft-submitted`, `draft-unknown`, `draft-expired` */
export function checkOpen(parts: Pick<CaseParts, 'clock'>, draft: Draft): void {
  if (draft.status === 'submitted') throw new Refusal<CasesCode>('draft-submitted', {}, 409)
  if (draft.status === 'discarded') throw new Refusal<CasesCode>('draft-unknown', {}, 404)
  if (parts.clock.now() >= draft.expiresAt) throw new Refusal<CasesCode>('draft-expired', {}, 410)
}

/** The data as it would be signed, and what is still missing from it. */
export function checkAnswers(
  online: Parameters<typeof toData>[0],
  ficha: Parameters<typeof validateData>[0],
  answers: Answers,
  attachments: readonly Attachment[],
): Checked<Record<string, unknown>> {
  const data = toData(online, answers)
  const checked = validateData(ficha, data)
  const files = askedQuestions(online, answers).filter(
    ({ type, optional, id }) => type === 'file' && !optional && !attachments.some(({ field }) => field === id),
  )
  const missing = files.map(({ id }) => ({ field: id, code: 'file-missing' }))
  if (checked.ok && missing.length === 0) return checked
  return { ok: false, errors: [...(checked.ok ? [] : checked.errors), ...missing] }
}
