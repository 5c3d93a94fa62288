import { setTimeout as sleep } from 'node:timers/promises'
import { openLoad } from '#kernel/load.ts'
import type { PreservationParts } from './preservation-parts.ts'
import { type Outcome, preserveDocument } from './preserve-document.ts'
import { LONGEST_WAIT, nextTry } from './renewal.ts'
import { bringBack, type Due, lockDue, postpone, takeUp } from './schedule.ts'
import { ClockDiffers, openStampingAuthority, reviseEnds } from './stamping-authority.ts'

export interface Preservation {
  /** Looks at the schedule from now on, again and again. */
  start(): void
  /** Finishes the documents under way. */
  stop(): Promise<void>
  /**
   * Does all that is due now and can be done. @returns how many documents got all they need, and how many wait
   * @throws ClockDiffers where the clock is not the time-stamp authority’s: nothing is done by it
   */
  run(): Promise<RunReport>
}

export interface RunReport {
  preserved: number
  postponed: number
}

const EVERY_MILLISECONDS = 10_000
/** Documents at a time: the authorities' answers are waited for, and requests of people go first. */
const AT_ONCE = 2
/** Milliseconds, and the share of them in which the process had something to do. */
const PAUSE = 50
const LONGEST_PATIENCE = 30_000
const BUSY = 0.7

/** The job that makes official documents last: each on its own, any number of processes at once, in any order. */
export function openPreservation(given: PreservationParts): Preservation {
  const parts = { ...given, authority: openStampingAuthority(given) }
  const { db, clock, log } = parts
  let running: Promise<RunReport> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let gentle = false
  let revised = false

  async function one(renewal: boolean): Promise<Outcome | undefined> {
    let due: Due | undefined
    try {
      return await db.transaction().execute(async (trx) => {
        due = await lockDue(trx, { renewal, now: clock.now() })
        return due && preserveDocument(parts, trx, due)
      })
    } catch (error) {
      if (!due || error instanceof ClockDiffers) throw error
      // One document that is not as expected must not keep the others waiting.
      log.error({ err: error, document: due.documentId }, 'a document cannot be preserved')
      const now = clock.now()
      await postpone(db, due, { dueAt: nextTry(now, due.tries), waitsFor: 'fault' })
      return 'fault'
    }
  }

  /** Whoever asks for something goes first: while this process is busy a document waits, but not for ever. */
  async function giveWay(): Promise<void> {
    const busy = openLoad()
    for (let waited = 0; waited < LONGEST_PATIENCE && gentle && !stopped; waited += PAUSE) {
      await sleep(PAUSE)
      if (busy() < BUSY) return
    }
  }

  async function work(report: RunReport, reasons: Set<Outcome>, first: boolean): Promise<void> {
    // New documents and renewals in turn: neither line waits for the other's end.
    let renewal = first
    let idle = 0
    while (!stopped && idle < 2) {
      if (gentle) await giveWay()
      const outcome = await one(renewal)
      // Those that were issued while many others were looked after.
      const more = !outcome && !renewal && (await takeUp(db, clock.now())) > 0
      if (!more) renewal = !renewal
      if (!outcome) {
        idle = more ? 0 : idle + 1
        continue
      }
      idle = 0
      if (outcome === 'preserved') report.preserved += 1
      else if (outcome !== 'early') {
        report.postponed += 1
        reasons.add(outcome)
      }
      // Without an authority of time nothing can be done for any document.
      if (outcome === 'authority-silent') return
    }
  }

  async function runOnce(): Promise<RunReport> {
    const report = { preserved: 0, postponed: 0 }
    const reasons = new Set<Outcome>()
    // Also asks what time it is for others; by a wrong clock nothing is due, and nothing is put off.
    await parts.authority.current()
    await bringBack(db, clock.now(), LONGEST_WAIT)
    if (!revised) {
      const moved = await reviseEnds(db, clock.now(), parts.algorithms)
      if (moved > 0)
        log.warn({ documents: moved }, 'an algorithm ends sooner than it was thought: documents are renewed sooner')
      revised = true
    }
    while (!stopped && (await takeUp(db, clock.now())) > 0);
    const done = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, i) => work(report, reasons, i % 2 === 1)))
    // That the next answer about revocation is waited for is nobody's fault, and what every document does.
    const say = [...reasons].every((reason) => reason === 'answer-too-old') ? log.info.bind(log) : log.warn.bind(log)
    if (report.postponed > 0) say({ ...report, reasons: [...reasons] }, 'documents wait to be preserved')
    for (const each of done) if (each.status === 'rejected') throw each.reason
    return report
  }

  /** Nobody who waits for it waits for others. */
  function run(): Promise<RunReport> {
    gentle = false
    return runOrJoin()
  }

  function runOrJoin(): Promise<RunReport> {
    running ??= runOnce().finally(() => {
      running = undefined
    })
    return running
  }

  function schedule(): void {
    timer = setTimeout(() => {
      gentle = running === undefined
      runOrJoin()
        .catch((error: unknown) => log.error({ err: error }, 'preserving documents'))
        .then(() => !stopped && schedule())
    }, EVERY_MILLISECONDS)
    timer.unref()
  }

  return {
    run,
    start: schedule,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running?.catch(() => {})
    },
  }
}
