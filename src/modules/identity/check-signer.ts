import { Refusal } from '#kernel/refusal.ts'
import type { IdentityCode } from './errors.ts'
import type { IdentityParts } from './identity-parts.ts'
import type { Identified, RevocationFinding } from './judge-certificate.ts'
import type { ActingSession } from './session.ts'

export interface Signer extends Identified, RevocationFinding {}

/**
 * Whether this certificate may sign for the session at this instant: it is the signed-in person's, for the same account,
 * and still valid and unrevoked by the rule of signing in. A renewed certificate of the same person will do.
 * @throws Refusal with a SignInCode, or not-the-signed-in-person
 */
export async function checkSigner(
  parts: Pick<IdentityParts, 'certificates'>,
  session: Pick<ActingSession, 'account' | 'person'>,
  certificate: Uint8Array,
  at: Date,
): Promise<Signer> {
  const identified = parts.certificates.identify(certificate, at)
  if (!isSignedIn(identified, session)) throw new Refusal<IdentityCode>('not-the-signed-in-person', {}, 403)
  const finding = await parts.certificates.checkRevocation(identified, at)
  return { ...identified, ...finding }
}

function isSignedIn({ efirma }: Identified, { account, person }: Pick<ActingSession, 'account' | 'person'>): boolean {
  const samePerson = person.curp ? efirma.curp === person.curp : efirma.rfc !== null && efirma.rfc === person.rfc
  const sameCompany = (efirma.company?.rfc ?? null) === (account.kind === 'company' ? account.rfc : null)
  return samePerson && sameCompany
}
