/** What chrony says of the clock it keeps. */
export interface Tracking {
  synchronised: boolean
  /** When the last measurement of a source was taken in, by the clock itself: milliseconds since 1970. */
  measuredAt: number
  /** Milliseconds: |offset| + root dispersion + half the root delay, as chrony's own documentation bounds the error. */
  largestError: number
}

const FIELDS = 14
const MOST_STRATA = 15
/** 127.127.1.1: chrony's name for a clock that follows nobody but itself. */
const LOCAL_CLOCK = '7F7F0101'

/** The line of `chronyc -c tracking`; undefined for anything else. */
export function readTracking(text: string): Tracking | undefined {
  const fields = text.trim().split(',')
  if (fields.length !== FIELDS || text.length > 1000) return undefined
  const [stratum, measured, offset, delay, dispersion] = [2, 3, 4, 10, 11].map((i) => Number(fields[i] || Number.NaN))
  const numbers = [stratum!, measured!, offset!, delay!, dispersion!]
  if (!numbers.every(Number.isFinite) || delay! < 0 || dispersion! < 0) return undefined
  const isTold = ['Normal', 'Insert second', 'Delete second'].includes(fields[13]!)
  return {
    synchronised: isTold && fields[0] !== LOCAL_CLOCK && stratum! >= 1 && stratum! <= MOST_STRATA,
    measuredAt: measured! * 1000,
    largestError: (Math.abs(offset!) + dispersion! + delay! / 2) * 1000,
  }
}
