import { dateFormat } from '#kernel/formats.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import {
  findPreparation,
  type OfficialDocument,
  type PreparedDocument,
  paragraph,
  prepareDocument,
  rows,
  type Signature,
  storeSigned,
  strong,
  verifySignature,
} from '#modules/documents/index.ts'
import { type ActingSession, checkSigner } from '#modules/identity/index.ts'
import { noticeWords } from './document-texts.ts'
import type { PostOfficeCode } from './errors.ts'
import type { Notice } from './notice.ts'
import type { PostOfficeParts } from './post-office-parts.ts'
import { serveNotice } from './serve-notice.ts'
import { insertEvent, lockNotice, readNotice, updateNotice } from './store.ts'

/**
 * The receipt that is signed before reading: it says from whom, by which rule and when, never what is inside.
 * @throws Refusal `notice-unknown`, `notice-already-opened`
 */
export async function prepareOpening(
  parts: PostOfficeParts,
  session: ActingSession,
  noticeId: string,
  language: Language,
): Promise<PreparedDocument> {
  const notice = await readNotice(parts.db, session.account.id, noticeId)
  if (notice.openedAt) throw new Refusal<PostOfficeCode>('notice-already-opened', {}, 409)
  const signingTime = parts.clock.now()
  const document = receiptOf(parts, notice, session, language, signingTime)
  const signer = { accountId: session.person.accountId, name: session.person.name ?? session.account.name }
  return prepareDocument(parts.documents, {
    ownerId: notice.ownerId,
    subjectId: notice.id,
    document,
    signer,
    reason: document.title,
    context: { purpose: 'opening' },
    signingTime,
    ...(notice.caseId && { caseId: notice.caseId }),
  })
}

function receiptOf(
  parts: PostOfficeParts,
  notice: Notice,
  session: ActingSession,
  language: Language,
  at: Date,
): OfficialDocument {
  const rule = parts.rules.get(notice.rule.id)!
  const instant = dateFormat(language, rule.zone, { dateStyle: 'long', timeStyle: 'medium' })
  const t = (key: keyof typeof noticeWords) => noticeWords[key][language]
  return {
    kind: 'notice-receipt',
    language,
    title: t('receipt'),
    institution: notice.sender[language],
    folio: notice.folio ?? undefined,
    data: { format: 'ventanilla notice-receipt 1', notice: notice.id, rule: notice.rule, openedAt: at.toISOString() },
    blocks: [
      strong(t('receipt.text')),
      rows([
        [t('recipient'), session.account.name],
        [t('sender'), notice.sender[language]],
        [t('posted'), instant.format(notice.postedAt)],
        [t('opened'), instant.format(at)],
        [t('rule'), rule.law[language]],
      ]),
      paragraph(t('effect')),
    ],
  }
}

/**
 * Opens a notice: the receipt is signed, and then the act may be read. Signing twice opens once.
 * @throws Refusal of signing in, `signature-not-of-document`, `preparation-…`
 */
export async function openNotice(
  parts: PostOfficeParts,
  session: ActingSession,
  input: { noticeId: string; preparationId?: string; signature: Signature },
): Promise<Notice> {
  const ownerId = session.account.id
  const preparation = await findPreparation(parts.db, ownerId, input.noticeId, input.preparationId)
  if (preparation.subjectId !== input.noticeId || preparation.kind !== 'notice-receipt')
    throw new Refusal<PostOfficeCode>('opening-out-of-date', {}, 409)
  const before = await readNotice(parts.db, ownerId, input.noticeId)
  if (before.openedAt) return before
  const at = parts.clock.now()
  await checkSigner(parts, session, input.signature.certificate, at)
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  await parts.db.transaction().execute(async (trx) => {
    const notice = await lockNotice(trx, ownerId, input.noticeId)
    if (notice.openedAt) return
    const stored = await storeSigned(trx, verified, notice.caseId)
    if (!stored) return
    await updateNotice(trx, notice, {
      opened_at: at,
      opened_by: session.person.accountId,
      opening_document_id: stored.id,
    })
    const served = notice.status === 'deposited' ? await serveNotice(parts, trx, notice, 'opening', at) : undefined
    // Served before, by consulting or by lapse: that it was opened is an event of its own.
    if (served !== 'opening')
      await insertEvent(trx, notice, {
        at,
        event: 'ContentHandover',
        facts: { receipt: stored.sha256 },
        logEntry: (await logOpening(parts, trx, notice, stored.sha256, at)).entryId,
      })
  })
  return readNotice(parts.db, ownerId, input.noticeId)
}

function logOpening(
  parts: PostOfficeParts,
  trx: Parameters<PostOfficeParts['log']['append']>[0],
  notice: Notice,
  receipt: string,
  at: Date,
) {
  return parts.log.append(trx, {
    act: 'notice.opened',
    at,
    institution: notice.institution,
    record: { notice: notice.id, receipt, at: at.toISOString() },
  })
}
