export { type DepositNotice, depositNotice } from './deposit-notice.ts'
export type { PostOfficeCode } from './errors.ts'
export { handleMail } from './handle-mail.ts'
export { issueConstancia } from './issue-constancia.ts'
export type { EvidenceEvent, Notice, NoticeKind, Particulars, ServedBy } from './notice.ts'
export { type NoticeClock, type NoticeDates, noticeDates } from './notice-dates.ts'
export { loadNoticeRules, type NoticeRule, type NoticeRules } from './notice-rules.ts'
export { openNotice, prepareOpening } from './open-notice.ts'
export { keepHeartbeat, listOutages, type Outage } from './outages.ts'
export { noticeQueues, type PostOfficeParts } from './post-office-parts.ts'
export { listMails } from './read-mails.ts'
export { mayReport, reportFault } from './report-fault.ts'
export { absentMailer, keptMailer, MAIL_QUEUE, type Mail, type Mailer, queueMail, smtpMailer } from './send-mail.ts'
export { consultBoard, lapseNotice, waitsForConsultation } from './serve-notice.ts'
export {
  countNotices,
  listEvents,
  listNotices,
  listNoticesOfCase,
  listUnannounced,
  type NoticeEvent,
  readNotice,
} from './store.ts'
export { avisoTexts, postOfficeTexts } from './texts.ts'
