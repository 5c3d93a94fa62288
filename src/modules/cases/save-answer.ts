import { sha256Hex } from '#kernel/bytes.ts'
import type { Trx } from '#kernel/database.ts'
import { type Checked, Refusal } from '#kernel/refusal.ts'
import {
  type Answers,
  askedQuestions,
  lengthOf,
  type Question,
  readLines,
  toData,
  validateData,
} from '#modules/catalogue/index.ts'
import {
  type Attachment,
  addAttachment,
  checkFile,
  listAttachments,
  removeAttachment,
} from '#modules/documents/index.ts'
import { type CaseParts, fichaOf, type OnlineFicha, todayIn } from './case-parts.ts'
import { answeredAtOnce, type Channel, type Draft, draftExpiry, type PageConflict, savePage } from './draft.ts'
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

export interface SaveData {
  data: unknown
  channel: Channel
  /** Revision that the program had before it; without it the newest is meant. */
  basedOn?: number
}

/**
 * The whole data document at once, as programs send it. Checked by the same rules as the pages; nothing is kept of a wrong one.
 * @throws Refusal `answers-changed` where somebody answered since, `draft-…`
 */
export async function saveData(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  { data, channel, basedOn }: SaveData,
): Promise<Checked<Draft>> {
  return parts.db.transaction().execute(async (trx): Promise<Checked<Draft>> => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    if (basedOn !== undefined && draft.revision > basedOn)
      throw new Refusal<CasesCode>('answers-changed', { revision: draft.revision }, 409)
    const ficha = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
    const checked = validateData(ficha, data, todayIn(parts, ficha))
    if (!checked.ok) return checked
    const at = parts.clock.now()
    const revision = draft.revision + 1
    const expiresAt = draftExpiry(draft.anonymous, draft.createdAt, at)
    const change = { ...answeredAtOnce(ficha, checked.value, revision), changedAt: at, expiresAt }
    await insertDraftEvent(trx, draft, { at, channel, page: '*', answers: checked.value, conflict: false })
    await changeDraft(trx, draft, change)
    return { ok: true, value: { ...draft, ...change } }
  })
}

const LONGEST_OBJECTION = 1000

/** The person says that what the State holds of them is wrong: it goes with the application, in their words. */
export async function saveObjection(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  input: { field: string; words: string; channel: Channel },
): Promise<Checked<Draft>> {
  const { field, channel } = input
  const words = readLines(input.words)
  if (lengthOf(words) > LONGEST_OBJECTION)
    return { ok: false, errors: [{ field, code: 'too-long', facts: { most: LONGEST_OBJECTION } }] }
  return parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const { [field]: _, ...others } = draft.objections
    const objections = words === '' ? others : { ...others, [field]: words }
    const event = { page: `objection:${field}`, answers: words, channel }
    return { ok: true, value: await recordChange(parts, trx, draft, event, { objections }) }
  })
}

/** What is not an answer of the draft itself but part of what will be signed: a document prepared before is no longer it. */
async function recordChange(
  parts: CaseParts,
  trx: Trx,
  draft: Draft,
  event: { page: string; answers: unknown; channel: Channel },
  more: Partial<Pick<Draft, 'objections'>> = {},
): Promise<Draft> {
  const at = parts.clock.now()
  const revision = draft.revision + 1
  const change = {
    ...more,
    changed: { ...draft.changed, [event.page]: revision },
    revision,
    changedAt: at,
    expiresAt: draftExpiry(draft.anonymous, draft.createdAt, at),
  }
  await insertDraftEvent(trx, draft, { at, ...event, conflict: false })
  await changeDraft(trx, draft, change)
  return { ...draft, ...change }
}

export interface AttachFile {
  field: string
  name: string
  bytes: Buffer
  channel: Channel
  /** Revision of the draft that the person had before them; without it the newest is meant. */
  basedOn?: number
}

/**
 * Attaches a file to a question of the draft. The same file again is the one that is there.
 * @throws Refusal `file-…`, `files-too-large`, `draft-…`; `file-changed` where another device attached one meanwhile
 */
export async function attachFile(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  input: AttachFile,
): Promise<Attachment> {
  const { field, name, channel } = input
  const file = await checkFile(input.bytes, parts.limits.attachmentBytes)
  return parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const most = await mostFiles(parts, draft, field)
    const kept = (await listAttachments(trx, ownerId, draftId)).filter((each) => each.field === field)
    // Sent again by a hurried hand, or by a program that does not know it was received: it is the same file.
    const digest = sha256Hex(file.bytes)
    const same = kept.find(({ sha256 }) => sha256 === digest)
    if (same) return same
    const changedSince = (draft.changed[field] ?? 0) > (input.basedOn ?? draft.revision)
    if (changedSince && kept.length >= most)
      throw new Refusal<CasesCode>('file-changed', { name: kept.at(-1)!.name }, 409)
    // A new file for a full question takes the oldest one's place: that is what choosing again means.
    for (const old of kept.slice(0, Math.max(0, kept.length - most + 1)))
      await removeAttachment(trx, ownerId, draftId, old.id)
    const largestTotal = parts.limits.applicationBytes
    const at = parts.clock.now()
    const added = await addAttachment(trx, { ownerId, subjectId: draftId, field, name, file, at, largestTotal })
    await recordChange(parts, trx, draft, { page: field, answers: { attached: added }, channel })
    return added
  })
}

async function mostFiles(parts: CaseParts, draft: Draft, field: string): Promise<number> {
  const ficha = await fichaOf(parts, draft.serviceId, draft.serviceVersion)
  const question = ficha.online.questions.find(({ id, type }) => id === field && type === 'file')
  if (!question) throw new Refusal<CasesCode>('form-incomplete', { field }, 422)
  return (question as Extract<Question, { type: 'file' }>).most ?? 1
}

export async function detachFile(
  parts: CaseParts,
  ownerId: string,
  draftId: string,
  input: { attachmentId: string; channel: Channel },
): Promise<void> {
  const { attachmentId, channel } = input
  await parts.db.transaction().execute(async (trx) => {
    const draft = await openDraft(parts, trx, ownerId, draftId)
    const removed = (await listAttachments(trx, ownerId, draftId)).find(({ id }) => id === attachmentId)
    if (!removed) return
    await removeAttachment(trx, ownerId, draftId, removed.id)
    await recordChange(parts, trx, draft, { page: removed.field, answers: { removed }, channel })
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
  parts: Pick<CaseParts, 'clock' | 'calendars'>,
  ficha: OnlineFicha,
  answers: Answers,
  attachments: readonly Attachment[],
): Checked<Record<string, unknown>> {
  const { online } = ficha
  const data = toData(online, answers)
  const checked = validateData(ficha, data, todayIn(parts, ficha))
  const files = askedQuestions(online, answers).filter(
    ({ type, optional, id }) => type === 'file' && !optional && !attachments.some(({ field }) => field === id),
  )
  const missing = files.map(({ id }) => ({ field: id, code: 'file-missing' }))
  if (checked.ok && missing.length === 0) return checked
  return { ok: false, errors: [...(checked.ok ? [] : checked.errors), ...missing] }
}
