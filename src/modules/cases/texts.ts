import { defineTexts } from '#kernel/texts.ts'
import type { ActKind, CaseStatus } from './case-record.ts'
import type { CasesCode } from './errors.ts'

export const casesRefusals = defineTexts<CasesCode>({
  'service-unknown': {
    es: 'No encontramos ese trámite. Búsquelo por su nombre.',
    en: 'We cannot find that service. Look for it by its name.',
  },
  'service-not-online': {
    es: 'Este trámite todavía no se hace por internet. Su ficha dice dónde y cómo.',
    en: 'This service cannot be done online yet. Its page says where and how.',
  },
  'applicant-kind': {
    es: 'Este trámite no es para el tipo de cuenta con la que entró. Revise en su ficha quién puede pedirlo y entre con la e.firma que corresponde.',
    en: 'This service is not for the kind of account you signed in with. See on its page who may ask, and sign in with the right e.firma.',
  },
  'key-reused': {
    es: 'Esa Idempotency-Key ya se usó para otro trámite. Use una nueva.',
    en: 'That Idempotency-Key was already used for another service. Use a new one.',
  },
  'draft-unknown': {
    es: 'No encontramos ese borrador en su cuenta.',
    en: 'We cannot find that draft in your account.',
  },
  'draft-expired': {
    es: 'El borrador venció. Empiece otro; le tomará menos la segunda vez.',
    en: 'The draft has expired. Start another; it takes less the second time.',
  },
  'draft-changed': {
    es: 'El borrador cambió después de que preparó el documento. Revise sus respuestas y prepárelo de nuevo.',
    en: 'The draft changed after you prepared the document. Check your answers and prepare it again.',
  },
  'draft-submitted': {
    es: 'Esta solicitud ya fue enviada. Véala en «Mis solicitudes».',
    en: 'This application has been sent already. See it in “My applications”.',
  },
  'answers-changed': {
    es: 'El borrador cambió desde otra ventana o equipo y va en la revisión {revision}. Léalo de nuevo y envíe sus datos sobre esa revisión.',
    en: 'The draft changed in another window or device and is at revision {revision}. Read it again and send your data based on that revision.',
  },
  'file-changed': {
    es: 'Mientras tanto se adjuntó «{name}» desde otra ventana o equipo, y se conservó. Si quiere cambiarlo por el suyo, elíjalo y adjúntelo otra vez.',
    en: 'Meanwhile “{name}” was attached in another window or device, and it was kept. If you want yours in its place, choose it and attach it once more.',
  },
  'form-incomplete': {
    es: 'Falta responder: {field}. Complétela y siga.',
    en: 'An answer is missing: {field}. Fill it in and go on.',
  },
  'payment-missing': {
    es: 'Falta el pago de este trámite. Pague con la referencia que se le dio y vuelva aquí.',
    en: 'The payment for this service is missing. Pay with the reference you were given and come back here.',
  },
  'payment-expired': {
    es: 'La referencia de pago venció. Pida otra; sus respuestas siguen ahí.',
    en: 'The payment reference has expired. Ask for another; your answers are still there.',
  },
  'payment-unknown': {
    es: 'No hay un pago con esa referencia. Revise los dígitos.',
    en: 'There is no payment with that reference. Check the digits.',
  },
  'payment-used': {
    es: 'Con ese pago ya se envió una solicitud: la devolución se pide a la institución.',
    en: 'An application was sent with that payment: ask the institution for the refund.',
  },
  'payment-mismatch': {
    es: 'El importe pagado no es el de la referencia.',
    en: 'The amount paid is not that of the reference.',
  },
  'payment-not-signed': {
    es: 'El mensaje del pago no viene firmado por el banco.',
    en: 'The payment message is not signed by the bank.',
  },
  'case-unknown': {
    es: 'No encontramos una solicitud con ese folio en su cuenta. Revise el folio.',
    en: 'We cannot find an application with that folio in your account. Check the folio.',
  },
  'case-changed': {
    es: 'Alguien más cambió este expediente mientras lo tenía abierto. Vuelva a cargarlo: no se perdió nada.',
    en: 'Somebody else changed this case while you had it open. Load it again: nothing was lost.',
  },
  'not-your-case': {
    es: 'Su encargo en esta institución no incluye esto. Pídalo a quien supervisa.',
    en: 'Your role at this institution does not include this. Ask whoever supervises.',
  },
  'own-case': {
    es: 'Este expediente es suyo o de un familiar declarado: debe resolverlo otra persona.',
    en: 'This case is your own or a declared relative’s: another person must resolve it.',
  },
  'not-allowed-now': {
    es: 'En el estado en que está el expediente, eso ya no se puede o todavía no se puede hacer.',
    en: 'In the state the case is in, that can no longer or not yet be done.',
  },
  'prevention-once': {
    es: 'Ya se previno una vez, y la ley permite una sola (LFPA 17-A).',
    en: 'It was asked once already, and the law allows only one (LFPA 17-A).',
  },
  'prevention-too-late': {
    es: 'Ya pasó el primer tercio del plazo: solo puede pedirse de manera voluntaria (LFPA 17-A).',
    en: 'The first third of the term has passed: it can only be asked voluntarily (LFPA 17-A).',
  },
  'prevention-unknown': {
    es: 'No hay una prevención por responder en este expediente.',
    en: 'There is no request to answer in this case.',
  },
  'prevention-answered': { es: 'Esa prevención ya fue respondida.', en: 'That request has been answered already.' },
  'decision-incomplete': {
    es: 'Falta escribir: {field}. Sin fundamento y motivación el acto no vale (LFPA 3).',
    en: 'This is missing: {field}. Without grounds and reasons the act is void (LFPA 3).',
  },
  'decision-not-ready': {
    es: 'La resolución todavía no está lista para firma. Pídale a quien la redacta que la marque como lista.',
    en: 'The decision is not ready for signature yet. Ask whoever drafts it to mark it as ready.',
  },
  'consultation-unknown': {
    es: 'No hay una consulta por responder dirigida a usted.',
    en: 'There is no consultation addressed to you to answer.',
  },
  'too-many-submissions': {
    es: 'Hoy ya envió {most} solicitudes, el máximo por día. Siga mañana; sus borradores se conservan.',
    en: 'You have sent {most} applications today, the most per day. Go on tomorrow; your drafts are kept.',
  },
  'relative-shape': {
    es: 'Eso no es una CURP. Escriba las 18 letras y números, como en la constancia.',
    en: 'That is not a CURP. Type its 18 letters and digits, as on the certificate.',
  },
  'colleague-unknown': {
    es: 'Esa persona no trabaja en esta institución. Elíjala de la lista.',
    en: 'That person does not work at this institution. Choose from the list.',
  },
  'preparation-out-of-date': {
    es: 'El documento que iba a firmar es de otra cosa. Prepárelo de nuevo.',
    en: 'The document you were going to sign is of something else. Prepare it again.',
  },
})

