import type { Queries, Trx } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'
import { parseChallenge, verifyChallengeSignature } from '#trust/efirma/challenge.ts'
import { countAttempt, lineOf } from './attempts.ts'
import type { SignInCode } from './errors.ts'
import { type Admitted, admitFromCertificate } from './find-account.ts'
import type { IdentityParts } from './identity-parts.ts'
import type { Identified, RevocationFinding } from './judge-certificate.ts'
import type { ActingSession } from './session.ts'
import { endByToken, openSession, readSession } from './sessions.ts'
import { type SpentChallenge, spendChallenge } from './spend-challenge.ts'
import { tables } from './tables.ts'

export interface SignInAnswer {
  challengeId: string
  /** DER, as in the .cer. */
  certificate: Uint8Array
  /** RSASSA-PKCS1-v1_5, SHA-256, over the challenge's text. */
  signature: Uint8Array
  /** What was signed, where the client says it: one for another site is then told apart from a wrong signature. */
  text?: string
  /** Where the request comes from, as the channel knows it. */
  address: string
  /** Of the session this browser had: it ends, so that a token from before the sign-in is worth nothing after it. */
  previousToken?: string
}

export interface SignedIn {
  /** Given once; the shop keeps only its digest. */
  token: string
  expiresAt: Date
  session: ActingSession
}

/**
 * Ends a sign-in. Whatever comes of it, the challenge is spent first.
 * @throws Refusal with a SignInCode
 */
export async function completeSignIn(parts: IdentityParts, answer: SignInAnswer): Promise<SignedIn> {
  const { db, clock, limits } = parts
  const now = clock.now()
  const line = lineOf(answer.address)
  await countAttempt(db, `sign-in from ${line}`, limits.signInsPerAddress, now)
  const spent = await spendChallenge(db, answer.challengeId, parts.origin, now)
  checkSignedText(spent, answer.text, parts.origin)
  const identified = parts.certificates.identify(answer.certificate, now)
  await checkSignature(parts, { identified, spent, signature: answer.signature, line, now })
  await countAttempt(db, `sign-in with ${identified.sha256.toString('hex')}`, limits.signInsPerCertificate, now)
  const finding = await parts.certificates.checkRevocation(identified, now)
  const token = await db.transaction().execute(async (trx) => {
    const admitted = await admitFromCertificate(trx, identified.efirma, now)
    await storeCertificate(trx, admitted, identified, now)
    if (answer.previousToken) await endByToken(trx, answer.previousToken, now)
    return openSession(trx, newSession(admitted, identified, finding, now))
  })
  const session = await readSession(parts, token)
  if (!session) throw new Error('a session that was just opened is not there')
  return { token, expiresAt: session.expiresAt, session }
}

/** The client may say what it signed; it can only make the refusal clearer, never make a wrong signature right. */
function checkSignedText({ text }: SpentChallenge, claimed: string | undefined, origin: string): void {
  if (claimed === undefined || claimed === text) return
  const foreign = parseChallenge(claimed)
  if (foreign && foreign.origin !== origin) throw refuse('wrong-origin', 403)
  throw refuse('signature-invalid', 401)
}

interface SignatureQuestion {
  identified: Identified
  spent: SpentChallenge
  signature: Uint8Array
  line: string
  now: Date
}

/** The account that the challenge names, if it names one, must be the certificate's. */
async function checkSignature(parts: IdentityParts, question: SignatureQuestion): Promise<void> {
  const { identified, spent, signature, line, now } = question
  const { account } = spent.challenge
  const named = account === '' || account === (identified.efirma.company?.rfc ?? identified.efirma.rfc)
  if (named && verifyChallengeSignature(spent.text, identified.certificate, signature)) return
  // Counted with the line: a stranger who sends somebody's certificate must not lock its owner out.
  const what = `failure with ${identified.sha256.toString('hex')} from ${line}`
  await countAttempt(parts.db, what, parts.limits.signInsPerCertificate, now)
  throw refuse('signature-invalid', 401)
}

async function storeCertificate(
  trx: Trx,
  admitted: Admitted,
  { efirma, ...identified }: Identified,
  now: Date,
): Promise<void> {
  await tables(trx)
    .insertInto('identity.certificate')
    .values({
      account_id: admitted.account.id,
      sha256: identified.sha256,
      person_id: admitted.person.accountId,
      serial: efirma.serial,
      der: identified.der,
      not_after: identified.notAfter,
      first_seen_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function newSession(admitted: Admitted, identified: Identified, finding: RevocationFinding, now: Date) {
  return {
    accountId: admitted.account.id,
    personId: admitted.person.accountId,
    certificateSha256: identified.sha256,
    warnings: finding.warnings,
    evidenceSha256: finding.evidence?.sha256 ?? null,
    startedAt: now,
  }
}

/** Certificates seen for an account, the latest first. */
export async function certificatesOf(queries: Queries, accountId: string) {
  return tables(queries)
    .selectFrom('identity.certificate')
    .select(['serial', 'not_after as notAfter', 'first_seen_at as firstSeenAt'])
    .where('account_id', '=', accountId)
    .orderBy('first_seen_at', 'desc')
    .execute()
}

function refuse(code: SignInCode, status: number): Refusal<SignInCode> {
  return new Refusal(code, {}, status)
}
