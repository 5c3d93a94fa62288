import type { ActingSession } from '#modules/identity/index.ts'

/** Who acted, in a step of the history: the human who signed in, for themselves or for a company. */
export const byPerson = ({ person, account }: Pick<ActingSession, 'person' | 'account'>) => ({
  by_kind: 'person' as const,
  by_account: person.accountId,
  by_name: person.name ?? account.name,
  by_post: null,
})
