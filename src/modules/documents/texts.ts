import { defineTexts } from '#kernel/texts.ts'
import type { DocumentsCode } from './errors.ts'

export const documentTexts = defineTexts<'folio' | 'code' | 'check' | 'qr' | 'verify' | 'legend' | 'unkept' | 'sheet'>({
  folio: { es: 'Folio', en: 'Folio' },
  code: { es: 'Código de validación', en: 'Validation code' },
  check: { es: 'Compruebe este documento en', en: 'Check this document at' },
  qr: {
    es: 'Código QR que lleva a la comprobación de este documento',
    en: 'QR code that leads to the check of this document',
  },
  unkept: {
    es: 'Nadie guarda copia de este documento: el original es este archivo, con su sello.',
    en: 'Nobody keeps a copy of this document: the original is this file, with its seal.',
  },
  sheet: { es: 'Hoja {number} de {count}', en: 'Page {number} of {count}' },
  verify: { es: 'Cómo comprobar este documento', en: 'How to check this document' },
  legend: {
    es: 'El original es este archivo PDF con su firma electrónica avanzada o su sello. La copia impresa se comprueba con el código (Ley de Firma Electrónica Avanzada, artículos 7 y 12).',
    en: 'The original is this PDF file with its advanced electronic signature or seal. A printed copy is checked with the code (Advanced Electronic Signature Law, articles 7 and 12).',
  },
})

export const documentsRefusals = defineTexts<DocumentsCode>({
  'document-unknown': {
    es: 'No encontramos ese documento. Revise el folio y el código: están al pie de cada hoja.',
    en: 'We cannot find that document. Check the folio and the code: they are at the foot of each page.',
  },
  'preparation-unknown': {
    es: 'El documento que iba a firmar ya no está disponible. Vuelva a la página anterior y prepárelo de nuevo; sus respuestas siguen ahí.',
    en: 'The document you were going to sign is no longer available. Go back and prepare it again; your answers are still there.',
  },
  'preparation-expired': {
    es: 'Pasó más de una hora desde que se preparó el documento. Prepárelo de nuevo y fírmelo; sus respuestas siguen ahí.',
    en: 'More than an hour has passed since the document was prepared. Prepare it again and sign it; your answers are still there.',
  },
  'signature-not-of-document': {
    es: 'La firma no corresponde a este documento. Prepárelo de nuevo y vuelva a firmar con su e.firma.',
    en: 'The signature is not of this document. Prepare it again and sign once more with your e.firma.',
  },
  'file-too-large': {
    es: 'El archivo pesa más de {limit} MB. Adjunte uno más ligero.',
    en: 'The file is larger than {limit} MB. Attach a smaller one.',
  },
  'file-too-many-pixels': {
    es: 'La imagen tiene más de {limit} megapixeles. Guárdela más pequeña y adjúntela de nuevo.',
    en: 'The picture has more than {limit} megapixels. Save it smaller and attach it again.',
  },
  'file-empty': { es: 'El archivo está vacío. Elija otro.', en: 'The file is empty. Choose another one.' },
  'file-type': {
    es: 'Solo aceptamos PDF, JPEG y PNG, y este archivo no es ninguno de ellos por dentro. Guárdelo en uno de esos formatos.',
    en: 'We only accept PDF, JPEG and PNG, and inside this file is none of them. Save it in one of those formats.',
  },
  'file-broken': {
    es: 'No pudimos leer el archivo: está dañado o incompleto. Ábralo en su equipo, guárdelo otra vez y adjúntelo de nuevo.',
    en: 'We could not read the file: it is damaged or incomplete. Open it on your device, save it again and attach it again.',
  },
  'file-encrypted': {
    es: 'El PDF está protegido con contraseña. Guárdelo sin contraseña y adjúntelo de nuevo.',
    en: 'The PDF is protected by a password. Save it without a password and attach it again.',
  },
  'file-active': {
    es: 'El PDF lleva dentro programas o acciones automáticas, y por seguridad no lo aceptamos. Imprímalo como PDF nuevo y adjunte ese.',
    en: 'The PDF has programs or automatic actions inside, and for safety we do not accept it. Print it as a new PDF and attach that one.',
  },
  'files-too-large': {
    es: 'Los archivos de esta solicitud suman más de {limit} MB. Quite alguno o adjúntelos más ligeros.',
    en: 'The files of this application add up to more than {limit} MB. Remove one or attach smaller ones.',
  },
})
