import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { type TestDatabase, testDatabase } from '#test/support/database.ts'
import type { Queries } from './database.ts'

describe('a transaction is all or nothing', () => {
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
    await sql`create table public.kept (id integer primary key)`.execute(database.ownerDb)
    await sql`grant select, insert on public.kept to public`.execute(database.ownerDb)
  })
  after(() => database?.close())
  const keep = (queries: Queries, id: number) => sql`insert into public.kept (id) values (${id})`.execute(queries)
  const kept = async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return (await sql<{ id: number }>`select id from public.kept order by id`.execute(database.db)).rows.map(
      ({ id }) => id,
    )
  }

  test('what waits behind a statement that fails is never done, not even after the rollback', async () => {
    await assert.rejects(
      database.db.transaction().execute((trx) => Promise.all([1, 1, 2, 3, 4].map((id) => keep(trx, id)))),
      /duplicate key/,
    )
    assert.deepEqual(await kept(), [])
  })

  test('nor what waits when the act itself changes its mind', async () => {
    await assert.rejects(
      database.db.transaction().execute(async (trx) => {
        for (const id of [5, 6, 7]) keep(trx, id).catch(() => {})
        throw new Error('refused')
      }),
      /refused/,
    )
    assert.deepEqual(await kept(), [])
  })

  test('what nobody waited for before the commit is not done behind it', async () => {
    const late: Array<Promise<unknown>> = []
    await database.db.transaction().execute(async (trx) => {
      await keep(trx, 8)
      late.push(...[9, 10, 11].map((id) => keep(trx, id).catch(() => 'not done')))
    })
    const done = 3 - (await Promise.all(late)).filter((each) => each === 'not done').length
    assert.equal((await kept()).length, 1 + done)
  })

  test('a commit of what failed unnoticed says so and keeps nothing', async () => {
    await assert.rejects(
      database.db.transaction().execute(async (trx) => {
        await keep(trx, 40)
        await keep(trx, 40).catch(() => {})
      }),
      (error) => error instanceof Error && error.constructor.name === 'AbortedTransactionError',
    )
    assert.ok(!(await kept()).includes(40))
  })

  test('a table that got another column meanwhile is read again, by a plan of its own', async () => {
    const read = () =>
      database.db.connection().execute((one) => sql`select * from public.kept where id = ${8}`.execute(one))
    for (let turn = 0; turn < 8; turn += 1) await read()
    await sql`alter table public.kept add column more text`.execute(database.ownerDb)
    await Promise.allSettled(Array.from({ length: 12 }, read))
    assert.deepEqual((await read()).rows, [{ id: 8, more: null }])
  })

  test('a connection is whole again for who comes next', async () => {
    for (let turn = 0; turn < 30; turn += 1) {
      await assert.rejects(
        database.db.transaction().execute((trx) => Promise.all([20, 20, 21].map((id) => keep(trx, id)))),
      )
      await database.db.transaction().execute((trx) => keep(trx, 100 + turn))
    }
    const all = await kept()
    assert.deepEqual([all.filter((id) => id >= 100).length, all.includes(21)], [30, false])
  })
})
