import type { FastifyRequest } from 'fastify'
import type { Database } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import {
  type CaseParts,
  type Draft,
  fichaOf,
  listPayments,
  type OnlineFicha,
  type Payment,
  readDraft,
} from '#modules/cases/index.ts'
import { type Attachment, listAttachments } from '#modules/documents/index.ts'
import { ownerOfVisit } from '#web/cookies.ts'

/** The account that is signed in, or this browser while nobody is. */
export function draftOwner({ acting, visit }: FastifyRequest): { id: string; anonymous: boolean } {
  return acting ? { id: acting.account.id, anonymous: false } : { id: ownerOfVisit(visit), anonymous: true }
}

export interface OpenedDraft {
  ownerId: string
  draft: Draft
  ficha: OnlineFicha
  attachments: Attachment[]
  /** The newest, where the service has a fee and somebody is signed in. */
  payment: Payment | undefined
}

/** @throws to the sign-in page where a draft that is not this browser's is asked for by nobody */
export async function openOwnDraft(
  cases: CaseParts,
  db: Database,
  request: FastifyRequest,
  id: string,
): Promise<OpenedDraft> {
  const ownerId = draftOwner(request).id
  const draft = await readDraft(db, ownerId, id).catch((error) => {
    if (error instanceof Refusal && error.code === 'draft-unknown' && !request.acting)
      throw Object.assign(new Error('sign in first'), { statusCode: 401 })
    throw error
  })
  const ficha = await fichaOf(cases, draft.serviceId, draft.serviceVersion)
  const attachments = await listAttachments(db, ownerId, draft.id)
  const payment = ficha.online.fee ? (await listPayments(db, ownerId, draft.id)).at(-1) : undefined
  return { ownerId, draft, ficha, attachments, payment }
}
