import type { ConsideredSource, DoubtCause, Settlement, SourceFault } from './doubt.ts'

type Two = { es: string; en: string }

const FAULTS: Record<SourceFault, Two> = {
  'critical-extension': {
    es: 'tiene una extensión crítica que no se entiende',
    en: 'has a critical extension that is not understood',
  },
  'from-the-future': { es: 'tiene fecha futura', en: 'is dated in the future' },
  'no-next-update': { es: 'no dice cuándo viene la siguiente', en: 'does not say when the next one comes' },
  'out-of-date': { es: 'ya no está vigente', en: 'is out of date' },
  'too-old': { es: 'es demasiado antigua', en: 'is too old' },
  'after-expiry': {
    es: 'se emitió cuando el certificado ya había vencido',
    en: 'was made after the certificate had expired',
  },
  'no-key-identifier': {
    es: 'no identifica la llave de quien la emite',
    en: 'does not identify the key of its issuer as it must',
  },
  'no-number': { es: 'no lleva el número que debe', en: 'has no number as it must' },
  'other-question': { es: 'responde a otra pregunta', en: 'answers another question' },
  'no-nonce': { es: 'no repite el número de la pregunta', en: 'does not repeat the number of the question' },
  'own-word': { es: 'la firma el propio certificado', en: 'is signed by the certificate itself' },
  'untrusted-signer': {
    es: 'no la firma nadie que pueda hacerlo',
    en: 'is not signed by a trusted authority with the right to sign it',
  },
}

/** A fault as the end of a sentence. */
export const faultInWords = (fault: SourceFault): string => FAULTS[fault].en

const CAUSES: Record<DoubtCause, Two> = {
  missing: {
    es: 'No hay lista ni respuesta de la autoridad sobre este certificado.',
    en: 'There is no list and no answer of the authority about this certificate.',
  },
  stale: {
    es: 'Lo que dice la autoridad sobre este certificado ya no está vigente.',
    en: 'What the authority says of this certificate is no longer current.',
  },
  unusable: {
    es: 'Lo que hay sobre este certificado no puede usarse.',
    en: 'What there is about this certificate cannot be used.',
  },
  incomplete: {
    es: 'Las listas no abarcan todos los motivos de revocación.',
    en: 'The lists do not cover every reason for revocation.',
  },
  contradictory: {
    es: 'Una fuente da el certificado por suspendido y otra, más reciente, por bueno.',
    en: 'One source has the certificate on hold and another, more recent, calls it good.',
  },
  'not-known-there': {
    es: 'Quien responde por la autoridad no conoce el certificado.',
    en: 'The responder does not know the certificate.',
  },
}

const SETTLED: Record<Settlement['by'], Two> = {
  'list-or-answer': {
    es: 'Lo resolvería una lista o respuesta vigente de la autoridad',
    en: 'A current list or answer of the authority would settle it',
  },
  'list-of-other-reasons': {
    es: 'Lo resolvería la lista de los demás motivos',
    en: 'The list of the other reasons would settle it',
  },
  issuer: {
    es: 'Solo puede resolverlo la autoridad que lo emitió',
    en: 'Only the authority that issued it can settle it',
  },
}

const MOST_TOLD = 3

/** What is wrong, in which source, and what would settle it. Names authorities, never the holder of the certificate. */
export function tellDoubt(cause: DoubtCause, sources: readonly ConsideredSource[], { by, after }: Settlement): Two {
  const told = sources.slice(0, MOST_TOLD)
  const es = [
    CAUSES[cause].es,
    ...told.map(sourceInSpanish),
    `${SETTLED[by].es}${after ? `, posterior al ${instant(after)}` : ''}.`,
  ]
  const en = [
    CAUSES[cause].en,
    ...told.map(sourceInEnglish),
    `${SETTLED[by].en}${after ? `, made after ${instant(after)}` : ''}.`,
  ]
  return { es: es.join(' '), en: en.join(' ') }
}

const instant = (date: Date): string => (Number.isNaN(date.getTime()) ? '?' : date.toISOString().replace('.000Z', 'Z'))

function sourceInEnglish({ kind, by, thisUpdate, nextUpdate, says, fault }: ConsideredSource): string {
  const what = `The ${kind === 'crl' ? 'list' : 'answer'} of «${by}» of ${instant(thisUpdate)}`
  const until = nextUpdate ? `, good until ${instant(nextUpdate)},` : ''
  return `${what}${until} ${fault ? FAULTS[fault].en : `says ${says ?? 'nothing'}`}.`
}

const SAYS = { good: 'que es bueno', revoked: 'que está revocado o suspendido', unknown: 'que no lo conoce' }

function sourceInSpanish({ kind, by, thisUpdate, nextUpdate, says, fault }: ConsideredSource): string {
  const what = `La ${kind === 'crl' ? 'lista' : 'respuesta'} de «${by}» del ${instant(thisUpdate)}`
  const until = nextUpdate ? `, vigente hasta el ${instant(nextUpdate)},` : ''
  return `${what}${until} ${fault ? FAULTS[fault].es : `dice ${says ? SAYS[says] : 'nada'}`}.`
}
