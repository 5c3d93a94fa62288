import type { CaseStatus } from './case-record.ts'

export type Mover = 'person' | 'institution' | 'signer' | 'clock' | 'rule' | 'bank'

export type Move =
  | 'submit'
  | 'ask-payment'
  | 'pay'
  | 'assign'
  | 'post-prevention'
  | 'answer-prevention'
  | 'let-prevention-lapse'
  | 'decide-by-rule'
  | 'grant'
  | 'grant-in-part'
  | 'refuse'
  | 'fall-silent-granted'
  | 'fall-silent-refused'
  | 'withdraw'
  | 'ask-review'
  | 'appeal'
  | 'annul'

interface Transition {
  from: readonly CaseStatus[]
  by: Mover
  to: CaseStatus
  /** The article the move rests on. */
  rule: string
}

const beforeDecision = ['submitted', 'in-review'] as const
const decidable = ['in-review', 'silent-refused'] as const
const resolved = ['granted', 'granted-in-part', 'refused', 'silent-granted', 'silent-refused'] as const

/** The whole life of a case. What is not here does not happen. */
const transitions: Record<Move, readonly Transition[]> = {
  submit: [{ from: ['draft', 'awaiting-payment'], by: 'person', to: 'submitted', rule: 'LFPA 15' }],
  'ask-payment': [{ from: ['draft'], by: 'person', to: 'awaiting-payment', rule: 'LFD 1' }],
  pay: [{ from: ['awaiting-payment'], by: 'bank', to: 'awaiting-payment', rule: 'LFD 3' }],
  assign: [{ from: ['submitted', 'in-review'], by: 'institution', to: 'in-review', rule: 'LFPA 16' }],
  'post-prevention': [{ from: beforeDecision, by: 'institution', to: 'waiting', rule: 'LFPA 17-A' }],
  'answer-prevention': [{ from: ['waiting'], by: 'person', to: 'in-review', rule: 'LFPA 17-A' }],
  'let-prevention-lapse': [{ from: ['waiting'], by: 'clock', to: 'dismissed', rule: 'LFPA 17-A' }],
  'decide-by-rule': [
    { from: ['submitted'], by: 'rule', to: 'granted', rule: 'LFPA 3, LFEA 7' },
    { from: ['submitted'], by: 'rule', to: 'refused', rule: 'LFPA 3, LFEA 7' },
  ],
  // Silence does not free the authority from deciding: a late decision is a decision.
  grant: [{ from: decidable, by: 'signer', to: 'granted', rule: 'LFPA 3, 16-X, 57-I' }],
  'grant-in-part': [{ from: ['in-review'], by: 'signer', to: 'granted-in-part', rule: 'LFPA 3, 16-X, 57-I' }],
  refuse: [{ from: decidable, by: 'signer', to: 'refused', rule: 'LFPA 3, 16-X, 57-I' }],
  'fall-silent-granted': [{ from: beforeDecision, by: 'clock', to: 'silent-granted', rule: 'LFPA 17' }],
  'fall-silent-refused': [{ from: beforeDecision, by: 'clock', to: 'silent-refused', rule: 'LFPA 17' }],
  withdraw: [
    { from: ['draft', 'submitted', 'in-review', 'waiting'], by: 'person', to: 'withdrawn', rule: 'LFPA 57-II' },
  ],
  // Of a decision that no human made: it stands until a human decides.
  'ask-review': [{ from: ['granted', 'refused'], by: 'person', to: 'in-review', rule: 'LFPA 3' }],
  appeal: [{ from: resolved, by: 'person', to: 'appealed', rule: 'LFPA 83' }],
  annul: [{ from: [...resolved, 'dismissed', 'appealed'], by: 'signer', to: 'annulled', rule: 'LFPA 11, 95' }],
}

/** @returns where the move leads from this status, or undefined where it is not for this mover or not now */
export function nextStatus(status: CaseStatus, move: Move, by: Mover, wanted?: CaseStatus): CaseStatus | undefined {
  const found = transitions[move].find(
    (each) => each.by === by && each.from.includes(status) && (wanted === undefined || each.to === wanted),
  )
  return found?.to
}

/** The article a move rests on, for the documents and the history. */
export function ruleOf(move: Move): string {
  return transitions[move][0]!.rule
}

/** What may happen next, for the person's and the officer's pages. */
export function movesFrom(status: CaseStatus, by: Mover): Move[] {
  return (Object.keys(transitions) as Move[]).filter((move) => nextStatus(status, move, by) !== undefined)
}
