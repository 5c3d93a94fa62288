import { sha256 } from '#kernel/bytes.ts'
import type { Database } from '#kernel/database.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { tables } from './tables.ts'

/** What an authority said, byte for byte: the proof of what was believed. */
export interface RevocationAnswer {
  kind: 'crl' | 'ocsp'
  /** SHA-256 of the issuer's certificate, hexadecimal. */
  issuer: string
  /** Asked about, for ocsp. */
  serial: string | null
  answer: Buffer
  fetchedAt: Date
}

/** Where answers are kept as evidence, and found again when a source is silent. */
export interface AnswerStore {
  keep(answer: RevocationAnswer): Promise<void>
  latest(question: Pick<RevocationAnswer, 'kind' | 'issuer' | 'serial'>): Promise<RevocationAnswer | undefined>
}

export function databaseAnswers(db: Database): AnswerStore {
  return {
    async keep({ kind, issuer, serial, answer, fetchedAt }) {
      await tables(db)
        .insertInto('identity.revocation_answer')
        .values({
          sha256: sha256(answer),
          issuer: Buffer.from(issuer, 'hex'),
          kind,
          serial,
          answer,
          fetched_at: fetchedAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async latest({ kind, issuer, serial }) {
      const row = await tables(db)
        .selectFrom('identity.revocation_answer')
        .select(['answer', 'fetched_at'])
        .where('issuer', '=', Buffer.from(issuer, 'hex'))
        .where('kind', '=', kind)
        .where('serial', serial === null ? 'is' : '=', serial)
        .orderBy('fetched_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && { kind, issuer, serial, answer: row.answer, fetchedAt: row.fetched_at }
    },
  }
}

const MOST_ANSWERS = 3
/** What PostgreSQL can hold in one value. */
const LARGEST = 2 ** 30

/** What was kept of an issuer's answers since a time, the earliest first. @param most bytes of one */
export async function answersSince(
  db: Database,
  {
    kind,
    issuer,
    serial,
    since,
    most = LARGEST,
  }: { kind: 'crl' | 'ocsp'; issuer: Certificate; serial: string | null; since: Date; most?: number },
): Promise<Buffer[]> {
  const rows = await tables(db)
    .selectFrom('identity.revocation_answer')
    .select('answer')
    .where('issuer', '=', Buffer.from(issuer.sha256, 'hex'))
    .where('kind', '=', kind)
    .where('serial', serial === null ? 'is' : '=', serial)
    .where('fetched_at', '>=', since)
    .where((each) => each(each.fn('octet_length', ['answer']), '<=', most))
    .orderBy('fetched_at')
    .limit(MOST_ANSWERS)
    .execute()
  return rows.map(({ answer }) => answer)
}
