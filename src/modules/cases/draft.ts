import { isDeepStrictEqual } from 'node:util'

/** Answers by page: what one page's questions hold, as the form engine keeps it. Plain JSON. */
export type Answers = Record<string, unknown>

export interface Draft {
  ownerId: string
  id: string
  anonymous: boolean
  serviceId: string
  serviceVersion: string
  language: 'es' | 'en'
  channel: Channel
  answers: Answers
  /** Page → revision at which it last changed. */
  changed: Record<string, number>
  revision: number
  /** What the person says is wrong in what the State already holds: field → their words. */
  objections: Record<string, string>
  linkedCase: string | null
  status: 'open' | 'awaiting-payment' | 'submitted' | 'discarded'
  caseId: string | null
  createdAt: Date
  changedAt: Date
  expiresAt: Date
}

export type Channel = 'online' | 'telephone' | 'counter' | 'api'

const DAY = 86_400_000
/** A draft of nobody's belongs to a browser's cookie; one of an account is kept while somebody works on it. */
const ANONYMOUS_DAYS = 7
const ACCOUNT_DAYS = 90

/** @returns the instant a draft expires when it is left alone from `at` on */
export function draftExpiry(anonymous: boolean, createdAt: Date, at: Date): Date {
  return anonymous ? new Date(createdAt.getTime() + ANONYMOUS_DAYS * DAY) : new Date(at.getTime() + ACCOUNT_DAYS * DAY)
}

/** Every question answered by one document, as programs send it. */
export function answeredAtOnce(
  { online }: { online: { questions: ReadonlyArray<{ id: string }> } },
  answers: Answers,
  revision: number,
): Pick<Draft, 'answers' | 'changed' | 'revision'> {
  return { answers, changed: Object.fromEntries(online.questions.map(({ id }) => [id, revision])), revision }
}

export interface PageSaved {
  answers: Answers
  changed: Record<string, number>
  revision: number
  conflict: false
}

/** Somebody else changed the same page since: nothing is overwritten, both answers are told. */
export interface PageConflict {
  conflict: true
  theirs: unknown
  yours: unknown
}

/**
 * Decides what saving one page does. Two devices at once may work on different pages freely; on the same page the later
 * one is told, unless both said the same.
 * @param basedOn revision of the draft that the person had before them
 */
export function savePage(draft: Draft, page: string, value: unknown, basedOn: number): PageSaved | PageConflict {
  const theirs = draft.answers[page]
  const changedSince = (draft.changed[page] ?? 0) > basedOn
  // The database keeps an object's fields in an order of its own.
  if (changedSince && !isDeepStrictEqual(theirs, value)) return { conflict: true, theirs, yours: value }
  const revision = draft.revision + 1
  return {
    answers: { ...draft.answers, [page]: value },
    changed: { ...draft.changed, [page]: revision },
    revision,
    conflict: false,
  }
}
