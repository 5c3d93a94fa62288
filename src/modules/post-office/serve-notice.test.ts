import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fixedClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { installJobs, type JobData, type Jobs, openJobs } from '#kernel/jobs.ts'
import { silentLog } from '#kernel/log.ts'
import { loadCalendars } from '#modules/calendars/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import { append } from '#modules/ledger/index.ts'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import {
  consultBoard,
  type DepositNotice,
  depositNotice,
  handleMail,
  lapseNotice,
  listEvents,
  loadNoticeRules,
  MAIL_QUEUE,
  noticeQueues,
  type PostOfficeParts,
  readNotice,
  reportFault,
} from './index.ts'
import { tables } from './tables.ts'

const pack = new URL('../../../packs/mx', import.meta.url).pathname
const FIRST = '2026-11-03T18:00:00Z'

describe('a notice is served once, at the right moment', () => {
  let database: TestDatabase
  let jobs: Jobs
  let parts: PostOfficeParts
  const clock = fixedClock(FIRST)
  const served: JobData[] = []
  const sent: string[] = []
  let confirmed = true

  before(async () => {
    database = await testDatabase()
    const queues = [...Object.values(noticeQueues), MAIL_QUEUE]
    await installJobs(database.ownerUrl, queues)
    jobs = openJobs({ db: database.db, url: database.url, clock, log: silentLog, alone: true })
    const calendars = await loadCalendars(pack)
    parts = {
      db: database.db,
      clock,
      jobs,
      rules: await loadNoticeRules(pack, calendars),
      calendars,
      log: { append },
      contactEmail: async () => ({ address: 'alguien@example.mx', confirmed }),
      publicUrl: 'http://localhost',
      operator: { es: 'Operador', en: 'Operator' },
      // Constancias are sealed in the journeys, where the whole shop runs.
    } as Omit<PostOfficeParts, 'documents' | 'certificates'> as PostOfficeParts
    const owned = (data: JobData) => [String(data.ownerId), String(data.noticeId)] as const
    jobs.handle(noticeQueues.lapse, (data) => lapseNotice(parts, ...owned(data), new Date(String(data.dueAt))))
    jobs.handle(noticeQueues.constancia, async (data) => void served.push(data))
    jobs.handle(MAIL_QUEUE, (data) =>
      handleMail(
        { ...parts, mailer: async ({ text }) => void sent.push(text) },
        String(data.ownerId),
        String(data.mailId),
      ),
    )
    await jobs.start()
  })
  after(async () => {
    await jobs?.stop()
    await database?.close()
  })

  const text = (es: string) => ({ es, en: es })
  const deposit = (more: Partial<DepositNotice> = {}) => {
    const input: DepositNotice = {
      ownerId: newId(),
      institution: 'x',
      sender: text('Instituto'),
      recipient: 'MARÍA PÉREZ',
      subject: text('Resolución'),
      kind: 'decision',
      caseId: null,
      folio: null,
      rule: 'mx-lfea-11',
      matter: 'administrative',
      consent: true,
      actDocumentId: newId(),
      actSha256: '00'.repeat(32),
      particulars: {
        legalBasis: text('LFPA 57'),
        final: false,
        appeal: {
          name: text('Recurso de revisión'),
          before: text('El superior'),
          days: 15,
          legalBasis: text('LFPA 83'),
        },
      },
      language: 'es',
      ...more,
    }
    return database.db.transaction().execute((trx) => depositNotice(parts, trx, input))
  }
  const read = ({ ownerId, id }: { ownerId: string; id: string }) => readNotice(database.db, ownerId, id)
  const acts = async (notice: { ownerId: string; id: string }) =>
    (await listEvents(database.db, notice)).map(({ event }) => event)

  test('LFPA 39: without its basis, the appeal, before whom and until when, no notice goes out', async () => {
    clock.set(FIRST)
    const complete = { name: text('Recurso'), before: text('El superior'), days: 15, legalBasis: text('LFPA 83') }
    for (const particulars of [
      { legalBasis: text(' '), final: true, appeal: null },
      { legalBasis: text('LFPA 57'), final: false, appeal: null },
      { legalBasis: text('LFPA 57'), final: false, appeal: { ...complete, before: text('') } },
      { legalBasis: text('LFPA 57'), final: false, appeal: { ...complete, days: 0 } },
    ])
      await assert.rejects(deposit({ particulars }), { code: 'notice-without-particulars' })
  })

  test('LFEA 11: without express consent, or with a fiscal rule on an act that is not, nothing is posted', async () => {
    await assert.rejects(deposit({ consent: false }), { code: 'consent-missing' })
    await assert.rejects(deposit({ rule: 'mx-cff-134' }), { code: 'rule-not-for-this' })
    await assert.rejects(deposit({ rule: 'mx-lfpa-35' }), { code: 'rule-not-for-this' })
  })

  test('the e-mail says that there is something, from whom and by when, and nothing else', async () => {
    sent.length = 0
    await deposit({ subject: text('Secreto: beca negada') })
    await jobs.drain()
    assert.equal(sent.length, 1)
    assert.match(sent[0]!, /Instituto/)
    assert.match(sent[0]!, /a más tardar el 15 de noviembre de 2026/)
    assert.match(sent[0]!, /notificada el 16 de noviembre de 2026/)
    assert.doesNotMatch(sent[0]!, /Secreto|beca|MARÍA/)
  })

  test('LFEA 11-I: consulting at the very instant of the limit wins; the job that comes after does nothing', async () => {
    clock.set(FIRST)
    const notice = await deposit()
    clock.set('2026-11-16T06:00:00Z')
    assert.equal(await consultBoard(parts, notice.ownerId), 1)
    await jobs.drain()
    const after = await read(notice)
    assert.equal(after.servedBy, 'consultation')
    assert.equal(after.servedAt?.toISOString(), '2026-11-16T06:00:00.000Z')
    assert.ok(!(await acts(notice)).includes('AcceptanceRejectionExpiry'))
  })

  test('LFEA 11-I: who consults after the limit, before a late job has run, finds it served by lapse at the limit', async () => {
    clock.set(FIRST)
    const notice = await deposit()
    // As if the queue had stood still over the limit.
    await database.db.transaction().execute((trx) => jobs.cancel(trx, `lapse ${notice.id}`))
    clock.set('2026-11-16T15:00:00Z')
    await consultBoard(parts, notice.ownerId)
    const after = await read(notice)
    assert.equal(after.servedBy, 'lapse')
    assert.equal(after.servedAt?.toISOString(), '2026-11-16T06:00:00.000Z')
    const events = await acts(notice)
    assert.ok(events.includes('AcceptanceRejectionExpiry'))
    assert.ok(!events.includes('NotificationAccessTracking'), 'nobody consulted it in time')
  })

  test('a day of outage moves the limit, is shown at once, and stays with the notice as evidence', async () => {
    clock.set(FIRST)
    const notice = await deposit()
    const outage = { from_at: new Date('2026-11-16T14:00:00Z'), to_at: new Date('2026-11-16T20:00:00Z') }
    await tables(database.db)
      .insertInto('post_office.outage')
      .values({ id: newId(), ...outage, cause: 'not-serving' })
      .execute()
    clock.set('2026-11-16T20:00:00Z')
    await jobs.drain()
    const moved = await read(notice)
    assert.equal(moved.status, 'deposited')
    assert.equal(moved.lapse.servedAt, '2026-11-17T00:00:00-06:00')
    clock.set('2026-11-17T06:00:00Z')
    await jobs.drain()
    const after = await read(notice)
    assert.equal(after.servedBy, 'lapse')
    assert.deepEqual(after.lapse.days, ['2026-11-17'])
    assert.equal(after.lapse.outages?.[0]?.from, '2026-11-16T08:00:00-06:00')
    assert.equal(served.filter(({ noticeId }) => noticeId === notice.id).length, 1)
  })

  test('LFEA 11-III: three business days to say that a failure kept one out; only of what lapsed, and once', async () => {
    clock.set(FIRST)
    const [early, late, consulted] = [await deposit(), await deposit(), await deposit()]
    const report = ({ ownerId, id }: { ownerId: string; id: string }) =>
      reportFault(parts, { account: { id: ownerId } } as ActingSession, id)
    await assert.rejects(report(early), { code: 'report-too-late' }, 'nothing lapsed yet')
    await consultBoard(parts, consulted.ownerId)
    clock.set('2026-11-30T06:00:00Z')
    for (let i = 0; i < 3; i += 1) await jobs.drain()
    const limit = new Date((await read(early)).lapse.servedAt!)
    assert.equal((await read(early)).servedBy, 'lapse')
    await assert.rejects(report(consulted), { code: 'report-too-late' })
    // Lapsed on Tuesday 17 November, after the outage: Wednesday, Thursday, and Monday 23, for the 20th is off.
    assert.equal(limit.toISOString(), '2026-11-17T06:00:00.000Z')
    clock.set('2026-11-24T05:59:59Z')
    await report(early)
    await report(early)
    assert.equal((await acts(early)).filter((event) => event === 'ContentConsignmentFailure').length, 1)
    clock.set('2026-11-24T06:00:00Z')
    await assert.rejects(report(late), { code: 'report-too-late' })
  })

  test('CFF 134: the days count from the day after the aviso left; none left, none count', async () => {
    clock.set('2026-11-24T18:00:00Z')
    const fiscal = { rule: 'mx-cff-134', matter: 'fiscal' as const }
    const notice = await deposit(fiscal)
    await jobs.drain()
    const announced = await read(notice)
    assert.equal(announced.lapse.servedAt, '2026-11-30T00:00:00-06:00')
    confirmed = false
    const unreached = await deposit(fiscal)
    confirmed = true
    assert.equal(unreached.announcedAt, null)
    clock.set('2026-12-20T18:00:00Z')
    await jobs.drain()
    assert.equal((await read(notice)).servedBy, 'lapse')
    const still = await read(unreached)
    assert.equal(still.status, 'deposited')
    assert.equal(still.unreachable, true)
  })

  test('the aviso that left is told once, also when the queue asks twice', async () => {
    clock.set('2026-12-21T18:00:00Z')
    const notice = await deposit()
    await jobs.drain()
    const mail = await tables(database.db)
      .selectFrom('post_office.mail')
      .selectAll()
      .where('owner_id', '=', notice.ownerId)
      .executeTakeFirstOrThrow()
    await handleMail({ ...parts, mailer: async () => assert.fail('sent twice') }, notice.ownerId, mail.id)
    const left = (await acts(notice)).filter((event) => event === 'ConsignmentNotification')
    assert.equal(left.length, 1)
  })
})
