import { isUniqueViolation, type Queries, type Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Efirma } from '#trust/efirma/read-efirma.ts'
import type { Account } from './account.ts'
import type { IdentityCode } from './errors.ts'
import { admitFromCertificate, readAccount } from './find-account.ts'
import type { IdentityParts } from './identity-parts.ts'
import { mayGrant, PLATFORM, type Role, type RoleHeld } from './role.ts'
import type { ActingSession } from './session.ts'
import { tables } from './tables.ts'

export interface RoleAct extends RoleHeld {
  accountId: string
  /** The document the granter signed to do this; its digest goes into the public log's record. */
  signedDocument: { id: string; sha256: string }
}

type Granter = Pick<ActingSession, 'person' | 'roles'>
type RoleParts = Pick<IdentityParts, 'db' | 'clock' | 'ledger'>

/**
 * Gives a role, by an act that an administrator signed. Part of the transaction that stores the signed document.
 * @throws Refusal may-not-grant, own-role, account-unknown, already-granted
 */
export async function grantRole(trx: Trx, parts: RoleParts, granter: Granter, act: RoleAct): Promise<void> {
  checkGranter(granter, act)
  await readPublicServant(trx, act.accountId)
  const by = { granterId: granter.person.accountId, document: act.signedDocument }
  await storeGrant(trx, parts, act, by)
}

/**
 * Takes a role away, by an act that an administrator signed.
 * @throws Refusal may-not-grant, own-role, role-not-held
 */
export async function withdrawRole(trx: Trx, parts: RoleParts, granter: Granter, act: RoleAct): Promise<void> {
  checkGranter(granter, act)
  const at = parts.clock.now()
  const withdrawn = await tables(trx)
    .updateTable('identity.role_grant')
    .set({ withdrawn_at: at, withdrawn_by: granter.person.accountId, withdraw_document: act.signedDocument.id })
    .where('account_id', '=', act.accountId)
    .where('institution', '=', act.institution)
    .where('role', '=', act.role)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!withdrawn) throw refuse('role-not-held', 409)
  const { accountId, role, institution, signedDocument } = act
  const record = { grantId: withdrawn.id, accountId, role, institution, by: granter.person.accountId, signedDocument }
  await parts.ledger.append(trx, { act: 'role.withdrawn', at, ...publicInstitution(institution), record })
}

/**
 * Gives a role from the machine itself: how the first administrator comes to be. The log says that the operator did it.
 * Asking again for a role already held changes nothing.
 */
export async function grantAsOperator(
  parts: RoleParts,
  { efirma, institution, role }: { efirma: Efirma; institution: string; role: Role },
): Promise<Account> {
  return parts.db.transaction().execute(async (trx) => {
    const { account } = await admitFromCertificate(trx, efirma, parts.clock.now())
    if (account.kind !== 'person') throw refuse('account-unknown', 422)
    const held = await rolesOf(trx, account.id)
    if (!held.some((each) => each.institution === institution && each.role === role)) {
      await storeGrant(trx, parts, { accountId: account.id, institution, role }, undefined)
    }
    return account
  })
}

export async function rolesOf(queries: Queries, accountId: string): Promise<RoleHeld[]> {
  return tables(queries)
    .selectFrom('identity.role_grant')
    .select(['institution', 'role'])
    .where('account_id', '=', accountId)
    .where('withdrawn_at', 'is', null)
    .orderBy('institution')
    .orderBy('role')
    .execute()
}

export interface RoleHolder extends RoleHeld {
  account: Account
  grantedAt: Date
}

/** Who holds these roles (or any) for an institution, by name. */
export async function holdersOf(queries: Queries, institution: string, ...wanted: Role[]): Promise<RoleHolder[]> {
  let query = tables(queries)
    .selectFrom('identity.role_grant as g')
    .innerJoin('identity.account as a', 'a.id', 'g.account_id')
    .select(['g.institution', 'g.role', 'g.granted_at', 'a.id', 'a.kind', 'a.rfc', 'a.curp', 'a.name'])
    .where('g.institution', '=', institution)
    .where('g.withdrawn_at', 'is', null)
  if (wanted.length > 0) query = query.where('g.role', 'in', wanted)
  const rows = await query.orderBy('a.name').orderBy('g.role').execute()
  return rows.map(({ role, granted_at, id, kind, rfc, curp, name }) => ({
    institution,
    role,
    grantedAt: granted_at,
    account: { id, kind, rfc, curp, name: name ?? '' },
  }))
}

function checkGranter(granter: Granter, act: RoleAct): void {
  if (!mayGrant(granter, act)) throw refuse('may-not-grant', 403)
  if (granter.person.accountId === act.accountId) throw refuse('own-role', 403)
}

async function readPublicServant(trx: Trx, accountId: string): Promise<Account> {
  const account = await readAccount(trx, accountId)
  if (account?.kind !== 'person') throw refuse('account-unknown', 404)
  return account
}

interface GrantedBy {
  granterId: string
  document: RoleAct['signedDocument']
}

async function storeGrant(
  trx: Trx,
  parts: RoleParts,
  { accountId, institution, role }: RoleHeld & { accountId: string },
  by: GrantedBy | undefined,
): Promise<void> {
  const id = newId()
  const at = parts.clock.now()
  try {
    await tables(trx)
      .insertInto('identity.role_grant')
      .values({
        account_id: accountId,
        id,
        institution,
        role,
        granted_at: at,
        granted_by: by?.granterId ?? null,
        grant_document: by?.document.id ?? null,
        withdrawn_at: null,
        withdrawn_by: null,
        withdraw_document: null,
      })
      .execute()
  } catch (error) {
    if (isUniqueViolation(error, 'role_grant_held')) throw refuse('already-granted', 409)
    throw error
  }
  const signed = by ? { by: by.granterId, signedDocument: by.document } : { by: 'operator' }
  const record = { grantId: id, accountId, role, institution, ...signed }
  await parts.ledger.append(trx, { act: 'role.granted', at, ...publicInstitution(institution), record })
}

function publicInstitution(institution: string): { institution?: string } {
  return institution === PLATFORM ? {} : { institution }
}

function refuse(code: IdentityCode, status: number): Refusal<IdentityCode> {
  return new Refusal(code, {}, status)
}
