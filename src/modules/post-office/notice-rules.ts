import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { readPackFile } from '#kernel/pack-file.ts'
import type { Calendars } from '#modules/calendars/index.ts'

const closed = { additionalProperties: false }
const text = Type.Object({ es: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) }, closed)
const oneOf = <T extends string>(...values: T[]) => Type.Union(values.map((value) => Type.Literal(value)))

const ruleFile = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    version: Type.String({ minLength: 1 }),
    law: text,
    /** The text of the law relied on, in short. */
    relies: Type.String({ minLength: 1 }),
    source: Type.String({ minLength: 1 }),
    validFrom: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
    matters: Type.Array(oneOf('administrative', 'fiscal'), { minItems: 1 }),
    consent: oneOf('express', 'none'),
    /** What the clock starts from. */
    trigger: oneOf('deposit', 'announcement', 'delivery'),
    calendar: Type.String(),
    zone: Type.String(),
    /** `consultation`: showing the board's list serves; `receipt`: signing for it does. */
    onOpening: oneOf('consultation', 'receipt'),
    onLapse: Type.Union([
      Type.Object(
        {
          kind: Type.Literal('checkpoint'),
          checkpoints: Type.Array(Type.Integer({ minimum: 1, maximum: 31 }), { minItems: 1 }),
        },
        closed,
      ),
      Type.Object({ kind: Type.Literal('days'), day: Type.Integer({ minimum: 1, maximum: 60 }) }, closed),
      Type.Object({ kind: Type.Literal('never') }, closed),
    ]),
    effect: oneOf('same-day', 'next-business-day'),
    /** An opening outside business days and hours counts as it happens, or on the next business day. */
    outsideHours: oneOf('any-hour', 'next-business-day'),
    outage: Type.Object({ minHours: Type.Number({ minimum: 0 }) }, closed),
    reportDays: Type.Integer({ minimum: 0 }),
  },
  closed,
)

export type NoticeRule = Static<typeof ruleFile>
export type NoticeRules = ReadonlyMap<string, NoticeRule>

/**
 * Reads `<pack>/notification-rules/*.yaml`.
 * @throws PackFault with file and line
 */
export async function loadNoticeRules(packDir: string, calendars: Calendars): Promise<NoticeRules> {
  const folder = join(packDir, 'notification-rules')
  const rules = new Map<string, NoticeRule>()
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.yaml')).sort()) {
    const file = await readPackFile<NoticeRule>(join(folder, name), `notification-rules/${name}`, ruleFile)
    const calendar = calendars.get(file.value.calendar)
    if (rules.has(file.value.id)) file.fail(['id'], `there is another rule called «${file.value.id}»`)
    if (!calendar) file.fail(['calendar'], `unknown calendar «${file.value.calendar}»`)
    if (calendar!.zone !== file.value.zone) file.fail(['zone'], 'is not the zone of the calendar')
    rules.set(file.value.id, file.value)
  }
  return rules
}
