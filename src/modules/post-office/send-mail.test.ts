import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { SMTPServer } from 'smtp-server'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import type { JobSender } from '#kernel/jobs.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { absentMailer, keptMailer, queueMail, sendMail, smtpMailer } from './send-mail.ts'
import { tables } from './tables.ts'

const queued: JobSender = { send: async () => {}, at: async () => {}, cancel: async () => {} }

describe('a message', () => {
  let database: TestDatabase
  const clock = fixedClock('2026-11-24T12:00:00Z')
  before(async () => {
    database = await testDatabase()
  })
  after(() => database.close())

  test('without a mail server has not left and waits; the server that a later start names takes it', async () => {
    const { db } = database
    const ownerId = newId()
    const mail = { ownerId, kind: 'aviso' as const, address: 'a@correo.example', subject: 's', body: 'b' }
    const id = await db.transaction().execute((trx) => queueMail(trx, queued, clock.now(), mail))
    const read = () => tables(db).selectFrom('post_office.mail').selectAll().where('id', '=', id).executeTakeFirst()
    await assert.rejects(sendMail({ db, clock, mailer: absentMailer }, ownerId, id), /SMTP_URL/)
    const waiting = await read()
    assert.deepEqual([waiting?.sent_at, waiting?.failed_at, waiting?.attempts], [null, null, 1])
    const sent = await sendMail({ db, clock, mailer: keptMailer }, ownerId, id)
    assert.equal(sent?.failed, false)
    assert.deepEqual((await read())?.sent_at, clock.now())
  })

  test('what a mail server says of an address is in no error that is logged', async (t) => {
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _, done) =>
        done(Object.assign(new Error(`${address} is over its quota`), { responseCode: 452 })),
    })
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
    t.after(() => new Promise<void>((resolve) => smtp.close(() => resolve())))
    const { port } = smtp.server.address() as { port: number }
    const { db } = database
    const mailer = smtpMailer(`smtp://127.0.0.1:${port}`, 'shop@shop.example')
    const ownerId = newId()
    const mail = { ownerId, kind: 'code' as const, address: 'persona@correo.example', subject: 's', body: 'b' }
    const id = await db.transaction().execute((trx) => queueMail(trx, queued, clock.now(), mail))
    await assert.rejects(sendMail({ db, clock, mailer }, ownerId, id), (error: Error) => {
      assert.match(error.message, /SMTP 452/)
      return !inspect(error).includes('persona')
    })
  })
})
