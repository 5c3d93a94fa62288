import { readFile } from 'node:fs/promises'
import { type Clock, stopwatch } from '#kernel/clock.ts'
import { readTracking, type Tracking } from './chrony-tracking.ts'

/** Why the clock is not believed now. */
export type ClockDoubt =
  | 'status-missing'
  | 'not-synchronised'
  | 'too-uncertain'
  | 'status-old'
  /** The clock was set, and nothing since then says that it is right. */
  | 'clock-was-set'

export interface ClockTrust {
  /** Asked before every stamping. Undefined: the clock is believed. */
  doubt(): Promise<ClockDoubt | undefined>
}

/** The demo's clock is the law's clock: it is moved on purpose, and nothing outside could say what it should be. */
export const demoClockTrust: ClockTrust = { doubt: async () => undefined }

interface Watched {
  clock: Clock
  /** Where `chronyc -c tracking` is written to, again and again. */
  statusFile: string
  /** Milliseconds: the clock is believed only while it is surely nearer than that. */
  accuracy: number
  /** Seconds that only go forward. */
  elapsed?: () => number
}

/** More than that at once is no correction but a clock that was set; corrections are slower than 500 millionths (adjtimex). */
const STEP_MILLISECONDS = 250
const LARGEST_SLEW = 500e-6
/** Seconds: chrony asks its servers at least every 1,024 seconds as it comes; three in a row may be missed. */
const OLDEST_MEASUREMENT = 3600
const REREAD_SECONDS = 1

/**
 * A clock is believed while two independent witnesses say so. The one that follows time sources (chrony) says that it is synchronised, by a
 * fresh measurement, and that its error is surely below the accuracy promised. And the machine's monotonic clock says that it was not
 * set in between: after it was, a measurement made since is waited for. That time never goes back is the record's to hold.
 */
export function watchClock({ clock, statusFile, accuracy, elapsed = stopwatch() }: Watched): ClockTrust {
  let before = { wall: clock.now().getTime(), mono: elapsed() }
  /** When it was found to have been set, by itself, and the measurement that was known then. */
  let set: { at: number; measuredAt: number | undefined } | undefined
  let read: { tracking: Tracking | undefined; mono: number } | undefined

  function compare(): number {
    const reading = { wall: clock.now().getTime(), mono: elapsed() }
    const passed = (reading.mono - before.mono) * 1000
    const difference = Math.abs(reading.wall - before.wall - passed)
    if (difference > STEP_MILLISECONDS + passed * LARGEST_SLEW)
      set = { at: reading.wall, measuredAt: read?.tracking?.measuredAt }
    before = reading
    return reading.wall
  }

  async function track(): Promise<Tracking | undefined> {
    if (read?.tracking && elapsed() - read.mono < REREAD_SECONDS && !set) return read.tracking
    const text = await readFile(statusFile, 'utf8').catch(() => '')
    read = { tracking: readTracking(text), mono: elapsed() }
    return read.tracking
  }

  return {
    async doubt() {
      const now = compare()
      const tracking = await track()
      const doubt = judge(tracking, now, accuracy)
      if (doubt || !set) return doubt
      // Set back, it may call an old measurement a new one: it has to be another, too.
      const { measuredAt } = tracking!
      if (measuredAt <= set.at || measuredAt === set.measuredAt) return 'clock-was-set'
      set = undefined
      return undefined
    },
  }
}

function judge(tracking: Tracking | undefined, now: number, accuracy: number): ClockDoubt | undefined {
  if (!tracking) return 'status-missing'
  if (!tracking.synchronised) return 'not-synchronised'
  const age = now - tracking.measuredAt
  if (age > OLDEST_MEASUREMENT * 1000 || age < -accuracy) return 'status-old'
  return tracking.largestError > accuracy ? 'too-uncertain' : undefined
}
