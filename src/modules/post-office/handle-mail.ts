import type { PostOfficeParts } from './post-office-parts.ts'
import type { Mailer } from './send-mail.ts'
import { sendMail } from './send-mail.ts'
import { insertEvent, lockNotice, updateNotice } from './store.ts'

/** The mail job: sends, and writes into the notice's evidence that the aviso left or could not. */
export async function handleMail(
  parts: PostOfficeParts & { mailer: Mailer },
  ownerId: string,
  mailId: string,
): Promise<void> {
  const sent = await sendMail(parts, ownerId, mailId)
  if (!sent?.noticeId) return
  const noticeId = sent.noticeId
  await parts.db.transaction().execute(async (trx) => {
    const notice = await lockNotice(trx, ownerId, noticeId)
    if (sent.failed) await updateNotice(trx, notice, { unreachable: true })
    else await updateNotice(trx, notice, { announced_at: sent.at })
    const event = sent.failed ? 'ConsignmentNotificationFailure' : 'ConsignmentNotification'
    await insertEvent(trx, notice, { at: sent.at, event, facts: { address: sent.address }, logEntry: null })
  })
}
