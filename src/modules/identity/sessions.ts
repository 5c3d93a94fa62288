import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { base64url, sha256 } from '#kernel/bytes.ts'
import type { Queries, Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import type { IdentityParts } from './identity-parts.ts'
import type { Role } from './role.ts'
import { type ActingSession, isLive, needsTouch, type SessionWarning, sessionEnd } from './session.ts'
import { tables } from './tables.ts'

type SessionParts = Pick<IdentityParts, 'db' | 'clock'>

export interface NewSession {
  accountId: string
  personId: string
  certificateSha256: Buffer
  warnings: SessionWarning[]
  evidenceSha256: Buffer | null
  startedAt: Date
}

/** The token is 32 random bytes, given once; only its digest stays here. */
export async function openSession(trx: Trx, session: NewSession): Promise<string> {
  const token = base64url(randomBytes(32))
  await tables(trx)
    .insertInto('identity.session')
    .values({
      token_hash: sha256(token),
      id: newId(),
      account_id: session.accountId,
      person_id: session.personId,
      certificate_sha256: session.certificateSha256,
      warnings: session.warnings,
      evidence_sha256: session.evidenceSha256,
      started_at: session.startedAt,
      last_seen_at: session.startedAt,
      ended_at: null,
    })
    .execute()
  return token
}

/** Whoever holds this token, if the session still lives by the shop's clock; being asked counts as activity. */
export async function readSession(parts: SessionParts, token: string): Promise<ActingSession | undefined> {
  const hash = hashOf(token)
  const row = hash && (await loadSession(parts.db, hash))
  if (!hash || !row) return undefined
  const now = parts.clock.now()
  const times = { startedAt: row.started_at, lastSeenAt: row.last_seen_at, endedAt: row.ended_at }
  if (!isLive(times, now)) return undefined
  if (needsTouch(times, now)) await touch(parts.db, hash, now)
  return asSession(row)
}

/** Ends this session; silent about a token that opens nothing. */
export async function signOut(parts: SessionParts, token: string): Promise<void> {
  await endByToken(parts.db, token, parts.clock.now())
}

export async function endByToken(queries: Queries, token: string, now: Date): Promise<void> {
  const hash = hashOf(token)
  if (!hash) return
  await tables(queries)
    .updateTable('identity.session')
    .set({ ended_at: now })
    .where('token_hash', '=', hash)
    .where('ended_at', 'is', null)
    .execute()
}

/** Ends every session this human opened, for themselves and for companies, on every device. */
export async function signOutEverywhere(parts: SessionParts, session: Pick<ActingSession, 'person'>): Promise<void> {
  await tables(parts.db)
    .updateTable('identity.session')
    .set({ ended_at: parts.clock.now() })
    .where('person_id', '=', session.person.accountId)
    .where('ended_at', 'is', null)
    .execute()
}

function hashOf(token: string): Buffer | undefined {
  return /^[\w-]{43}$/.test(token) ? sha256(token) : undefined
}

async function touch(queries: Queries, hash: Buffer, now: Date): Promise<void> {
  await tables(queries)
    .updateTable('identity.session')
    .set({ last_seen_at: now })
    .where('token_hash', '=', hash)
    .where('last_seen_at', '<', now)
    .execute()
}

interface SessionRow {
  id: string
  started_at: Date
  last_seen_at: Date
  ended_at: Date | null
  warnings: SessionWarning[]
  account_id: string
  kind: 'person' | 'company'
  rfc: string | null
  curp: string | null
  name: string
  person_id: string
  person_rfc: string | null
  person_curp: string | null
  person_name: string | null
  der: Buffer
  sha256: Buffer
  serial: string
  not_after: Date
  confirmed_address: string | null
  pending_address: string | null
  privacy_notice: string | null
  roles: Array<{ institution: string; role: Role }>
}

async function loadSession(queries: Queries, hash: Buffer): Promise<SessionRow | undefined> {
  const found = await sql<SessionRow>`
    select s.id, s.started_at, s.last_seen_at, s.ended_at, s.warnings,
      a.id as account_id, a.kind, a.rfc, a.curp, a.name,
      p.id as person_id, p.rfc as person_rfc, p.curp as person_curp, p.name as person_name,
      c.der, c.sha256, c.serial, c.not_after, e.confirmed_address, e.pending_address,
      (select version from identity.privacy_acceptance n where n.account_id = a.id and n.person_id = p.id
        order by accepted_at desc limit 1) as privacy_notice,
      case when a.id = p.id then coalesce((
        select jsonb_agg(jsonb_build_object('institution', institution, 'role', role) order by institution, role)
        from identity.role_grant r where r.account_id = p.id and r.withdrawn_at is null), '[]') else '[]' end as roles
    from identity.session s
      join identity.account a on a.id = s.account_id
      join identity.account p on p.id = s.person_id
      join identity.certificate c on c.account_id = s.account_id and c.sha256 = s.certificate_sha256
      left join identity.contact_email e on e.account_id = s.account_id
    where s.token_hash = ${hash}`.execute(queries)
  return found.rows[0]
}

function asSession(row: SessionRow): ActingSession {
  const address = row.confirmed_address ?? row.pending_address
  return {
    sessionId: row.id,
    account: { id: row.account_id, kind: row.kind, rfc: row.rfc, curp: row.curp, name: row.name },
    person: { accountId: row.person_id, rfc: row.person_rfc, curp: row.person_curp, name: row.person_name },
    certificate: {
      der: row.der,
      sha256: row.sha256.toString('hex'),
      serial: row.serial,
      notAfter: row.not_after,
    },
    roles: row.roles,
    warnings: row.warnings,
    startedAt: row.started_at,
    expiresAt: sessionEnd(row.started_at),
    privacyNotice: row.privacy_notice,
    contactEmail: address === null ? null : { address, confirmed: row.confirmed_address !== null },
  }
}
