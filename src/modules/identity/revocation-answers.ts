import { sha256 } from '#kernel/bytes.ts'
import type { Database } from '#kernel/database.ts'
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
