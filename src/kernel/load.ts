import { performance } from 'node:perf_hooks'

/** How much of the time since the last call this process had something to do, from 0 to 1. */
export function openLoad(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}
