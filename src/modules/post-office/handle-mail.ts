import type { Trx } from '#kernel/database.ts'
import { lapseFrom, promiseLapse } from './lapse.ts'
import type { Notice } from './notice.ts'
import type { PostOfficeParts } from './post-office-parts.ts'
import type { Mailer } from './send-mail.ts'
import { sendMail } from './send-mail.ts'
import { insertEvent, lockNotice, moveLapse, updateNotice } from './store.ts'

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
    if (notice.announcedAt || notice.unreachable) return
    if (sent.failed) await updateNotice(trx, notice, { unreachable: true })
    else await updateNotice(trx, notice, { announced_at: sent.at })
    if (!sent.failed) await startClock(parts, trx, notice, sent.at)
    const event = sent.failed ? 'ConsignmentNotificationFailure' : 'ConsignmentNotification'
    await insertEvent(trx, notice, { at: sent.at, event, facts: { address: sent.address }, logEntry: null })
  })
}

/** Where the aviso starts the clock, the days count from the day after it left (CFF 134). */
async function startClock(parts: PostOfficeParts, trx: Trx, notice: Notice, at: Date): Promise<void> {
  const rule = parts.rules.get(notice.rule.id)!
  if (rule.trigger !== 'announcement' || notice.status !== 'deposited') return
  const lapse = lapseFrom(parts, rule, at, notice.institution, [])
  await moveLapse(trx, notice, lapse)
  if (lapse.servedAt) await promiseLapse(parts, trx, notice, new Date(lapse.servedAt))
}
