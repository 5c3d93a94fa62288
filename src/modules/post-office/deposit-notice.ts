import type { Trx } from '#kernel/database.ts'
import { dateFormat } from '#kernel/formats.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { fill, type Language, type Text } from '#kernel/texts.ts'
import type { PostOfficeCode } from './errors.ts'
import { lapseFrom, promiseLapse } from './lapse.ts'
import type { Notice, NoticeKind, Particulars } from './notice.ts'
import type { NoticeRule } from './notice-rules.ts'
import type { PostOfficeParts } from './post-office-parts.ts'
import { queueMail } from './send-mail.ts'
import { insertEvent, insertNotice, updateNotice } from './store.ts'
import { avisoTexts } from './texts.ts'

export interface DepositNotice {
  ownerId: string
  institution: string
  service?: string
  sender: Text
  recipient: string
  subject: Text
  kind: NoticeKind
  caseId: string | null
  folio: string | null
  rule: string
  matter: 'administrative' | 'fiscal'
  /** The person's express consent, where the rule asks for it. */
  consent: boolean
  actDocumentId: string
  actSha256: string
  particulars: Particulars
  language: Language
}

/**
 * Puts an act into the mailbox, in the transaction that decided it, with its rule stamped and its dates computed.
 * @throws Refusal `consent-missing` (LFEA 11), `rule-not-for-this`, `notice-without-particulars` (LFPA 39)
 */
export async function depositNotice(parts: PostOfficeParts, trx: Trx, input: DepositNotice): Promise<Notice> {
  const rule = parts.rules.get(input.rule)
  if (!rule?.matters.includes(input.matter) || rule.trigger === 'delivery')
    throw new Refusal<PostOfficeCode>('rule-not-for-this', {}, 422)
  if (rule.consent === 'express' && !input.consent) throw new Refusal<PostOfficeCode>('consent-missing', {}, 409)
  if (!isComplete(input.particulars)) throw new Refusal<PostOfficeCode>('notice-without-particulars', {}, 422)
  const postedAt = parts.clock.now()
  const lapse = lapseFrom(parts, rule, postedAt, input.institution, [])
  const notice: Notice = {
    ownerId: input.ownerId,
    id: newId(),
    institution: input.institution,
    sender: input.sender,
    recipient: input.recipient,
    subject: input.subject,
    kind: input.kind,
    caseId: input.caseId,
    folio: input.folio,
    rule: { id: rule.id, version: rule.version },
    actDocumentId: input.actDocumentId,
    particulars: input.particulars,
    postedAt,
    status: 'deposited',
    lapse,
    servedAt: null,
    servedBy: null,
    effectAt: null,
    announcedAt: null,
    unreachable: false,
    openedAt: null,
    openingDocumentId: null,
    constanciaDocumentId: null,
  }
  // Where the aviso starts the clock, the limit is only known when it has left: until then this one is what is expected.
  const lapseAt = lapse.servedAt && rule.trigger === 'deposit' ? new Date(lapse.servedAt) : null
  await insertNotice(trx, notice, lapseAt)
  const { entryId } = await parts.log.append(trx, {
    act: 'notice.deposited',
    at: postedAt,
    institution: input.institution,
    ...(input.service && { service: input.service }),
    record: {
      notice: notice.id,
      rule: notice.rule,
      act: input.actSha256,
      at: postedAt.toISOString(),
      lapse: lapse.servedAt,
    },
  })
  await insertEvent(trx, notice, { at: postedAt, event: 'SubmissionAcceptance', facts: {}, logEntry: null })
  await insertEvent(trx, notice, {
    at: postedAt,
    event: 'ContentConsignment',
    facts: { act: input.actSha256 },
    logEntry: entryId,
  })
  if (lapseAt) await promiseLapse(parts, trx, notice, lapseAt)
  await announce(parts, trx, notice, rule, input.language)
  return notice
}

/** LFPA 39: its basis, whether it is final, and where it is not, the appeal, before whom and until when. */
function isComplete({ legalBasis, final, appeal }: Particulars): boolean {
  const says = ({ es, en }: Text) => es.trim() !== '' && en.trim() !== ''
  if (!says(legalBasis)) return false
  if (final) return true
  return appeal !== null && says(appeal.name) && says(appeal.before) && appeal.days > 0
}

/** Tells, by e-mail, that there is something, from whom and by when. Without a working address the sender is told now, not after the lapse. */
async function announce(
  parts: PostOfficeParts,
  trx: Trx,
  notice: Notice,
  rule: NoticeRule,
  language: Language,
): Promise<void> {
  const contact = await parts.contactEmail(trx, notice.ownerId)
  if (!contact?.confirmed) {
    await updateNotice(trx, notice, { unreachable: true })
    await insertEvent(trx, notice, {
      at: notice.postedAt,
      event: 'ConsignmentNotificationFailure',
      facts: { because: 'no confirmed address' },
      logEntry: null,
    })
    return
  }
  const day = dateFormat(language, rule.zone, { dateStyle: 'long' })
  const lapse = notice.lapse.servedAt ? new Date(notice.lapse.servedAt) : undefined
  const facts = {
    sender: notice.sender[language],
    link: `${parts.publicUrl}/buzon`,
    lapse: lapse ? day.format(lapse) : '',
    // The last whole day before it counts as served.
    limit: lapse ? day.format(new Date(lapse.getTime() - 1)) : '',
  }
  await queueMail(trx, parts.jobs, notice.postedAt, {
    ownerId: notice.ownerId,
    noticeId: notice.id,
    kind: 'aviso',
    address: contact.address,
    subject: avisoTexts['aviso.subject'][language],
    body: fill(avisoTexts[lapse ? 'aviso.body' : 'aviso.body-without-limit'][language], facts),
  })
}
