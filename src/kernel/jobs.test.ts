import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import { fixedClock } from './clock.ts'
import { installJobs, type JobData, type Jobs, openJobs } from './jobs.ts'
import { silentLog } from './log.ts'

describe('jobs', () => {
  let database: TestDatabase
  let jobs: Jobs
  const clock = fixedClock('2026-11-24T12:00:00Z')
  const done: JobData[] = []
  let failures = 0

  before(async () => {
    database = await testDatabase()
    await installJobs(database.ownerUrl, ['greet', 'stumble'])
    jobs = openJobs({ db: database.db, url: database.url, clock, log: silentLog, alone: true })
    jobs.handle('greet', async (data) => {
      done.push(data)
    })
    jobs.handle('stumble', async (data) => {
      failures += 1
      if (failures < 2) throw new Error('the first time fails')
      done.push(data)
    })
    await jobs.start()
  })
  after(async () => {
    await jobs.stop()
    await database.close()
  })

  test('a job is gone with the transaction that is rolled back', async () => {
    await assert.rejects(
      database.db.transaction().execute(async (trx) => {
        await jobs.send(trx, 'greet', { who: 'nobody' })
        throw new Error('rolled back')
      }),
    )
    await database.db.transaction().execute((trx) => jobs.send(trx, 'greet', { who: 'somebody' }))
    await jobs.drain()
    assert.deepEqual(done.splice(0), [{ who: 'somebody' }])
  })

  test('what is due waits for the clock of the shop and says when it was due', async () => {
    const dueAt = new Date('2026-11-26T06:00:00Z')
    await database.db
      .transaction()
      .execute((trx) => jobs.at(trx, { queue: 'greet', key: 'a', dueAt, data: { who: 'later' } }))
    await database.db
      .transaction()
      .execute((trx) => jobs.at(trx, { queue: 'greet', key: 'b', dueAt, data: { who: 'cancelled' } }))
    await database.db.transaction().execute((trx) => jobs.cancel(trx, 'b'))
    await jobs.drain()
    assert.deepEqual(done, [])
    clock.set('2026-11-26T06:00:00Z')
    await jobs.drain()
    assert.deepEqual(done.splice(0), [{ who: 'later', dueAt: '2026-11-26T06:00:00.000Z' }])
  })

  test('a job that fails is tried again', async () => {
    await database.db.transaction().execute((trx) => jobs.send(trx, 'stumble', { who: 'again' }))
    await jobs.drain()
    assert.deepEqual(done.splice(0), [{ who: 'again' }])
    assert.equal(failures, 2)
  })
})
