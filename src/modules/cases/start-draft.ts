import type { Trx } from '#kernel/database.ts'
import { idOf, newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import { moveAttachments, removeAttachments } from '#modules/documents/index.ts'
import type { CaseParts } from './case-parts.ts'
import { type Channel, type Draft, draftExpiry } from './draft.ts'
import { deleteExpiredDrafts, insertDraft, moveDrafts, readDraft } from './draft-store.ts'
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
  const service = await parts.catalogue.current(input.serviceId)
  if (!service) throw new Refusal<CasesCode>('service-unknown', {}, 404)
  if (!service.online) throw new Refusal<CasesCode>('service-not-online', {}, 409)
  const now = parts.clock.now()
  const draft: Draft = {
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
  if (await insertDraft(parts.db, draft)) return draft
  const known = await readDraft(parts.db, owner.id, draft.id)
  if (known.serviceId !== service.id) throw new Refusal<CasesCode>('key-reused', {}, 422)
  return known
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
