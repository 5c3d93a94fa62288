import { sha256Hex } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import {
  type Attachment,
  addAttachment,
  checkFile,
  listAttachments,
  removeAttachment,
} from '#modules/documents/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { listPreventions, type Prevention } from './answer-prevention.ts'
import type { CaseParts } from './case-parts.ts'
import type { CasesCode } from './errors.ts'
import { lockCase } from './store.ts'

/** How the files of an answer are filed; what was asked for is mostly a document. */
const ANSWER_FIELD = 'answer'

/**
 * Attaches a file to the answer that is still to be signed.
 * @throws Refusal `prevention-unknown`, `case-unknown`, `file-…`, `files-too-large`
 */
export async function attachToAnswer(
  parts: CaseParts,
  session: ActingSession,
  caseId: string,
  input: { name: string; bytes: Buffer },
): Promise<Attachment> {
  const file = await checkFile(input.bytes, parts.limits.attachmentBytes)
  const ownerId = session.account.id
  return parts.db.transaction().execute(async (trx) => {
    const prevention = open(await listPreventions(trx, await lockCase(trx, ownerId, caseId)))
    const kept = await listAttachments(trx, ownerId, prevention.id)
    const same = kept.find(({ sha256 }) => sha256 === sha256Hex(file.bytes))
    if (same) return same
    return addAttachment(trx, {
      ownerId,
      subjectId: prevention.id,
      field: ANSWER_FIELD,
      name: input.name,
      file,
      at: parts.clock.now(),
      largestTotal: parts.limits.applicationBytes,
    })
  })
}

export async function detachFromAnswer(
  parts: CaseParts,
  session: ActingSession,
  caseId: string,
  attachmentId: string,
): Promise<void> {
  const ownerId = session.account.id
  await parts.db.transaction().execute(async (trx) => {
    const prevention = open(await listPreventions(trx, await lockCase(trx, ownerId, caseId)))
    await removeAttachment(trx, ownerId, prevention.id, attachmentId)
  })
}

/** Files attached so far, of the request that waits for its answer. */
export async function listAnswerFiles(
  parts: Pick<CaseParts, 'db'>,
  ownerId: string,
  preventions: readonly Prevention[],
): Promise<Attachment[]> {
  const waiting = preventions.find(({ answered_at }) => !answered_at)
  return waiting ? listAttachments(parts.db, ownerId, waiting.id) : []
}

function open(preventions: readonly Prevention[]): Prevention {
  const waiting = preventions.find(({ answered_at }) => !answered_at)
  if (!waiting) throw new Refusal<CasesCode>('prevention-unknown', {}, 409)
  return waiting
}
