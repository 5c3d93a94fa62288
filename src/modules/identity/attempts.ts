import { isIPv6 } from 'node:net'
import { sql } from 'kysely'
import { sha256 } from '#kernel/bytes.ts'
import type { Queries } from '#kernel/database.ts'
import { Refusal } from '#kernel/refusal.ts'

const WINDOW_MINUTES = 15
const WINDOW = WINDOW_MINUTES * 60_000

/**
 * Counts one more of `what` in this quarter of an hour and refuses past `limit`. Counted outside any transaction of the
 * act, so that a refused act still counts.
 * @throws Refusal too-many-attempts, with the minutes to wait
 */
export async function countAttempt(queries: Queries, what: string, limit: number, now: Date): Promise<void> {
  const start = new Date(Math.floor(now.getTime() / WINDOW) * WINDOW)
  const counted = await sql<{ count: number }>`
    insert into identity.attempt as seen (key, window_start, count) values (${sha256(what)}, ${start}, 1)
    on conflict (key, window_start) do update set count = seen.count + 1
    returning count`.execute(queries)
  if ((counted.rows[0]?.count ?? 0) <= limit) return
  const minutes = Math.max(1, Math.ceil((start.getTime() + WINDOW - now.getTime()) / 60_000))
  throw new Refusal('too-many-attempts', { minutes }, 429)
}

/** One subscriber's line: an IPv6 subscriber has a whole /64 and would otherwise have as many attempts as addresses. */
export function lineOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::')
  const before = head ? head.split(':') : []
  const after = tail ? tail.split(':') : []
  const zeros: string[] = tail === undefined ? [] : new Array(8 - before.length - after.length).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}
