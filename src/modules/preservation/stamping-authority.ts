import { randomBytes } from 'node:crypto'
import { sha256 } from '#kernel/bytes.ts'
import type { Database, Queries } from '#kernel/database.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { type TimestampReport, verifyToken } from '#trust/timestamp/verify-token.ts'
import { type AlgorithmEnd, CURRENT_ALGORITHMS } from '#trust/validation/algorithms.ts'
import type { PreservationParts } from './preservation-parts.ts'
import { endOfProof, MARGIN } from './renewal.ts'
import { hasten } from './schedule.ts'
import { tables } from './tables.ts'

/** Whoever stamps times for us now: what is known of them has to be in the document before they stamp it. */
export interface StampingAuthority {
  certificate: Certificate
  carried: readonly Certificate[]
  /** Bytes. */
  tokenSize: number
}

/** Ours and the authority's clock do not agree: whatever fell due by ours may not be due, and nothing is done by it. */
export class ClockDiffers extends Error {}

/** More than any clock drifts that somebody looks after. */
const MOST_DIFFERENCE = 10 * 60_000

/** Asks for a token over nothing in particular, once, and remembers who made it. */
export function openStampingAuthority({
  stamp,
  clock,
  checksClock = true,
}: Pick<PreservationParts, 'stamp' | 'clock' | 'checksClock'>) {
  let known: StampingAuthority | undefined
  async function ask(digest: Uint8Array): Promise<(TimestampReport & { token: Uint8Array }) | undefined> {
    const token = await stamp(digest)
    const report = token && readStamp(token, digest)
    if (!token || !report) return undefined
    const difference = Math.abs(report.time.getTime() - clock.now().getTime())
    if (!checksClock || difference <= MOST_DIFFERENCE) return { ...report, token }
    known = undefined
    throw new ClockDiffers(`the clock is ${Math.round(difference / 1000)} s away from the time-stamp authority’s`)
  }
  return {
    /** Undefined: it is silent. @throws ClockDiffers */
    async current(): Promise<StampingAuthority | undefined> {
      if (known) return known
      const report = await ask(sha256(randomBytes(32)))
      known = report?.signer && {
        certificate: report.signer,
        carried: report.certificates,
        tokenSize: report.token.length,
      }
      return known
    },
    /** Undefined: it is silent, or another one answered than the one that was expected. @throws ClockDiffers */
    async stampBy(expected: Certificate, digest: Uint8Array): Promise<{ token: Uint8Array; time: Date } | undefined> {
      const report = await ask(digest)
      if (report?.signer?.sha256 === expected.sha256) return report
      known = undefined
      return undefined
    },
  }
}

/** @returns undefined where it stamps something else or does not hold */
function readStamp(token: Uint8Array, digest: Uint8Array): TimestampReport | undefined {
  const { timestamp } = verifyToken(Buffer.from(token), () => Buffer.from(digest))
  return timestamp?.sound ? timestamp : undefined
}

/** Remembers until when what it stamped holds. @param path from the anchor down to it @returns the end that counts for all that it stamped */
export async function rememberAuthority(queries: Queries, path: readonly Certificate[]): Promise<Date> {
  const endsAt = endOfProof(path)
  const digest = Buffer.from(path.at(-1)!.sha256, 'hex')
  const known = await tables(queries)
    .selectFrom('preservation.authority')
    .select('ends_at')
    .where('sha256', '=', digest)
    .executeTakeFirst()
  if (known) return known.ends_at
  const [certificate, ...above] = path.map(({ der }) => der).reverse()
  await tables(queries)
    .insertInto('preservation.authority')
    .values({ sha256: digest, certificate: certificate!, above, ends_at: endsAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return endsAt
}

/**
 * Where an algorithm is now known to end sooner than when the documents were stamped, they are renewed sooner. Asked at every start.
 * @returns how many documents were moved forward
 */
export async function reviseEnds(
  db: Database,
  now: Date,
  algorithms: readonly AlgorithmEnd[] = CURRENT_ALGORITHMS,
): Promise<number> {
  const known = await tables(db).selectFrom('preservation.authority').selectAll().execute()
  let moved = 0
  for (const { sha256: authority, certificate, above, ends_at } of known) {
    const endsAt = endOfProof([...above.map(parseCertificate).reverse(), parseCertificate(certificate)], algorithms)
    if (endsAt >= ends_at) continue
    const by = new Date(Math.max(now.getTime(), endsAt.getTime() - MARGIN))
    moved += await hasten(db, authority, by)
    await tables(db)
      .updateTable('preservation.authority')
      .set({ ends_at: endsAt })
      .where('sha256', '=', authority)
      .execute()
  }
  return moved
}
