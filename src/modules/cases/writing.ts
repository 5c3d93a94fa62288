import type { Language } from '#kernel/texts.ts'
import type { Writing } from './document-parts.ts'

const locales: Record<Language, string> = { es: 'es-MX', en: 'en' }

/** Dates as a document writes them, in the zone of the regime; a bare day is written as it is. */
export function writingIn(language: Language, zone: string): Writing {
  const key = `${language} ${zone}`
  const known = made.get(key) ?? makeWriting(language, zone)
  made.set(key, known)
  return known
}

/** Formats cost more to make than to use, and there are few zones. */
const made = new Map<string, Writing>()

function makeWriting(language: Language, zone: string): Writing {
  const day = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: zone })
  const bare = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' })
  const time = new Intl.DateTimeFormat(locales[language], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  })
  return {
    language,
    day: (at) => (typeof at === 'string' ? bare.format(new Date(at)) : day.format(at)),
    instant: (at) => `${day.format(at)}, ${time.format(at)} (${zone})`,
    money: (cents, currency) =>
      new Intl.NumberFormat(locales[language], { style: 'currency', currency }).format(cents / 100),
  }
}
