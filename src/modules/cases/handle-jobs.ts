import type { JobData, Jobs } from '#kernel/jobs.ts'
import { startAnswerTerm } from './answer-prevention.ts'
import { type CaseParts, queues } from './case-parts.ts'
import { decideByRule } from './decide-by-rule.ts'
import { deliverOtherwise } from './deliver.ts'
import { issueReceipt } from './issue-receipt.ts'
import { expirePayment } from './pay.ts'
import { dismissUnanswered, fallSilent, issueTacitCertificate } from './silence.ts'

const caseOf = (data: JobData) => [String(data.ownerId), String(data.caseId)] as const

/** What this module does when its time has come. */
export function handleCaseJobs(jobs: Jobs, parts: CaseParts): void {
  jobs.handle(queues.receipt, (data) => issueReceipt(parts, ...caseOf(data)), { atOnce: 100 })
  jobs.handle(queues.silence, (data) => fallSilent(parts, ...caseOf(data)))
  jobs.handle(queues.decideByRule, (data) => decideByRule(parts, ...caseOf(data)))
  jobs.handle(queues.certificate, (data) => issueTacitCertificate(parts, ...caseOf(data)))
  jobs.handle(queues.preventionDue, (data) => dismissUnanswered(parts, ...caseOf(data), new Date(String(data.dueAt))))
  jobs.handle(queues.paymentExpiry, (data) => expirePayment(parts, String(data.ownerId), String(data.paymentId)))
  jobs.handle(queues.reported, (data) => deliverOtherwise(parts, ...caseOf(data), String(data.actDocumentId)))
  jobs.handle(queues.served, async (data) => {
    if (data.kind === 'prevention')
      await startAnswerTerm(parts, ...caseOf(data), String(data.actDocumentId), new Date(String(data.effectAt)))
  })
}
