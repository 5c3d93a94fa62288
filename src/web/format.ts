import { dateFormat, listFormat, numberFormat } from '#kernel/formats.ts'
import type { Language } from '#kernel/texts.ts'

interface Place {
  language: Language
  zone: string
}

/** «24 de noviembre de 2026» */
export function showDay(at: Date | string, { language, zone }: Place): string {
  // A bare day has no zone: shown as it is written.
  if (typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at)) {
    return dateFormat(language, 'UTC', { dateStyle: 'long' }).format(new Date(at))
  }
  return dateFormat(language, zone, { dateStyle: 'long' }).format(new Date(at))
}

/** «24 de noviembre de 2026, 15:04» */
export function showInstant(at: Date | string, { language, zone }: Place): string {
  const day = showDay(new Date(at), { language, zone })
  const time = dateFormat(language, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
  return `${day}, ${time}`
}

export function showMoney(cents: number, currency: string, language: Language): string {
  return numberFormat(language, currency).format(cents / 100)
}

export function showNumber(value: number, language: Language): string {
  return numberFormat(language).format(value)
}

/** «1.2 MB» */
export function showBytes(bytes: number, language: Language): string {
  if (bytes < 1_000_000) return `${showNumber(Math.max(1, Math.round(bytes / 1000)), language)} KB`
  return `${showNumber(Math.round(bytes / 100_000) / 10, language)} MB`
}

/** «Personas, empresas y representantes» */
export function listOf(items: string[], language: Language): string {
  const whole = listFormat(language).format(items)
  return whole.charAt(0).toUpperCase() + whole.slice(1)
}
