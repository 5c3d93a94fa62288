import { createTransport } from 'nodemailer'
import type { Clock } from '#kernel/clock.ts'
import type { Database, Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import type { JobSender } from '#kernel/jobs.ts'
import { tables } from './tables.ts'

export const MAIL_QUEUE = 'post-office-mail'

export interface Mail {
  ownerId: string
  noticeId?: string
  kind: 'aviso' | 'code' | 'other'
  address: string
  subject: string
  body: string
}

/** Hands one message to the outside; throws when it was not taken. */
export type Mailer = (message: { id: string; to: string; subject: string; text: string }) => Promise<void>

/**
 * @param url `smtp://user:password@host:port` or `smtps://…`
 * @param from the sender's address
 */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport(url, {
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  } as never)
  const host = from.slice(from.lastIndexOf('@') + 1)
  return async ({ id, to, subject, text }) => {
    // The same message tried again carries the same Message-ID: a receiving server that saw it can tell.
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text, messageId: `<${id}@${host}>` })
  }
}

/** In the demo a page shows the mails: being stored is being sent. */
export const keptMailer: Mailer = async () => {}

/**
 * Without a mail server nothing has left, and no evidence may say that it did: messages wait, and go out by the server that a
 * later start names.
 */
export const absentMailer: Mailer = async () => {
  throw new AbsentMailServer('there is no mail server, set SMTP_URL')
}

class AbsentMailServer extends Error {}

export async function queueMail(trx: Trx, jobs: JobSender, at: Date, mail: Mail): Promise<string> {
  const id = newId()
  await tables(trx)
    .insertInto('post_office.mail')
    .values({
      owner_id: mail.ownerId,
      id,
      notice_id: mail.noticeId ?? null,
      kind: mail.kind,
      address: mail.address,
      subject: mail.subject,
      body: mail.body,
      created_at: at,
      attempts: 0,
    })
    .execute()
  await jobs.send(trx, MAIL_QUEUE, { ownerId: mail.ownerId, mailId: id })
  return id
}

interface SendParts {
  db: Database
  clock: Clock
  mailer: Mailer
}

/** The job. @returns the notice whose aviso this was, when it has just left or failed for good */
export async function sendMail(
  { db, clock, mailer }: SendParts,
  ownerId: string,
  mailId: string,
): Promise<SentMail | undefined> {
  const key = { owner_id: ownerId, id: mailId }
  const row = await tables(db)
    .selectFrom('post_office.mail')
    .selectAll()
    .where((eb) => eb.and(key))
    .executeTakeFirst()
  if (!row) return undefined
  // Done already, but perhaps not yet told: whoever hears of it again writes nothing twice.
  const doneAt = row.sent_at ?? row.failed_at
  if (doneAt) return { noticeId: row.notice_id, address: row.address, at: doneAt, failed: row.sent_at === null }
  try {
    await mailer({ id: row.id, to: row.address, subject: row.subject, text: row.body })
  } catch (error) {
    const failure = describeFailure(error)
    const last = failure.permanent
    await tables(db)
      .updateTable('post_office.mail')
      .set({ attempts: row.attempts + 1, failure: failure.words, failed_at: last ? clock.now() : null })
      .where((eb) => eb.and(key))
      .execute()
    // The job's log tells this error: the server's own words stay out of it, they may quote the address.
    if (!last) throw new Error(`a message was not taken: ${failure.words}`)
    return { noticeId: row.notice_id, address: row.address, at: clock.now(), failed: true }
  }
  const at = clock.now()
  await tables(db)
    .updateTable('post_office.mail')
    .set({ sent_at: at, attempts: row.attempts + 1, failure: null })
    .where((eb) => eb.and(key))
    .execute()
  return { noticeId: row.notice_id, address: row.address, at, failed: false }
}

export interface SentMail {
  noticeId: string | null
  address: string
  at: Date
  failed: boolean
}

/** 5xx answers are for good (RFC 5321, 4.2.1); all else is tried again. The server's own words may quote the address: not kept. */
function describeFailure(error: unknown): { words: string; permanent: boolean } {
  const code = typeof error === 'object' && error !== null && 'responseCode' in error ? Number(error.responseCode) : 0
  const words = error instanceof AbsentMailServer ? error.message : code ? `SMTP ${code}` : 'no answer'
  return { words, permanent: code >= 500 && code < 600 }
}
