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

/** Seconds that only go forward, for measuring durations (metrics, idle loops); never a time of day. */
export function stopwatch(): () => number {
  const started = performance.now()
  return () => (performance.now() - started) / 1000
}
