import { performance } from 'node:perf_hooks'

/** One line of `results.md`: a figure beside its limit, measured in the same run on the same machine. */
export interface Result {
  what: string
  value: number
  unit: string
  /** The limit that the value is held against. */
  goal: number
  better: 'more' | 'less'
}

/** Seconds since the call. */
export function seconds(): () => number {
  const start = performance.now()
  return () => (performance.now() - start) / 1000
}

/** Rounded to the unit of the values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0)
}
