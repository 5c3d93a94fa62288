import type { IdentityParts } from './identity-parts.ts'
import type { ActingSession } from './session.ts'
import { tables } from './tables.ts'

/** Records that this person read this version of the notice, acting for this account; once, at its first time. */
export async function acceptPrivacyNotice(
  { db, clock }: Pick<IdentityParts, 'db' | 'clock'>,
  session: Pick<ActingSession, 'account' | 'person'>,
  version: string,
): Promise<void> {
  await tables(db)
    .insertInto('identity.privacy_acceptance')
    .values({
      account_id: session.account.id,
      person_id: session.person.accountId,
      version,
      accepted_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
