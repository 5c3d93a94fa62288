import { sql } from 'kysely'
import { fromKysely, PgBoss } from 'pg-boss'
import type { Clock } from './clock.ts'
import type { Database, Trx } from './database.ts'
import type { Log } from './log.ts'
import { SERVING_ROLE } from './migrations.ts'

/** JSON values only: they travel through the database. */
export type JobData = Record<string, unknown>

/** Runs at least once, and again after a crash or a failure: it must find out by itself whether its work is done. */
export type JobHandler = (data: JobData) => Promise<void>

export interface DueJob {
  queue: string
  /** Unique among what is waiting; asking again with the same key moves the instant. */
  key: string
  /** By the shop's clock. The handler gets it as `dueAt` (ISO 8601), for acts whose time is the limit and not the run. */
  dueAt: Date
  data: JobData
}

/** What modules need to promise work: inside the transaction that decided it. */
export interface JobSender {
  send(trx: Trx, queue: string, data: JobData): Promise<void>
  at(trx: Trx, job: DueJob): Promise<void>
  cancel(trx: Trx, key: string): Promise<void>
}

export interface Jobs extends JobSender {
  handle(queue: string, handler: JobHandler, options?: { atOnce?: number }): void
  start(): Promise<void>
  /** Finishes what is under way. */
  stop(): Promise<void>
  /** Resolves when nothing is due and nothing is queued: used by `demo advance` and by tests. */
  drain(timeoutSeconds?: number): Promise<void>
}

type KernelTables = {
  'kernel.due': { key: string; queue: string; due_at: Date; data: string }
}

const SWEEP_MILLISECONDS = 250
const SWEEP_BATCH = 500
const YEARS = 10 * 365 * 24 * 3600

/** A failed job is tried again for ever, ever more slowly: an official act comes late, never not at all. */
const queueOptions = {
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  retentionSeconds: YEARS,
  deleteAfterSeconds: 3600,
  heartbeatSeconds: 20,
  notify: true,
}

/** As the owner, at start-up: the queue's own schema and every queue that has a handler. */
export async function installJobs(ownerUrl: string, queues: readonly string[]): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false, max: 1 })
  boss.on('error', () => {})
  await boss.start()
  for (const queue of queues) {
    if (await boss.getQueue(queue)) await boss.updateQueue(queue, { retryLimit: queueOptions.retryLimit })
    else await boss.createQueue(queue, queueOptions)
  }
  await boss.getDb().executeSql(`
    grant usage on schema pgboss to ${SERVING_ROLE};
    grant select, insert, update, delete on all tables in schema pgboss to ${SERVING_ROLE};
    grant usage on all sequences in schema pgboss to ${SERVING_ROLE};
    grant execute on all functions in schema pgboss to ${SERVING_ROLE}`)
  await boss.stop({ graceful: false })
}

export interface JobsParts {
  db: Database
  url: string
  clock: Clock
  log: Log
  /** This process is the only one on its database: what a killed predecessor left half done is taken up at once. */
  alone?: boolean
}

export function openJobs({ db, url, clock, log, alone = false }: JobsParts): Jobs {
  const tables = db.withTables<KernelTables>()
  const handlers = new Map<string, { handler: JobHandler; atOnce: number }>()
  const boss = new PgBoss({
    connectionString: url,
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    useListenNotify: true,
    monitorIntervalSeconds: 10,
    superviseIntervalSeconds: 10,
    max: 4,
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  let sweeping: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function sweepOnce(): Promise<number> {
    return db.transaction().execute(async (trx) => {
      const due = await sql<{ queue: string; due_at: Date; data: JobData }>`
        delete from kernel.due where key in (
          select key from kernel.due where due_at <= ${clock.now()} order by due_at limit ${SWEEP_BATCH} for update skip locked)
        returning queue, due_at, data`.execute(trx)
      const ordered = due.rows.sort((a, b) => a.due_at.getTime() - b.due_at.getTime())
      for (const row of ordered) await send(trx, row.queue, { ...row.data, dueAt: row.due_at.toISOString() })
      return ordered.length
    })
  }

  function sweep(): Promise<void> {
    sweeping = sweeping.then(async () => {
      try {
        while (!stopped && (await sweepOnce()) === SWEEP_BATCH);
      } catch (error) {
        log.error({ err: error }, 'sweeping what is due')
      }
    })
    return sweeping
  }

  function scheduleSweep(): void {
    timer = setTimeout(() => sweep().then(() => !stopped && scheduleSweep()), SWEEP_MILLISECONDS)
  }

  async function send(trx: Trx, queue: string, data: JobData): Promise<void> {
    await boss.send(queue, data, { db: fromKysely(trx) })
  }

  return {
    send,
    async at(trx, { queue, key, dueAt, data }) {
      const row = { key, queue, due_at: dueAt, data: JSON.stringify(data) }
      await trx
        .withTables<KernelTables>()
        .insertInto('kernel.due')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ queue, due_at: dueAt, data: row.data }))
        .execute()
    },
    async cancel(trx, key) {
      await trx.withTables<KernelTables>().deleteFrom('kernel.due').where('key', '=', key).execute()
    },
    handle(queue, handler, { atOnce = 8 } = {}) {
      handlers.set(queue, { handler, atOnce })
    },
    async start() {
      await boss.start()
      if (alone)
        await sql`update pgboss.job set state = 'retry', start_after = now() where state = 'active'`.execute(db)
      for (const [queue, { handler, atOnce }] of handlers) {
        await boss.work<JobData>(
          queue,
          { batchSize: atOnce, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, perJobResults: true },
          (batch) => Promise.all(batch.map((job) => runJob(queue, job, handler, log))),
        )
      }
      scheduleSweep()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await sweeping
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
    async drain(timeoutSeconds = 60) {
      const polls = timeoutSeconds * 20
      for (let poll = 0; poll < polls; poll += 1) {
        await sweep()
        if (await isIdle()) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`jobs still waiting after ${timeoutSeconds} s`)
    },
  }

  async function isIdle(): Promise<boolean> {
    const waiting = await tables
      .selectFrom('kernel.due')
      .select('key')
      .where('due_at', '<=', clock.now())
      .limit(1)
      .execute()
    if (waiting.length > 0) return false
    const open = await sql`select 1 from pgboss.job where state < 'completed' limit 1`.execute(db)
    return open.rows.length === 0
  }
}

async function runJob(queue: string, job: { id: string; data: JobData }, handler: JobHandler, log: Log) {
  try {
    await handler(job.data)
    return { id: job.id, status: 'completed' as const }
  } catch (error) {
    log.warn({ err: error, queue, job: job.id }, 'job failed, it will be tried again')
    return { id: job.id, status: 'failed' as const }
  }
}

/** What should have been done some seconds ago and was not: the operator's first look when something seems late. */
export async function countOverdue(db: Database, now: Date, seconds: number): Promise<number> {
  const row = await db
    .withTables<KernelTables>()
    .selectFrom('kernel.due')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('due_at', '<', new Date(now.getTime() - seconds * 1000))
    .executeTakeFirstOrThrow()
  return row.count
}
