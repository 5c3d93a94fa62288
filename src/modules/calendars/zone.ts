/** A calendar date, `YYYY-MM-DD`: it has no instant until a zone gives it one. */
export type Day = string

const DAY = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    const two = '2-digit' as const
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
    formats.set(zone, format)
  }
  return format
}

/** The wall clock of the zone at this instant: the day and the time of day as `HH:MM:SS`. */
export function wallClock(instant: Date, zone: string): { day: Day; time: string } {
  // «2026-11-24, 15:04:05»: asked for whole, which costs a third of asking for its parts.
  const [day, time] = formatOf(zone).format(instant).split(', ')
  return { day: day!, time: time! }
}

/** The instant at which the zone's wall clock shows this day and time (`HH:MM`); where it is skipped, the first one after. */
export function instantOf(day: Day, time: string, zone: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  // Twice: the offset at the guess may differ from the one at the answer, once a year at most.
  let guess = wanted - offsetAt(new Date(wanted), zone)
  guess = wanted - offsetAt(new Date(guess), zone)
  return new Date(guess)
}

export function startOfDay(day: Day, zone: string): Date {
  return instantOf(day, '00:00', zone)
}

/** ISO 8601 with the zone's offset: `2026-11-20T00:00:00-06:00`. */
export function withOffset(instant: Date, zone: string): string {
  const { day, time } = wallClock(instant, zone)
  const minutes = Math.round(offsetAt(instant, zone) / 60_000)
  const sign = minutes < 0 ? '-' : '+'
  const pad = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0')
  return `${day}T${time}${sign}${pad(minutes / 60)}:${pad(Math.abs(minutes) % 60)}`
}

function offsetAt(instant: Date, zone: string): number {
  const { day, time } = wallClock(instant, zone)
  return Date.parse(`${day}T${time}Z`) - Math.floor(instant.getTime() / 1000) * 1000
}

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10)
}

export function isDay(text: unknown): text is Day {
  return (
    typeof text === 'string' &&
    /^\d{4}-\d\d-\d\d$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString().startsWith(text)
  )
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(day).getUTCDay()
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
