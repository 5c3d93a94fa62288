import { Refusal } from '#kernel/refusal.ts'
import { type ActingSession, holdsRole, institutionsOf, type Role } from '#modules/identity/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-record.ts'
import type { CasesCode } from './errors.ts'
import { parseFolio } from './folio.ts'
import { addLook, findFolio, readCase } from './store.ts'
import { tables } from './tables.ts'

/** Who works on cases; an administrator is not thereby an officer. */
export const WORKING: Role[] = ['officer', 'signer', 'supervisor']

/** Institutions in whose office this person works. */
export const officesOf = (session: ActingSession): string[] => institutionsOf(session, ...WORKING)

/**
 * The case behind a folio, for who works at its institution; whoever opens it is on record with the purpose, and the
 * person sees it.
 * @throws Refusal `case-unknown` (also for another institution's), `own-case`
 */
export async function openCaseAsServant(
  parts: CaseParts,
  session: ActingSession,
  typedFolio: string,
  purpose: string,
): Promise<CaseRecord> {
  const record = await findForServant(parts, session, typedFolio)
  await addLook(parts.db, record, {
    at: parts.clock.now(),
    byAccount: session.person.accountId,
    byName: session.person.name ?? '',
    institution: record.institution,
    purpose,
  })
  return record
}

/** The same without a look on record: for an act that is on record itself. */
export async function findForServant(
  parts: CaseParts,
  session: ActingSession,
  typedFolio: string,
  ...roles: Role[]
): Promise<CaseRecord> {
  const folio = parseFolio(typedFolio)
  const found = folio && (await findFolio(parts.db, folio))
  if (!found) throw new Refusal<CasesCode>('case-unknown', {}, 404)
  const record = await readCase(parts.db, found.ownerId, found.caseId)
  if (!holdsRole(session, record.institution, ...WORKING)) throw new Refusal<CasesCode>('case-unknown', {}, 404)
  if (roles.length > 0 && !holdsRole(session, record.institution, ...roles))
    throw new Refusal<CasesCode>('not-your-case', {}, 403)
  return record
}

/** An officer never resolves a case of their own or of a declared relative. @throws Refusal `own-case` */
export async function refuseOwnCase(
  parts: CaseParts,
  session: ActingSession,
  { applicant }: CaseRecord,
): Promise<void> {
  const curps = [applicant.curp, applicant.representative?.curp].filter((curp) => curp != null)
  const rfcs = [applicant.rfc, applicant.representative?.rfc].filter((rfc) => rfc != null)
  const { curp, rfc, accountId } = session.person
  const own = (curp !== null && curps.includes(curp)) || (rfc !== null && rfcs.includes(rfc))
  const relatives =
    curps.length > 0
      ? await tables(parts.db)
          .selectFrom('cases.relative')
          .select('curp')
          .where('account_id', '=', accountId)
          .where('curp', 'in', curps)
          .execute()
      : []
  if (own || relatives.length > 0) throw new Refusal<CasesCode>('own-case', {}, 403)
}

/** What a servant is called in a document: by post at the institution. */
export function servantOf(session: ActingSession): {
  by_kind: 'servant'
  by_account: string
  by_name: string
  by_post: string | null
} {
  return { by_kind: 'servant', by_account: session.person.accountId, by_name: session.person.name ?? '', by_post: null }
}
