import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { readPackFile } from '#kernel/pack-file.ts'
import type { Calendar } from './calendar.ts'

const closed = { additionalProperties: false }
const text = Type.Object({ es: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) }, closed)
const day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })
const time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const month = Type.Integer({ minimum: 1, maximum: 12 })
const turn = {
  every: Type.Optional(Type.Integer({ minimum: 1 })),
  since: Type.Optional(Type.Integer({ minimum: 1900 })),
}
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

const calendarFile = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    version: Type.String({ minLength: 1 }),
    law: text,
    source: Type.String({ minLength: 1 }),
    zone: Type.String({ minLength: 1 }),
    hours: Type.Object({ from: time, to: time }, closed),
    daysOff: Type.Array(
      Type.Union([
        Type.Object({ month, day: Type.Integer({ minimum: 1, maximum: 31 }), name: text, ...turn }, closed),
        Type.Object(
          {
            month,
            weekday: Type.Union(weekdays.map((name) => Type.Literal(name))),
            nth: Type.Integer({ minimum: 1, maximum: 4 }),
            name: text,
            ...turn,
          },
          closed,
        ),
      ]),
    ),
    suspensions: Type.Array(
      Type.Object({ institution: Type.String(), from: day, to: day, reference: Type.String({ minLength: 1 }) }, closed),
    ),
    institutionHours: Type.Optional(
      Type.Array(
        Type.Object(
          { institution: Type.String(), from: time, to: time, reference: Type.String({ minLength: 1 }) },
          closed,
        ),
      ),
    ),
  },
  closed,
)

export type Calendars = ReadonlyMap<string, Calendar>

/**
 * Reads `<pack>/calendars/*.yaml`.
 * @throws PackFault with file and line
 */
export async function loadCalendars(packDir: string): Promise<Calendars> {
  const folder = join(packDir, 'calendars')
  const calendars = new Map<string, Calendar>()
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.yaml')).sort()) {
    const file = await readPackFile<Static<typeof calendarFile>>(join(folder, name), `calendars/${name}`, calendarFile)
    const calendar = file.value as Calendar
    if (calendars.has(calendar.id)) file.fail(['id'], `there is another calendar called «${calendar.id}»`)
    try {
      new Intl.DateTimeFormat('en', { timeZone: calendar.zone })
    } catch {
      file.fail(['zone'], `unknown time zone «${calendar.zone}»`)
    }
    calendar.daysOff.forEach((each, i) => {
      if (each.every !== undefined && each.since === undefined) file.fail(['daysOff', i], '«every» needs «since»')
    })
    calendars.set(calendar.id, calendar)
  }
  return calendars
}
