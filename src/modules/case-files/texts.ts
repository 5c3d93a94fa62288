import { defineTexts } from '#kernel/texts.ts'
import type { EvidenceEvent } from '#modules/post-office/index.ts'
import type { CaseFilesCode } from './errors.ts'

export const caseFilesRefusals = defineTexts<CaseFilesCode>({
  'case-file-busy': {
    es: 'Ya se está preparando un expediente para usted, o hay muchos en preparación. Espere un minuto y pídalo de nuevo.',
    en: 'A case file is being prepared for you already, or many are being prepared. Wait a minute and ask for it again.',
  },
  'case-file-not-sealed': {
    es: 'El sello de la plataforma no responde en este momento. Pida el expediente de nuevo en unos minutos.',
    en: 'The platform’s seal does not answer right now. Ask for the case file again in some minutes.',
  },
  'case-file-too-large': {
    es: 'El expediente es demasiado grande para un solo archivo. Descargue sus documentos uno por uno.',
    en: 'The case is too large for one file. Download its documents one by one.',
  },
})

/** The words of the index, and of the names inside. */
export const fileWords = defineTexts({
  title: { es: 'Expediente electrónico', en: 'Case file' },
  folio: { es: 'Folio', en: 'Folio' },
  service: { es: 'Trámite', en: 'Service' },
  institution: { es: 'Institución', en: 'Institution' },
  applicant: { es: 'Quien solicita', en: 'Applicant' },
  status: { es: 'Estado', en: 'Status' },
  received: { es: 'Recibida', en: 'Received' },
  due: { es: 'Último día del plazo', en: 'Last day of the term' },
  newest: { es: 'Último acto', en: 'Last act' },
  documents: { es: 'Documentos', en: 'Documents' },
  attachments: { es: 'Archivos que entregó la persona', en: 'Files that the person handed in' },
  evidence: { es: 'Pruebas', en: 'Evidence' },
  history: { es: 'Historia', en: 'History' },
  notices: { es: 'Notificaciones', en: 'Notices' },
  none: { es: 'Ninguno', en: 'None' },
  deposited: { es: 'En el buzón desde', en: 'In the mailbox since' },
  served: { es: 'Notificada', en: 'Served' },
  opened: { es: 'Abierta', en: 'Opened' },
  closed: {
    es: 'Todavía no se abre: su contenido no va en este archivo.',
    en: 'Not opened yet: its content is not in this file.',
  },
  digest: { es: 'SHA-256', en: 'SHA-256' },
  'digest.issued': { es: 'SHA-256 como se emitió', en: 'SHA-256 as issued' },
  code: { es: 'Código de validación', en: 'Validation code' },
  'log.proof': {
    es: 'Bitácora pública, «{act}»: prueba de inclusión',
    en: 'Public log, “{act}”: proof of inclusion',
  },
  'log.entry': { es: 'Bitácora pública, «{act}»: asiento', en: 'Public log, “{act}”: entry' },
  'log.record': {
    es: 'Bitácora pública, «{act}»: lo que abre el compromiso',
    en: 'Public log, “{act}”: what opens the commitment',
  },
  'notices.file': {
    es: 'Notificaciones y sus eventos (ETSI EN 319 522-1)',
    en: 'Notices and their events (ETSI EN 319 522-1)',
  },
  'case.file': { es: 'Todo lo anterior, para programas (JSON)', en: 'All of the above, for programs (JSON)' },
  check: { es: 'Cómo se comprueba', en: 'How to check it' },
  'check.text': {
    es: 'Elija el archivo .asice completo en «Verificar un documento», en la página de la ventanilla, o use «bin/ventanilla verify», sin conexión. Se comprueban el sello de la plataforma, que cubre cada archivo, y las firmas propias de cada documento.',
    en: 'Choose the whole .asice file at “Verify a document” on the shop’s page, or use “bin/ventanilla verify”, offline. The platform’s seal, which covers each file, and each document’s own signatures are checked.',
  },
  'check.experts': {
    es: 'Para especialistas: es un contenedor ASiC-E con CAdES, que abren los validadores de firmas que leen ese formato europeo. La lista de huellas está en META-INF/ASiCManifest001.xml y la firma en META-INF/signature001.p7s.',
    en: 'For experts: it is an ASiC-E container with CAdES, which signature validators that read this European format open. The list of digests is in META-INF/ASiCManifest001.xml and the signature in META-INF/signature001.p7s.',
  },
  zone: { es: 'Todas las horas son de', en: 'All times are of' },
  'folder.documents': { es: 'documentos', en: 'documents' },
  'folder.attachments': { es: 'anexos', en: 'attachments' },
  'folder.evidence': { es: 'pruebas', en: 'evidence' },
})

/** Events of notices (ETSI EN 319 522-1), as whoever reads the file was not there. */
export const eventNames = defineTexts<EvidenceEvent>({
  SubmissionAcceptance: {
    es: 'Entregada a la oficina de correos electrónica',
    en: 'Handed to the electronic post office',
  },
  ConsignmentNotification: { es: 'Salió el aviso por correo', en: 'The e-mail message went out' },
  ConsignmentNotificationFailure: { es: 'No se pudo avisar por correo', en: 'No e-mail message could be sent' },
  ContentConsignment: { es: 'Puesta en el buzón', en: 'Put into the mailbox' },
  ContentConsignmentFailure: { es: 'La persona no pudo entrar al buzón', en: 'The person was kept out of the mailbox' },
  NotificationAccessTracking: { es: 'La persona consultó el tablero', en: 'The person consulted the board' },
  ContentHandover: { es: 'La persona firmó el acuse y la abrió', en: 'The person signed the receipt and opened it' },
  AcceptanceRejectionExpiry: { es: 'Venció el plazo para abrirla', en: 'The term to open it ended' },
})

export const kindNames = defineTexts({
  application: { es: 'solicitud', en: 'application' },
  receipt: { es: 'acuse', en: 'receipt' },
  prevention: { es: 'prevencion', en: 'prevention' },
  'prevention-answer': { es: 'respuesta', en: 'answer' },
  decision: { es: 'resolucion', en: 'decision' },
  'tacit-certificate': { es: 'constancia-de-silencio', en: 'silence-certificate' },
  'notice-receipt': { es: 'acuse-de-apertura', en: 'notice-receipt' },
  constancia: { es: 'constancia-de-notificacion', en: 'service-certificate' },
  withdrawal: { es: 'desistimiento', en: 'withdrawal' },
})
