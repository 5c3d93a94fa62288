import { Refusal } from '#kernel/refusal.ts'
import { type Language, say } from '#kernel/texts.ts'
import {
  type DocumentsParts,
  newestPreparation,
  type Preparation,
  type PreparedDocument,
  paragraph,
  prepareDocument,
  readPreparation,
  rows,
  type Signature,
  storeSigned,
  strong,
  verifySignature,
} from '#modules/documents/index.ts'
import {
  type ActingSession,
  checkSigner,
  findAccount,
  grantRole,
  type IdentityParts,
  mayGrant,
  type Role,
  readAccount,
  readCurp,
  readRfc,
  withdrawRole,
} from '#modules/identity/index.ts'
import type { AppointmentsCode } from './errors.ts'
import { appointmentWords, roleNames } from './texts.ts'

export interface AppointmentParts {
  identity: IdentityParts
  documents: DocumentsParts
  institutionName(id: string, language: Language): string
}

export interface Appointment {
  change: 'grant' | 'withdraw'
  accountId: string
  institution: string
  role: Role
}

/** The account of whoever has this CURP or RFC. @throws Refusal `appointee-unknown` */
export async function findAppointee(parts: Pick<AppointmentParts, 'identity'>, typed: string): Promise<string> {
  const curp = readCurp(typed)
  const rfc = readRfc(typed)
  const { db } = parts.identity
  const found =
    (curp && (await findAccount(db, { curp: curp.curp }))) ??
    (rfc && !rfc.generic ? await findAccount(db, { personRfc: rfc.rfc }) : undefined)
  if (!found) throw new Refusal<AppointmentsCode>('appointee-unknown', {}, 404)
  return found.id
}

/**
 * Draws the act for the administrator to sign.
 * @throws Refusal `may-not-grant`, `own-role`, `account-unknown`
 */
export async function prepareAppointment(
  parts: AppointmentParts,
  session: ActingSession,
  appointment: Appointment,
  language: Language,
): Promise<PreparedDocument> {
  const { accountId, institution, role, change } = appointment
  if (!mayGrant(session, appointment)) throw new Refusal('may-not-grant', {}, 403)
  if (session.person.accountId === accountId) throw new Refusal('own-role', {}, 403)
  const account = await readAccount(parts.identity.db, accountId)
  if (account?.kind !== 'person') throw new Refusal('account-unknown', {}, 404)
  const t = (key: keyof typeof appointmentWords) => say(appointmentWords, key, language)
  const at = parts.identity.clock.now()
  const name = parts.institutionName(institution, language)
  const signerName = session.person.name ?? session.account.name
  return prepareDocument(parts.documents, {
    ownerId: session.person.accountId,
    subjectId: accountId,
    document: {
      kind: 'role-grant',
      language,
      title: t(change),
      institution: name,
      data: { format: 'ventanilla role 1', change, role, institution, account: accountId, at: at.toISOString() },
      blocks: [
        strong(t(`${change}.text`)),
        rows([
          [t('person'), account.name],
          [t('institution'), name],
          [t('role'), say(roleNames, role, language)],
          [t('by'), signerName],
        ]),
        paragraph('LFPA 3'),
      ],
    },
    signer: { accountId: session.person.accountId, name: signerName },
    reason: t(change),
    context: { purpose: 'appointment', ...appointment },
    signingTime: at,
  })
}

export const readAppointmentPrepared = (
  parts: AppointmentParts,
  session: ActingSession,
  accountId: string,
): Promise<Preparation> => newestPreparation(parts.identity.db, session.person.accountId, accountId)

/**
 * Signed: the role changes, the document is kept and the log says so, in one transaction. Signing twice acts once.
 * @throws Refusal of signing in and of roles, `appointment-out-of-date`
 */
export async function signAppointment(
  parts: AppointmentParts,
  session: ActingSession,
  input: { preparationId: string; signature: Signature },
): Promise<void> {
  const { db, clock } = parts.identity
  const preparation = await readPreparation(db, session.person.accountId, input.preparationId)
  const context = preparation.context as Appointment & { purpose: string }
  if (context.purpose !== 'appointment' || preparation.signerId !== session.person.accountId)
    throw new Refusal<AppointmentsCode>('appointment-out-of-date', {}, 409)
  if (preparation.documentId) return
  await checkSigner(parts.identity, session, input.signature.certificate, clock.now())
  const verified = await verifySignature(parts.documents, preparation, input.signature)
  await db.transaction().execute(async (trx) => {
    const document = await storeSigned(trx, verified, null)
    if (!document) return
    const { accountId, institution, role } = context
    const act = { accountId, institution, role, signedDocument: { id: document.id, sha256: document.sha256 } }
    await (context.change === 'grant' ? grantRole : withdrawRole)(trx, parts.identity, session, act)
  })
}
