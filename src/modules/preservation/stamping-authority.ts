import { createHash, randomBytes } from 'node:crypto'
import { sha256 } from '#kernel/bytes.ts'
import type { Database, Queries } from '#kernel/database.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { type TimestampReport, verifyToken } from '#trust/timestamp/verify-token.ts'
import { type AlgorithmEnd, CURRENT_ALGORITHMS } from '#trust/validation/algorithms.ts'
import type { PreservationParts } from './preservation-parts.ts'
import { endOfProof, hashToStamp, MARGIN } from './renewal.ts'
import { hasten } from './schedule.ts'
import { tables } from './tables.ts'

/** Whoever stamps times for us now: what is known of them has to be in the document before they stamp it. */
export interface StampingAuthority {
  certificate: Certificate
  carried: readonly Certificate[]
  /** Bytes. */
  tokenSize: number
  /** What its time-stamps are made with. */
  hashes: readonly Hash[]
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
  algorithms,
}: Pick<PreservationParts, 'stamp' | 'clock' | 'checksClock' | 'algorithms'>) {
  const hash = hashToStamp(algorithms)
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
    /** What it is asked to stamp. */
    hash,
    /** Undefined: it is silent. @throws ClockDiffers */
    async current(): Promise<StampingAuthority | undefined> {
      if (known) return known
      const report = await ask(createHash(hash).update(randomBytes(32)).digest())
      known = report?.signer && {
        certificate: report.signer,
        carried: report.certificates,
        tokenSize: report.token.length,
        hashes: [...new Set(report.hashes ?? [hash])].sort(),
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

/** One who stamps, with what it stamps with: hexadecimal. With SHA-256 alone it is that of its certificate. */
function idOf({ sha256: digest }: Certificate, hashes: readonly Hash[]): string {
  return hashes.every((hash) => hash === 'sha256') ? digest : sha256(`${digest} ${hashes.join(' ')}`).toString('hex')
}

export interface RememberedAuthority {
  /** Hexadecimal. */
  id: string
  /** The end that counts for all that it stamped. */
  endsAt: Date
}

/** Remembers until when what it stamped holds. @param path from the anchor down to it */
export async function rememberAuthority(
  queries: Queries,
  path: readonly Certificate[],
  hashes: readonly Hash[],
  algorithms: readonly AlgorithmEnd[] = CURRENT_ALGORITHMS,
): Promise<RememberedAuthority> {
  const id = idOf(path.at(-1)!, hashes)
  const known = await tables(queries)
    .selectFrom('preservation.authority')
    .select('ends_at')
    .where('sha256', '=', Buffer.from(id, 'hex'))
    .executeTakeFirst()
  if (known) return { id, endsAt: known.ends_at }
  const endsAt = endOfProof(path, algorithms, hashes)
  const [certificate, ...above] = path.map(({ der }) => der).reverse()
  await tables(queries)
    .insertInto('preservation.authority')
    .values({
      sha256: Buffer.from(id, 'hex'),
      certificate: certificate!,
      above,
      ends_at: endsAt,
      hashes: [...hashes],
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return { id, endsAt }
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
  for (const { sha256: authority, certificate, above, ends_at, hashes } of known) {
    const path = [...above.map(parseCertificate).reverse(), parseCertificate(certificate)]
    const endsAt = endOfProof(path, algorithms, hashes)
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
