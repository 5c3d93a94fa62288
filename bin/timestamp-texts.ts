import { defineTexts, type Language } from '#kernel/texts.ts'

export const timestampTexts = defineTexts({
  'not-proven': { es: 'No prueba ninguna hora: {reason}.', en: 'No time is proven: {reason}.' },
  'was-there': {
    es: 'El archivo ya existía el {time}{within}, según {by}.',
    en: 'The file was there at {time}{within}, says {by}.',
  },
  trusted: { es: '  con respaldo de {anchor}', en: '  trusted by {anchor}' },
  demo: { es: ', de demostración', en: ', demo' },
  untrusted: {
    es: '  nadie en quien se confía aquí responde por esa autoridad',
    en: '  nobody trusted here answers for that authority',
  },
  number: { es: '  política {policy}, número {serial}, {hash}', en: '  policy {policy}, number {serial}, {hash}' },
  kept: { es: '  guardado en {file}', en: '  kept in {file}' },
  silent: { es: 'no responde', en: 'does not answer' },
  'no-revocations': {
    es: 'la fuente de revocaciones del emisor ({issuer}) no responde',
    en: 'the source of revocations of the issuer ({issuer}) does not answer',
  },
  'no-token': {
    es: 'la autoridad de sellado de tiempo no da un sello: {reason}',
    en: 'the time-stamp authority gives no token: {reason}',
  },
})

/** What `trust` says of a time-stamp, in Spanish: it speaks English alone. By the sentence itself; a test holds that none is missing. */
const spanish: Readonly<Record<string, string>> = {
  'it answers another request: it has a nonce, and none was sent':
    'responde a otra petición, con un número que no se envió (nonce)',
  'it answers another request: the nonce is not the one that was sent':
    'responde a otra petición: no trae el número que se envió (nonce)',
  'it cannot be read': 'no se puede leer',
  'it does not carry the certificate that was asked for': 'no trae el certificado que se pidió',
  'it is no answer of a time-stamp authority': 'no es la respuesta de una autoridad de sellado de tiempo',
  'it is no time-stamp token': 'no es un sello de tiempo',
  'it names another certificate than the one it is made with': 'nombra otro certificado que el suyo',
  'it names its certificate by a digest that is not accepted any more':
    'nombra su certificado con un método que ya no se acepta',
  'it says a time after the end of its authority’s certificate':
    'dice una hora posterior al fin del certificado de su autoridad',
  'it says a time before its authority’s certificate': 'dice una hora anterior al certificado de su autoridad',
  'it says another authority than the one that signed': 'dice otra autoridad que la que firmó',
  'it stamps a digest that is not accepted': 'sella con un método que no se acepta',
  'it stamps something else': 'es de otro contenido',
  'its certificate is not one for time-stamping and nothing else': 'su certificado no es para sellar tiempo y nada más',
  'its versions or digests are not those of its parts': 'sus partes no concuerdan',
  'the time-stamp does not carry the certificate of its authority': 'no trae el certificado de su autoridad',
  'the time-stamp’s signature does not hold': 'su firma no es válida',
}

export const tellTimestampReason = (reason: string, language: Language): string =>
  language === 'es' ? (spanish[reason] ?? reason) : reason
