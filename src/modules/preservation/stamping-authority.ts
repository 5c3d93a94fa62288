import { randomBytes } from 'node:crypto'
import { sha256 } from '#kernel/bytes.ts'
import type { Database, Queries } from '#kernel/database.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { type TimestampReport, verifyToken } from '#trust/timestamp/verify-token.ts'
import { type AlgorithmEnd, CURRENT_ALGORITHMS } from '#trust/validation/algorithms.ts'
import type { StampDigest } from './preservation-parts.ts'
import { endOfProof, MARGIN } from './renewal.ts'
import { hasten } from './schedule.ts'
import { tables } from './tables.ts'

/** Whoever stamps times for us now: what is known of them has to be in the document before they stamp it. */
export interface StampingAuthority {
  certificate: Certificate
  carried: readonly Certificate[]
}

/** Asks for a token over nothing in particular, once, and remembers who made it. Undefined: the authority is silent. */
export function openStampingAuthority(stamp: StampDigest) {
  let known: StampingAuthority | undefined
  return {
    async current(): Promise<StampingAuthority | undefined> {
      if (known) return known
      const digest = sha256(randomBytes(32))
      const token = await stamp(digest)
      const report = token && readStamp(token, digest)
      known = report && authorityOf(report)
      return known
    },
    /** Somebody else stamped: an authority that renewed its certificate. */
    forget(): void {
      known = undefined
    },
  }
}

/** @returns undefined where it stamps something else or does not hold */
export function readStamp(token: Uint8Array, digest: Uint8Array): TimestampReport | undefined {
  const { timestamp } = verifyToken(Buffer.from(token), () => Buffer.from(digest))
  return timestamp?.sound ? timestamp : undefined
}

function authorityOf({ signer, certificates }: TimestampReport): StampingAuthority | undefined {
  return signer && { certificate: signer, carried: certificates }
}

/** Remembers until when what it stamped holds. @param path from the anchor down to it */
export async function rememberAuthority(queries: Queries, path: readonly Certificate[]): Promise<Date> {
  const endsAt = endOfProof(path)
  const [certificate, ...above] = path.map(({ der }) => der).reverse()
  await tables(queries)
    .insertInto('preservation.authority')
    .values({ sha256: Buffer.from(path.at(-1)!.sha256, 'hex'), certificate: certificate!, above, ends_at: endsAt })
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
