import { dateFormat, numberFormat } from '#kernel/formats.ts'
import type { Language } from '#kernel/texts.ts'
import type { Writing } from './document-parts.ts'

const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const

/** Dates as a document writes them, in the zone of the regime; a bare day is written as it is. */
export function writingIn(language: Language, zone: string): Writing {
  const day = (at: Date | string) =>
    dateFormat(language, typeof at === 'string' ? 'UTC' : zone, { dateStyle: 'long' }).format(new Date(at))
  return {
    language,
    day,
    instant: (at) => `${day(at)}, ${dateFormat(language, zone, TIME).format(at)} (${zone})`,
    money: (cents, currency) => numberFormat(language, currency).format(cents / 100),
  }
}
