import type { Clock } from '#kernel/clock.ts'
import type { Database, Trx } from '#kernel/database.ts'
import type { CertificateJudge } from './judge-certificate.ts'

/** What the use-cases need; made once, in the composition root. */
export interface IdentityParts {
  db: Database
  clock: Clock
  /** Address of the shop without a slash at its end, as in its challenges. */
  origin: string
  limits: SignInLimits
  certificates: CertificateJudge
  ledger: LedgerSeam
  mail: MailSender
}

/** In a quarter of an hour. */
export interface SignInLimits {
  signInsPerCertificate: number
  signInsPerAddress: number
}

/** Promises the message within the transaction; it leaves only if the transaction stands. */
export type MailSender = (trx: Trx, message: { to: string; subject: string; text: string }) => Promise<void>

/** The part of the public log's module that is used here. */
export interface LedgerSeam {
  append(
    trx: Trx,
    entry: { act: string; at: Date; institution?: string; record: Readonly<Record<string, unknown>> },
  ): Promise<unknown>
}
