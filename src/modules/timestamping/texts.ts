import type { Text } from '#kernel/texts.ts'
import type { TimestampFailure } from '#trust/timestamp/errors.ts'

/** What an asker reads who is not stamped; both stand in the answer (PKIFreeText). */
export const refusalTexts: Record<TimestampFailure, Text> = {
  badAlg: {
    es: 'El resumen debe ser SHA-256, SHA-384 o SHA-512.',
    en: 'The digest must be SHA-256, SHA-384 or SHA-512.',
  },
  badRequest: {
    es: 'La solicitud no es de las que se atienden aquí.',
    en: 'The request is not one that is served here.',
  },
  badDataFormat: { es: 'La solicitud no está bien formada.', en: 'The request is malformed.' },
  timeNotAvailable: {
    es: 'El reloj de la autoridad no es confiable en este momento.',
    en: 'The authority’s clock is not trusted at the moment.',
  },
  unacceptedPolicy: {
    es: 'La autoridad no sella con esa política.',
    en: 'The authority does not stamp under that policy.',
  },
  unacceptedExtension: {
    es: 'La solicitud pide una extensión desconocida.',
    en: 'The request has an unknown extension.',
  },
  addInfoNotAvailable: { es: 'No hay más información.', en: 'There is no further information.' },
  systemFailure: {
    es: 'La autoridad no puede sellar en este momento.',
    en: 'The authority cannot stamp at the moment.',
  },
}
