import type { Account, Person } from './account.ts'
import type { RoleHeld } from './role.ts'

/** Shown on every page of the session: how sure the shop was that the certificate had not been revoked. */
export type SessionWarning =
  /** Demo only: nobody publishes what this issuer revoked. */
  | 'revocation-not-checked'
  /** The source did not answer; its last answer was taken, within the days of grace. */
  | 'revocation-grace'

/** Who is signed in, for whom they act, and until when. Read anew from the database at every request. */
export interface ActingSession {
  sessionId: string
  /** Acted for: the person, or the company whose certificate was used. */
  account: Account
  /** The human who signed. For a person's own certificate, the same as `account`. */
  person: Person
  certificate: { der: Buffer; sha256: string; serial: string; notAfter: Date }
  /** Of the person, and only when they act for themselves: a public servant does not act through a company's certificate. */
  roles: RoleHeld[]
  warnings: SessionWarning[]
  startedAt: Date
  /** The end that no activity moves; idleness ends it sooner. */
  expiresAt: Date
  /** Last version of the privacy notice this person accepted for this account. */
  privacyNotice: string | null
  contactEmail: ContactEmail | null
}

export interface ContactEmail {
  address: string
  /** Until the code came back the address gets nothing but the message with the code. */
  confirmed: boolean
}

export const IDLE_MINUTES = 20
export const LONGEST_HOURS = 8

const MINUTE = 60_000

export interface SessionTimes {
  startedAt: Date
  lastSeenAt: Date
  endedAt: Date | null
}

export function sessionEnd(startedAt: Date): Date {
  return new Date(startedAt.getTime() + LONGEST_HOURS * 60 * MINUTE)
}

export function isLive({ startedAt, lastSeenAt, endedAt }: SessionTimes, now: Date): boolean {
  if (endedAt) return false
  return now < sessionEnd(startedAt) && now.getTime() - lastSeenAt.getTime() < IDLE_MINUTES * MINUTE
}

/** Written at most once a minute, so that reading a page does not cost a write; idleness is exact to that minute. */
export function needsTouch({ lastSeenAt }: SessionTimes, now: Date): boolean {
  return now.getTime() - lastSeenAt.getTime() >= MINUTE
}
