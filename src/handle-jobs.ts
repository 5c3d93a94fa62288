import type { Jobs } from '#kernel/jobs.ts'
import type { Log } from '#kernel/log.ts'
import { caseQueues, handleCaseJobs } from '#modules/cases/index.ts'
import {
  absentMailer,
  handleMail,
  issueConstancia,
  keptMailer,
  lapseNotice,
  MAIL_QUEUE,
  type Mailer,
  noticeQueues,
  smtpMailer,
} from '#modules/post-office/index.ts'
import type { Config } from './config.ts'
import type { Modules } from './open-modules.ts'

/** Each once. */
export const queues = [...new Set([...Object.values(caseQueues), ...Object.values(noticeQueues), MAIL_QUEUE])]

/** Who does what falls due. */
export function handleJobs(jobs: Jobs, { cases, postOffice }: Modules, mailer: Mailer): void {
  handleCaseJobs(jobs, cases)
  jobs.handle(MAIL_QUEUE, (data) => handleMail({ ...postOffice, mailer }, String(data.ownerId), String(data.mailId)))
  jobs.handle(noticeQueues.lapse, (data) =>
    lapseNotice(postOffice, String(data.ownerId), String(data.noticeId), new Date(String(data.dueAt))),
  )
  jobs.handle(noticeQueues.constancia, (data) =>
    issueConstancia(postOffice, String(data.ownerId), String(data.noticeId)),
  )
}

export function openMailer({ smtpUrl, demo }: Config, from: string, log: Log): Mailer {
  if (smtpUrl) return smtpMailer(smtpUrl, from)
  if (demo) return keptMailer
  log.warn({}, 'SMTP_URL is not set: messages wait and none leaves')
  return absentMailer
}
