import type { Queries, Trx } from '#kernel/database.ts'
import { lockInTransaction } from '#kernel/database.ts'
import { isId, newId } from '#kernel/ids.ts'
import type { Efirma } from '#trust/efirma/read-efirma.ts'
import { type Account, keyOfCompany, keysOfPerson, type Person } from './account.ts'
import { tables } from './tables.ts'

export interface Admitted {
  account: Account
  person: Person
}

/** The account with this id. Undefined too for a person known only as some company's representative. */
export async function readAccount(queries: Queries, id: string): Promise<Account | undefined> {
  if (!isId(id)) return undefined
  const row = await tables(queries).selectFrom('identity.account').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asAccount(row)
}

export type AccountQuery = { curp: string } | { personRfc: string } | { companyRfc: string }

export async function findAccount(queries: Queries, query: AccountQuery): Promise<Account | undefined> {
  const key =
    'curp' in query
      ? `curp:${query.curp}`
      : 'personRfc' in query
        ? `person-rfc:${query.personRfc}`
        : `company-rfc:${query.companyRfc}`
  const id = await idOfKey(queries, key)
  return id === undefined ? undefined : readAccount(queries, id)
}

/**
 * The account and the person this certificate stands for, made if this is the first time. Two first sign-ins at once give
 * one account: whoever comes second waits for the first.
 */
export async function admitFromCertificate(trx: Trx, efirma: Efirma, at: Date): Promise<Admitted> {
  const { company } = efirma
  const keys = [...keysOfPerson(efirma), ...(company ? [keyOfCompany(company.rfc)] : [])]
  for (const key of keys.toSorted()) await lockInTransaction(trx, `identity.account ${key}`)
  const ownName = company ? null : efirma.name
  const person = await admitPerson(trx, { rfc: efirma.rfc, curp: efirma.curp, name: ownName }, at)
  if (!company) return { account: { ...person, id: person.accountId, kind: 'person', name: efirma.name }, person }
  return { account: await admitCompany(trx, company, at), person }
}

async function admitPerson(trx: Trx, certified: Omit<Person, 'accountId'>, at: Date): Promise<Person> {
  const found = await findPerson(trx, certified)
  const accountId = found?.id ?? newId()
  const person: Person = {
    accountId,
    rfc: certified.rfc ?? found?.rfc ?? null,
    curp: certified.curp ?? found?.curp ?? null,
    name: certified.name ?? found?.name ?? null,
  }
  const { rfc, curp, name } = person
  if (!found) {
    await tables(trx)
      .insertInto('identity.account')
      .values({ id: accountId, kind: 'person', rfc, curp, name, created_at: at })
      .execute()
  } else if (found.rfc !== rfc || found.curp !== curp || found.name !== name) {
    await tables(trx).updateTable('identity.account').set({ rfc, curp, name }).where('id', '=', accountId).execute()
  }
  for (const key of keysOfPerson(person)) await claimKey(trx, key, accountId)
  return person
}

/** By CURP; by RFC only an account that has no other CURP: two people whom an authority gave one RFC stay two. */
async function findPerson(trx: Trx, { curp, rfc }: Omit<Person, 'accountId'>) {
  const byCurp = curp && (await idOfKey(trx, `curp:${curp}`))
  const id = byCurp || (rfc && (await idOfKey(trx, `person-rfc:${rfc}`)))
  if (!id) return undefined
  const row = await tables(trx)
    .selectFrom('identity.account')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return byCurp || !curp || row.curp === null ? row : undefined
}

async function admitCompany(trx: Trx, { rfc, name }: { rfc: string; name: string }, at: Date): Promise<Account> {
  const key = keyOfCompany(rfc)
  const id = await idOfKey(trx, key)
  if (id === undefined) {
    const account: Account = { id: newId(), kind: 'company', rfc, curp: null, name }
    await tables(trx)
      .insertInto('identity.account')
      .values({ ...account, created_at: at })
      .execute()
    await claimKey(trx, key, account.id)
    return account
  }
  await tables(trx)
    .updateTable('identity.account')
    .set({ name })
    .where('id', '=', id)
    .where('name', '!=', name)
    .execute()
  return { id, kind: 'company', rfc, curp: null, name }
}

async function idOfKey(queries: Queries, key: string): Promise<string | undefined> {
  const row = await tables(queries)
    .selectFrom('identity.account_key')
    .select('account_id')
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.account_id
}

async function claimKey(trx: Trx, key: string, accountId: string): Promise<void> {
  await tables(trx)
    .insertInto('identity.account_key')
    .values({ key, account_id: accountId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function asAccount(row: Omit<Account, 'name'> & { name: string | null }): Account | undefined {
  const { id, kind, rfc, curp, name } = row
  return name === null ? undefined : { id, kind, rfc, curp, name }
}
