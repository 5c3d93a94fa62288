export { type NoticeClock, type NoticeDates, noticeDates } from './notice-dates.ts'
export { loadNoticeRules, type NoticeRule, type NoticeRules } from './notice-rules.ts'
