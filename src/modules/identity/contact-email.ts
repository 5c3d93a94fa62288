import { randomInt } from 'node:crypto'
import { sameBytes, sha256 } from '#kernel/bytes.ts'
import type { Queries, Trx } from '#kernel/database.ts'
import { type Checked, Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import { countAttempt } from './attempts.ts'
import type { IdentityCode } from './errors.ts'
import type { IdentityParts } from './identity-parts.ts'
import type { ActingSession, ContactEmail } from './session.ts'
import { tables } from './tables.ts'
import { sayIdentity } from './texts.ts'

export const CODE_MINUTES = 30
const WRONG_CODES = 5
const CODES_SENT = 5

// As HTML's e-mail field, with a dot in the domain; no quotes, commas or brackets, so that one address stays one.
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{3,190}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)+$/i

/**
 * Takes the address the person typed and sends it a code. Until the code comes back, an earlier confirmed address stays the
 * one that is written to. The same confirmed address again changes nothing and sends nothing.
 * @throws Refusal email-code-too-many
 */
export async function setContactEmail(
  parts: IdentityParts,
  session: Pick<ActingSession, 'account'>,
  input: { email: string; language: Language },
): Promise<Checked<ContactEmail>> {
  const address = readAddress(input.email)
  if (!address) return { ok: false, errors: [{ field: 'email', code: 'email-shape' }] }
  const accountId = session.account.id
  const current = await contactEmailOf(parts.db, accountId)
  if (current?.confirmed && current.address === address) return { ok: true, value: current }
  const now = parts.clock.now()
  await countCode(parts, accountId, now)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await parts.db.transaction().execute(async (trx) => {
    await storePending(trx, { accountId, address, code, now })
    await parts.mail(trx, {
      to: address,
      subject: sayIdentity('email-code-subject', input.language),
      text: sayIdentity('email-code-body', input.language, { code, minutes: CODE_MINUTES }),
    })
  })
  return { ok: true, value: { address, confirmed: false } }
}

/**
 * The code that came by mail; from then on the address is the account's.
 * @throws Refusal email-code-wrong, email-code-expired
 */
export async function confirmContactEmail(
  parts: Pick<IdentityParts, 'db' | 'clock'>,
  session: Pick<ActingSession, 'account'>,
  code: string,
): Promise<ContactEmail> {
  const now = parts.clock.now()
  // The count of wrong codes must outlive the refusal, so the refusal is thrown after the commit.
  const outcome = await parts.db
    .transaction()
    .execute((trx) => tryCode(trx, session.account.id, code.replace(/\D/g, ''), now))
  if (outcome instanceof Refusal) throw outcome
  return outcome
}

/** Where to write to, as far as confirmed; the address still to be confirmed only where there is no other. */
export async function contactEmailOf(queries: Queries, accountId: string): Promise<ContactEmail | null> {
  const row = await tables(queries)
    .selectFrom('identity.contact_email')
    .select(['confirmed_address', 'pending_address'])
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  const address = row?.confirmed_address ?? row?.pending_address
  return address ? { address, confirmed: row?.confirmed_address != null } : null
}

/** Undefined for what is no address; the domain in lower case, the rest as typed. */
export function readAddress(typed: string): string | undefined {
  const text = typed.trim()
  if (!ADDRESS.test(text) || text.includes('..') || /^\.|\.@/.test(text)) return undefined
  const at = text.lastIndexOf('@')
  return text.slice(0, at) + text.slice(at).toLowerCase()
}

async function countCode(parts: IdentityParts, accountId: string, now: Date): Promise<void> {
  try {
    await countAttempt(parts.db, `code for ${accountId}`, CODES_SENT, now)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal<IdentityCode>('email-code-too-many', error.facts, 429)
  }
}

interface Pending {
  accountId: string
  address: string
  code: string
  now: Date
}

async function storePending(trx: Trx, { accountId, address, code, now }: Pending): Promise<void> {
  const pending = {
    pending_address: address,
    code_hash: hashCode(accountId, address, code),
    code_sent_at: now,
    wrong_codes: 0,
  }
  await tables(trx)
    .insertInto('identity.contact_email')
    .values({ account_id: accountId, confirmed_address: null, confirmed_at: null, ...pending })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(pending))
    .execute()
}

async function tryCode(
  trx: Trx,
  accountId: string,
  code: string,
  now: Date,
): Promise<ContactEmail | Refusal<IdentityCode>> {
  const row = await tables(trx)
    .selectFrom('identity.contact_email')
    .selectAll()
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  const { pending_address: address, code_hash: hash, code_sent_at: sentAt } = row ?? {}
  const expired = !sentAt || now.getTime() - sentAt.getTime() >= CODE_MINUTES * 60_000
  if (!row || !address || !hash || expired || row.wrong_codes >= WRONG_CODES)
    return new Refusal('email-code-expired', {}, 410)
  const update = tables(trx).updateTable('identity.contact_email').where('account_id', '=', accountId)
  if (!sameBytes(hash, hashCode(accountId, address, code))) {
    await update.set({ wrong_codes: row.wrong_codes + 1 }).execute()
    const left = WRONG_CODES - row.wrong_codes - 1
    return left > 0 ? new Refusal('email-code-wrong', { left }, 422) : new Refusal('email-code-expired', {}, 410)
  }
  const confirmed = { confirmed_address: address, confirmed_at: now, pending_address: null, code_hash: null }
  await update.set({ ...confirmed, code_sent_at: null }).execute()
  return { address, confirmed: true }
}

function hashCode(accountId: string, address: string, code: string): Buffer {
  return sha256(`${accountId}\n${address}\n${code}`)
}