export const statusTexts = defineTexts<CaseStatus>({
  draft: { es: 'Borrador', en: 'Draft' },
  'awaiting-payment': { es: 'Falta el pago', en: 'Awaiting payment' },
  submitted: { es: 'Recibida', en: 'Received' },
  'in-review': { es: 'En revisión', en: 'In review' },
  waiting: { es: 'Espera su respuesta', en: 'Waiting for your answer' },
  dismissed: { es: 'Desechada', en: 'Dismissed' },
  granted: { es: 'Concedida', en: 'Granted' },
  'granted-in-part': { es: 'Concedida en parte', en: 'Granted in part' },
  refused: { es: 'Negada', en: 'Refused' },
  'silent-granted': { es: 'Concedida por silencio', en: 'Granted by silence' },
  'silent-refused': { es: 'Negada por silencio', en: 'Refused by silence' },
  withdrawn: { es: 'Desistida', en: 'Withdrawn' },
  appealed: { es: 'Impugnada', en: 'Under appeal' },
  annulled: { es: 'Revocada', en: 'Annulled' },
})

export const actTexts = defineTexts<ActKind>({
  submitted: { es: 'Solicitud firmada y recibida', en: 'Application signed and received' },
  'receipt-issued': { es: 'Acuse de recibo emitido', en: 'Receipt issued' },
  assigned: { es: 'Asignada a {to}', en: 'Assigned to {to}' },
  'prevention-posted': { es: 'Prevención: se pidió lo que falta', en: 'Request for what is missing' },
  'information-asked': { es: 'Petición voluntaria de información', en: 'Voluntary request for information' },
  'prevention-answered': { es: 'Respuesta recibida', en: 'Answer received' },
  'prevention-lapsed': { es: 'Sin respuesta en el plazo: desechada', en: 'No answer in the term: dismissed' },
  consulted: { es: 'Consulta interna a {to}', en: 'Internal consultation with {to}' },
  'consultation-answered': { es: 'Consulta interna respondida', en: 'Internal consultation answered' },
  'decision-drafted': { es: 'Proyecto de resolución', en: 'Decision drafted' },
  'decision-signed': { es: 'Resolución firmada', en: 'Decision signed' },
  'decided-by-rule': { es: 'Resolución automática, regla {version}', en: 'Automatic decision, rule {version}' },
  silence: { es: 'Terminó el plazo sin respuesta ({due})', en: 'The term ended without an answer ({due})' },
  'tacit-certificate-issued': {
    es: 'Constancia de lo que el silencio significa',
    en: 'Certificate of what silence means',
  },
  'tacit-certificate-asked': { es: 'Constancia pedida', en: 'Certificate asked for' },
  'notified-in-person': { es: 'Notificada personalmente', en: 'Notified in person' },
  withdrawn: { es: 'Desistimiento', en: 'Withdrawal' },
  'kept-out-reported': {
    es: 'Informó que no pudo entrar al buzón: se notificará por otro medio',
    en: 'Reported being kept out of the mailbox: it will be served by other means',
  },
  'consent-withdrawn': {
    es: 'Retiró su aceptación de notificaciones electrónicas para lo que sigue',
    en: 'Withdrew acceptance of electronic notices for what follows',
  },
  'review-asked': {
    es: 'Pidió que una persona revise la resolución automática',
    en: 'Asked for a person to review the automatic decision',
  },
  appealed: { es: 'Impugnada', en: 'Appealed' },
})
