/** The only source of time. Everything with legal effect takes the instant from here, never from the database or a browser. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export function fixedClock(
  at: Date | string,
): Clock & { set(at: Date | string): void; advance(milliseconds: number): void } {
  let current = new Date(at)
  return {
    now: () => new Date(current),
    set: (next) => {
      current = new Date(next)
    },
    advance: (milliseconds) => {
      current = new Date(current.getTime() + milliseconds)
    },
  }
}

/** A clock that runs at the system's pace, `offset` milliseconds away from it. */
export function shiftedClock(
  base: Clock,
  initialOffset: number,
): Clock & { offset(): number; moveTo(offset: number): void } {
  let offset = initialOffset
  return {
    now: () => new Date(base.now().getTime() + offset),
    offset: () => offset,
    moveTo: (next) => {
      offset = next
    },
  }
}

const ISO_INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * ISO 8601 with its offset: a time without one would mean another moment on another machine. A day that does not exist
 * (31 February) is no instant, where the language itself would quietly take a later one.
 */
export function readIsoInstant(text: unknown): Date | undefined {
  const parts = typeof text === 'string' ? ISO_INSTANT.exec(text) : null
  if (!parts) return undefined
  const [year, month, day] = parts.slice(1, 4).map(Number) as [number, number, number]
  const instant = new Date(parts[0])
  const exists = day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  return exists && !Number.isNaN(instant.getTime()) ? instant : undefined
}

/** Seconds that only go forward, for measuring durations (metrics, idle loops); never a time of day. */
export function stopwatch(): () => number {
  const started = performance.now()
  return () => (performance.now() - started) / 1000
}
