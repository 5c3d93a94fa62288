export { listPreventions, type Prevention, prepareAnswer, prepareWithdrawal, signOwnAct } from './answer-prevention.ts'
export { askReview, mayAskReview } from './ask-review.ts'
export { attachToAnswer, detachFromAnswer, listAnswerFiles } from './attach-to-answer.ts'
export {
  type CaseLimits,
  type CaseParts,
  calendarOf,
  fichaOf,
  type LogEvidence,
  type LogSeam,
  type OnlineFicha,
  queues as caseQueues,
} from './case-parts.ts'
export {
  type ActKind,
  type Applicant,
  type CaseRecord,
  type CaseStatus,
  type Consent,
  closedStatuses,
  isOpen,
  isOverdue,
  type TermKept,
} from './case-record.ts'
export { type Move, type Mover, movesFrom, nextStatus, ruleOf } from './case-states.ts'
export { answerConsultation, consultColleague, listConsultations } from './consult-colleague.ts'
export {
  type DecisionDraft,
  type DecisionInput,
  draftDecision,
  newestDecision,
  type Outcome,
  outcomes,
  prepareDecision,
  signDecision,
} from './decide.ts'
export { declareRelative, listRelatives } from './declare-relative.ts'
export type { Channel, Draft } from './draft.ts'
export { listDrafts, readDraft } from './draft-store.ts'
export type { CasesCode } from './errors.ts'
export { formatFolio, newFolio, parseFolio } from './folio.ts'
export { handleCaseJobs } from './handle-jobs.ts'
export { dropHeldAnswer, type HeldAnswer, holdAnswer, readHeldAnswer } from './hold-answer.ts'
export { assignCase, assignmentOf, type InboxRow, type Load, listInbox, loadOf } from './inbox.ts'
export { listTasks, recordNotifiedInPerson, type Task } from './notify-in-person.ts'
export { findForServant, officesOf, openCaseAsServant } from './office-access.ts'
export { confirmPayment, findPayment, listPayments, startPayment } from './pay.ts'
export { type BankMessage, formatPaymentReference, type Payment } from './payment.ts'
export { mayBind, preparePrevention, signPrevention } from './post-prevention.ts'
export { applicantOf, type PrepareSubmission, prepareSubmission } from './prepare-submission.ts'
export { readableDocuments, readCaseDocument } from './readable-documents.ts'
export {
  attachFile,
  checkAnswers,
  checkOpen,
  detachFile,
  type Saved,
  saveAnswer,
  saveData,
  saveObjection,
} from './save-answer.ts'
export { askTacitCertificate } from './silence.ts'
export { adoptDrafts, type DraftOwner, forgetExpiredDrafts, startDraft, startFilledDraft } from './start-draft.ts'
export { findFolio, type Look, listCases, listLooks, listSteps, readCase } from './store.ts'
export { type SubmitCase, submitCase } from './submit-case.ts'
export { actTexts, casesRefusals, statusTexts } from './texts.ts'
export { withdrawConsent } from './withdraw-consent.ts'
