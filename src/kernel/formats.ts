import type { Language } from './texts.ts'

const locales: Record<Language, string> = { es: 'es-MX', en: 'en' }
const dates = new Map<string, Intl.DateTimeFormat>()
const numbers = new Map<string, Intl.NumberFormat>()

/** Formats cost a hundred times more to make than to use; there are as many as languages, zones and kinds, which is few. */
export function dateFormat(language: Language, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`
  const format = dates.get(key) ?? new Intl.DateTimeFormat(locales[language], { ...options, timeZone: zone })
  dates.set(key, format)
  return format
}

/** @param currency ISO 4217, for an amount of money in it */
export function numberFormat(language: Language, currency?: string): Intl.NumberFormat {
  const key = `${language} ${currency ?? ''}`
  const format =
    numbers.get(key) ?? new Intl.NumberFormat(locales[language], currency ? { style: 'currency', currency } : {})
  numbers.set(key, format)
  return format
}

const lists = { es: new Intl.ListFormat(locales.es), en: new Intl.ListFormat(locales.en) }

/** «a, b y c» */
export const listFormat = (language: Language): Intl.ListFormat => lists[language]
