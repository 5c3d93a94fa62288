import type { Trx } from '#kernel/database.ts'
import { idOf, newId } from '#kernel/ids.ts'
import { type Checked, Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import { validateData } from '#modules/catalogue/index.ts'
import { moveAttachments, removeAttachments } from '#modules/documents/index.ts'
import { type CaseParts, type OnlineFicha, todayIn } from './case-parts.ts'
import { answeredAtOnce, type Channel, type Draft, draftExpiry } from './draft.ts'
import { deleteExpiredDrafts, insertDraft, insertFilledDraft, moveDrafts, readDraft } from './draft-store.ts'
import type { CasesCode } from './errors.ts'
import { dropOldHeldAnswers } from './hold-answer.ts'

/** Whose draft it is: an account's, or nobody's yet and then the cookie's. */
export interface DraftOwner {
  id: string
  anonymous: boolean
}

export interface StartDraft {
  serviceId: string
  language: Language
  channel: Channel
  /** The case this one goes back to: an appeal, a correction. */
  linkedCase?: string
  /** The caller's own key: the same again gives the same draft. */
  key?: string
}

/**
 * Begins an application with the service's version of today; the draft keeps that version.
 * @throws Refusal `service-unknown`, `service-not-online`, `key-reused`
 */
export async function startDraft(parts: CaseParts, owner: DraftOwner, input: StartDraft): Promise<Draft> {
  const draft = emptyDraft(parts, owner, input, await onlineService(parts, input.serviceId))
  return (await insertDraft(parts.db, draft)) ? draft : knownDraft(parts, draft)
}

/**
 * Begins an application with all its data, as a program that has it does: one request instead of two. Nothing is begun with data that
 * the service's schema refuses.
 * @throws Refusal as `startDraft`
 */
export async function startFilledDraft(
  parts: CaseParts,
  owner: DraftOwner,
  input: StartDraft & { data: unknown },
): Promise<Checked<Draft>> {
  const ficha = await onlineService(parts, input.serviceId)
  const checked = validateData(ficha, input.data, todayIn(parts, ficha))
  if (!checked.ok) return checked
  const empty = emptyDraft(parts, owner, input, ficha)
  const draft = { ...empty, ...answeredAtOnce(ficha, checked.value, 1) }
  const event = { at: draft.createdAt, channel: input.channel, page: '*', answers: checked.value, conflict: false }
  const begun = await insertFilledDraft(parts.db, draft, event)
  return { ok: true, value: begun ? draft : await knownDraft(parts, draft) }
}

async function onlineService(parts: CaseParts, serviceId: string): Promise<OnlineFicha> {
  const service = await parts.catalogue.current(serviceId)
  if (!service) throw new Refusal<CasesCode>('service-unknown', {}, 404)
  if (!service.online) throw new Refusal<CasesCode>('service-not-online', {}, 409)
  return service as OnlineFicha
}

/** What the same key began before. */
async function knownDraft(parts: CaseParts, { ownerId, id, serviceId }: Draft): Promise<Draft> {
  const known = await readDraft(parts.db, ownerId, id)
  if (known.serviceId !== serviceId) throw new Refusal<CasesCode>('key-reused', {}, 422)
  return known
}

function emptyDraft(parts: CaseParts, owner: DraftOwner, input: StartDraft, service: OnlineFicha): Draft {
  const now = parts.clock.now()
  return {
    ownerId: owner.id,
    id: input.key === undefined ? newId() : idOf('draft', owner.id, input.key),
    anonymous: owner.anonymous,
    serviceId: service.id,
    serviceVersion: service.version,
    language: input.language,
    channel: input.channel,
    answers: {},
    changed: {},
    revision: 0,
    objections: {},
    linkedCase: input.linkedCase ?? null,
    status: 'open',
    caseId: null,
    createdAt: now,
    changedAt: now,
    expiresAt: draftExpiry(owner.anonymous, now, now),
  }
}

/** What was begun without signing in goes on in the account that signed in. @returns the drafts' ids */
export async function adoptDrafts(parts: CaseParts, cookieOwner: string, accountId: string): Promise<string[]> {
  const now = parts.clock.now()
  return parts.db.transaction().execute(async (trx: Trx) => {
    const ids = await moveDrafts(trx, cookieOwner, accountId, { now, expiresAt: draftExpiry(false, now, now) })
    if (ids.length > 0) await moveAttachments(trx, cookieOwner, accountId, ids)
    return ids
  })
}

/** The daily sweep. */
export async function forgetExpiredDrafts(parts: CaseParts): Promise<number> {
  return parts.db.transaction().execute(async (trx) => {
    const gone = await deleteExpiredDrafts(trx, parts.clock.now())
    await dropOldHeldAnswers(trx, parts.clock.now())
    for (const { ownerId, id } of gone) await removeAttachments(trx, ownerId, id)
    return gone.length
  })
}
