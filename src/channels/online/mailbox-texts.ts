import { defineTexts } from '#kernel/texts.ts'

export const mailboxTexts = defineTexts({
  title: { es: 'Mi buzón', en: 'My mailbox' },
  'consult.title': { es: 'Antes de ver su buzón', en: 'Before you see your mailbox' },
  'consult.body': {
    es: 'Hay {count} notificaciones nuevas. Al ver la lista usted consulta el tablero, y lo que hay en él cuenta como notificado hoy (Ley de Firma Electrónica Avanzada, artículo 11). Desde mañana pueden correr plazos.',
    en: 'There are {count} new notices. By seeing the list you consult the board, and what is on it counts as served today (Advanced Electronic Signature Law, article 11). From tomorrow terms may run.',
  },
  'consult.body.1': {
    es: 'Hay una notificación nueva. Al ver la lista usted consulta el tablero, y lo que hay en él cuenta como notificado hoy (Ley de Firma Electrónica Avanzada, artículo 11). Desde mañana pueden correr plazos.',
    en: 'There is one new notice. By seeing the list you consult the board, and what is on it counts as served today (Advanced Electronic Signature Law, article 11). From tomorrow terms may run.',
  },
  'consult.later': {
    es: 'Si no la consulta, contará como notificada de todos modos cuando la regla lo dice, y su correo se lo dirá.',
    en: 'If you do not consult it, it will count as served anyway when the rule says, and your e-mail will tell you.',
  },
  'consult.go': { es: 'Ver mi buzón ahora', en: 'See my mailbox now' },
  'consult.not-now': { es: 'Ahora no', en: 'Not now' },
  none: { es: 'Su buzón está vacío', en: 'Your mailbox is empty' },
  'none.body': {
    es: 'Aquí llegarán las respuestas y notificaciones de las instituciones.',
    en: 'Answers and notices of the institutions will come here.',
  },
  from: { es: 'De', en: 'From' },
  subject: { es: 'Asunto', en: 'Subject' },
  posted: { es: 'Depositada', en: 'Posted' },
  status: { es: 'Estado', en: 'Status' },
  'status.closed': { es: 'Sin abrir', en: 'Not opened' },
  'status.opened': { es: 'Abierta', en: 'Opened' },
  'status.lapsed': { es: 'Notificada por vencimiento', en: 'Served by lapse' },
  'open.title': { es: 'Abrir la notificación', en: 'Open the notice' },
  'open.body': {
    es: 'Primero firma el acuse de recibo y después lee. El acuse dice de quién viene y cuándo lo abrió, no qué dice.',
    en: 'First you sign the receipt and then you read. The receipt says who it is from and when you opened it, not what it says.',
  },
  'open.prepare': { es: 'Firmar el acuse y abrir', en: 'Sign the receipt and open' },
  'open.lapse': {
    es: 'Si no la abre, cuenta como notificada el {day}.',
    en: 'If you do not open it, it counts as served on {day}.',
  },
  'sign.open': { es: 'Abrir el acuse (PDF)', en: 'Open the receipt (PDF)' },
  'sign.button': { es: 'Firmar y abrir', en: 'Sign and open' },
  'sign.what': { es: 'el acuse', en: 'the receipt' },
  'report.title': {
    es: 'No pude entrar a mi buzón por una falla del sistema',
    en: 'A failure of the system kept me out of my mailbox',
  },
  'report.body': {
    es: 'Si no consultó a tiempo porque el sistema falló, dígalo dentro de los tres días hábiles: la institución le notificará por otro medio (Ley de Firma Electrónica Avanzada, artículo 11, fracción III).',
    en: 'If you did not consult in time because the system failed, say so within three business days: the institution will serve it by other means (Advanced Electronic Signature Law, article 11, section III).',
  },
  'report.go': { es: 'Informar de la falla', en: 'Report the failure' },
  'report.done': {
    es: 'Usted informó que no pudo entrar: la institución se la notificará por otro medio, y desde entonces corren los plazos.',
    en: 'You reported that you were kept out: the institution will serve it by other means, and terms run from then.',
  },
  'event.ContentConsignmentFailure': {
    es: 'Usted informó que una falla le impidió entrar',
    en: 'You reported that a failure kept you out',
  },
  rule: { es: 'Regla', en: 'Rule' },
  served: { es: 'Notificada', en: 'Served' },
  'served.consultation': { es: '{day}, por consulta del tablero', en: '{day}, by consulting the board' },
  'served.opening': { es: '{day}, al firmar el acuse', en: '{day}, by signing the receipt' },
  'served.lapse': { es: '{day}, por vencimiento del plazo', en: '{day}, by lapse of the term' },
  'served.by-hand': { es: '{day}, en persona', en: '{day}, in person' },
  effect: { es: 'Surte efectos', en: 'Takes effect' },
  folio: { es: 'Folio', en: 'Folio' },
  appeal: { es: 'Si no está de acuerdo', en: 'If you disagree' },
  'appeal.text': {
    es: '{name}, ante {before}, en {days} días hábiles desde que surte efectos ({basis}).',
    en: '{name}, before {before}, within {days} business days from when it takes effect ({basis}).',
  },
  'appeal.by': { es: 'El último día para hacerlo es el {day}.', en: 'The last day to do so is {day}.' },
  final: {
    es: 'Contra este acto no hay recurso, o le favorece.',
    en: 'There is no appeal against this act, or it is in your favour.',
  },
  act: { es: 'Leer el documento (PDF)', en: 'Read the document (PDF)' },
  receipt: { es: 'Acuse que firmó (PDF)', en: 'The receipt you signed (PDF)' },
  constancia: { es: 'Constancia de notificación (PDF)', en: 'Record of electronic service (PDF)' },
  number: { es: 'Número de esta notificación', en: 'Number of this notice' },
  evidence: { es: 'Evidencia', en: 'Evidence' },
  'event.SubmissionAcceptance': {
    es: 'La institución la entregó a la oficina de correos electrónica',
    en: 'The institution handed it to the electronic post office',
  },
  'event.ConsignmentNotification': { es: 'Salió el aviso por correo electrónico', en: 'The e-mail message went out' },
  'event.ConsignmentNotificationFailure': {
    es: 'No se pudo avisar por correo',
    en: 'No e-mail message could be sent',
  },
  'event.ContentConsignment': { es: 'Quedó en su buzón', en: 'It was put into your mailbox' },
  'event.NotificationAccessTracking': { es: 'Usted consultó el tablero', en: 'You consulted the board' },
  'event.ContentHandover': { es: 'Usted firmó el acuse y la abrió', en: 'You signed the receipt and opened it' },
  'event.AcceptanceRejectionExpiry': { es: 'Venció el plazo para abrirla', en: 'The term to open it ended' },
})

export type MailboxTextKey = keyof typeof mailboxTexts
