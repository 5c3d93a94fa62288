import { defineTexts } from '#kernel/texts.ts'

/** The words of the documents that this module makes. */
export const noticeWords = defineTexts({
  receipt: { es: 'Acuse de apertura de notificación', en: 'Receipt of an opened notice' },
  'receipt.text': {
    es: 'Firmo este acuse antes de leer. Con él queda constancia de que abrí la notificación que se indica, y de cuándo.',
    en: 'I sign this receipt before reading. It records that I opened the notice named here, and when.',
  },
  recipient: { es: 'Destinatario', en: 'Recipient' },
  sender: { es: 'Quien notifica', en: 'Sender' },
  posted: { es: 'Depositada en el buzón', en: 'Placed in the mailbox' },
  opened: { es: 'Abierta', en: 'Opened' },
  rule: { es: 'Regla', en: 'Rule' },
  effect: {
    es: 'Abrirla no significa estar de acuerdo con lo que dice.',
    en: 'Opening it does not mean agreeing with what it says.',
  },
  constancia: { es: 'Constancia de notificación electrónica', en: 'Record of electronic service' },
  served: { es: 'Cuenta como notificada', en: 'Counts as served' },
  effectAt: { es: 'Surte efectos', en: 'Takes effect' },
  by: { es: 'Cómo', en: 'How' },
  'by.consultation': { es: 'La persona consultó su buzón', en: 'The person consulted their mailbox' },
  'by.opening': { es: 'La persona la abrió y firmó el acuse', en: 'The person opened it and signed the receipt' },
  'by.lapse': {
    es: 'No se consultó ni se abrió dentro del plazo: no hubo ninguna entrada con e.firma que lo hiciera',
    en: 'It was neither consulted nor opened within the term: no sign-in with e.firma did so',
  },
  days: { es: 'Días que se contaron', en: 'Days that counted' },
  announced: { es: 'Aviso enviado', en: 'Announcement sent' },
  'announced.none': {
    es: 'No había un correo confirmado al cual avisar',
    en: 'There was no confirmed address to announce it to',
  },
  announcedTo: { es: 'Aviso enviado a', en: 'Announcement sent to' },
  digest: { es: 'Huella SHA-256 del acto', en: 'SHA-256 digest of the act' },
  outages: { es: 'Interrupciones de la plataforma', en: 'Outages of the platform' },
  act: { es: 'Acto que se notifica', en: 'Act that is served' },
})
