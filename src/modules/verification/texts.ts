import { defineTexts } from '#kernel/texts.ts'
import type { VerificationCode } from './errors.ts'

export const verificationRefusals = defineTexts<VerificationCode>({
  'verify-busy': {
    es: 'Hay muchos archivos en revisión en este momento. Espere un minuto y envíe el suyo de nuevo.',
    en: 'Many files are being checked right now. Wait a minute and send yours again.',
  },
})

/** What each verdict means to somebody who holds the document in their hand. */
export const verdictTexts = defineTexts({
  'sound.title': { es: 'El documento es auténtico y está completo', en: 'The document is authentic and whole' },
  'sound.body': {
    es: 'Nadie lo ha cambiado desde que se firmó o selló, y quien lo hizo está certificado por una autoridad de confianza.',
    en: 'Nobody has changed it since it was signed or sealed, and whoever did it is certified by a trusted authority.',
  },
  'altered.title': { es: 'El documento fue cambiado', en: 'The document was changed' },
  'altered.body': {
    es: 'Lo que hay en el archivo no es lo que se firmó, o se le agregó algo después. No lo acepte.',
    en: 'What is in the file is not what was signed, or something was added afterwards. Do not accept it.',
  },
  'invalid.title': { es: 'La firma no vale', en: 'The signature does not count' },
  'invalid.body': {
    es: 'El archivo no fue cambiado, pero se firmó con un certificado que no valía: ya estaba cancelado, o todavía no empezaba a valer. No lo acepte.',
    en: 'The file was not changed, but it was signed with a certificate that did not count: it was already cancelled, or had not begun yet. Do not accept it.',
  },
  'untrusted.title': { es: 'No sabemos de quién es la firma', en: 'We do not know whose signature it is' },
  'untrusted.body': {
    es: 'La firma es íntegra, pero ninguna autoridad en la que esta ventanilla confía certificó a quien firmó.',
    en: 'The signature holds, but no authority that is trusted here certified the signer.',
  },
  'unsealed.title': {
    es: 'Dice ser de esta ventanilla, pero no lleva su sello',
    en: 'It says it is of this shop, but does not bear its seal',
  },
  'unsealed.body': {
    es: 'Los acuses y las constancias los sella la ventanilla, y este solo lo firmó alguien más. No lo acepte.',
    en: 'Receipts and certificates are sealed by the shop, and this one somebody else signed. Do not accept it.',
  },
  'undetermined.title': { es: 'No se puede asegurar', en: 'It cannot be told' },
  'undetermined.body': {
    es: 'Falta información para decidir: abajo se dice cuál.',
    en: 'Information is missing to decide: below it says which.',
  },
  'unsigned.title': { es: 'El documento no está firmado', en: 'The document is not signed' },
  'unsigned.body': {
    es: 'No tiene ninguna firma ni sello: no prueba nada. Si es una copia o una impresión, busque el archivo original o use su código.',
    en: 'It has no signature or seal: it proves nothing. If it is a copy or a print, look for the original file or use its code.',
  },
  'unreadable.title': { es: 'No pudimos leer el archivo', en: 'We could not read the file' },
  'unreadable.body': {
    es: 'No es un PDF, ni un expediente electrónico (.asice), ni otro archivo firmado, o está dañado. Elija el archivo tal como lo recibió.',
    en: 'It is not a PDF, a case file (.asice) or another signed file, or it is damaged. Choose the file as you received it.',
  },
  'unreadable.encrypted': {
    es: 'Está cifrado o pide contraseña, y los documentos de esta ventanilla no. Elija el archivo tal como lo recibió.',
    en: 'It is encrypted or wants a password, and the documents of this shop do not. Choose the file as you received it.',
  },
  'unreadable.too-large': {
    es: 'Es demasiado grande o está hecho para no poder leerse. Elija el archivo tal como lo recibió.',
    en: 'It is too large or made so that it cannot be read. Choose the file as you received it.',
  },
  'undetermined.content': {
    es: 'Este archivo solo lleva la firma o el sello de tiempo: falta el documento que se firmó o selló. Hacen falta los dos juntos.',
    en: 'This file only holds the signature or the time-stamp: the document that it is over is missing. Both are needed together.',
  },
  'inside.sound': { es: 'auténtico y completo', en: 'authentic and whole' },
  'inside.altered': { es: 'fue cambiado: no lo acepte', en: 'was changed: do not accept it' },
  'inside.invalid': { es: 'su firma no vale: no lo acepte', en: 'its signature does not count: do not accept it' },
  'inside.untrusted': { es: 'no sabemos de quién es su firma', en: 'we do not know whose its signature is' },
  'inside.unsealed': {
    es: 'dice ser de esta ventanilla, pero no lleva su sello: no lo acepte',
    en: 'says it is of this shop, but does not bear its seal: do not accept it',
  },
  'inside.undetermined': { es: 'no se puede asegurar', en: 'cannot be told' },
  'inside.unsigned': { es: 'sin firma propia', en: 'no signature of its own' },
  'inside.unreadable': { es: 'no pudimos leerlo', en: 'we could not read it' },
  'certificate.sound.title': { es: 'El certificado vale', en: 'The certificate counts' },
  'certificate.sound.body': {
    es: 'Lo emitió una autoridad de confianza y hoy está vigente.',
    en: 'A trusted authority issued it and today it is in force.',
  },
  'certificate.invalid.title': { es: 'El certificado no vale', en: 'The certificate does not count' },
  'certificate.invalid.body': {
    es: 'Está cancelado, o todavía no empieza a valer. No lo acepte.',
    en: 'It is cancelled, or has not begun to count. Do not accept it.',
  },
  'certificate.untrusted.title': {
    es: 'No sabemos quién respalda el certificado',
    en: 'We do not know who answers for this certificate',
  },
  'certificate.untrusted.body': {
    es: 'Ninguna autoridad en la que se confía aquí lo emitió.',
    en: 'No authority that is trusted here issued it.',
  },
  'time-stamp.sound.title': { es: 'El sello de tiempo vale', en: 'The time-stamp counts' },
  'time-stamp.sound.body': {
    es: 'Lo puso una autoridad de confianza, y es de exactamente este contenido.',
    en: 'A trusted authority made it, and it is of exactly this content.',
  },
  'log-proof.sound.title': { es: 'El acto está en la bitácora pública', en: 'The act is in the public log' },
  'log-proof.sound.body': {
    es: 'La bitácora en la que se confía aquí firmó que lo contiene.',
    en: 'The log that is trusted here signed that it holds it.',
  },
  'checkpoint.sound.title': { es: 'Lo firmó la bitácora pública', en: 'The public log signed it' },
  'checkpoint.sound.body': {
    es: 'La llave de la bitácora es la que se conoce aquí.',
    en: 'The key of the log is the one that is known here.',
  },
  'mark.good': { es: 'vale', en: 'counts' },
  'mark.bad': { es: 'no vale', en: 'does not count' },
  'mark.open': { es: 'no se puede asegurar', en: 'cannot be told' },
  'of.signature': { es: 'Firma de {name}', en: 'Signature of {name}' },
  'of.signature-for': { es: 'Firma de {name} por {company}', en: 'Signature of {name} for {company}' },
  'of.seal': { es: 'Sello de {name}', en: 'Seal of {name}' },
  'of.timestamp': { es: 'Sello de tiempo de {name}', en: 'Time-stamp of {name}' },
  'of.certificate': { es: 'Certificado de {name}', en: 'Certificate of {name}' },
  'of.log-proof': { es: 'Prueba de la bitácora {name}', en: 'Proof of the log {name}' },
  'of.checkpoint': { es: 'Corte de la bitácora {name}', en: 'Checkpoint of the log {name}' },
  unnamed: { es: 'alguien sin nombre conocido', en: 'somebody whose name is not known' },
  'at.proven': { es: 'ya existía el {at}, y está probado', en: 'was there on {at}, and that is proven' },
  'at.claimed': { es: 'dice ser del {at}', en: 'says to be of {at}' },
  'backed.by': { es: 'con respaldo de {anchor}', en: 'backed by {anchor}' },
  'backed.demo': { es: 'con respaldo de {anchor} (demostración)', en: 'backed by {anchor} (demo)' },
  'proves.signed': { es: '{name} firmó exactamente este contenido.', en: '{name} signed exactly this content.' },
  'proves.signed-for': {
    es: '{name} firmó exactamente este contenido (con el certificado de la empresa).',
    en: '{name} signed exactly this content (with the company’s certificate).',
  },
  'proves.sealed': { es: '{name} selló exactamente este contenido.', en: '{name} sealed exactly this content.' },
  'proves.timestamp': {
    es: 'Existía el {at}: lo dice una autoridad de sellado de tiempo.',
    en: 'It existed on {at}: a time-stamp authority says so.',
  },
  'proves.log': {
    es: 'El acto está en la bitácora pública ({origin}, lugar {index}); nadie puede quitarlo sin que se note.',
    en: 'The act is in the public log ({origin}, place {index}); nobody can take it out unseen.',
  },
  'not.time': {
    es: 'Que se firmara el {at}: esa hora la dice quien firmó, y ningún sello de tiempo la prueba.',
    en: 'That it was signed on {at}: that is what the signer says, and no time-stamp proves it.',
  },
  'not.truth': {
    es: 'Que lo dicho en él sea verdad: una firma prueba quién lo dijo, no que sea cierto.',
    en: 'That what it says is true: a signature proves who said it, not that it is so.',
  },
  'not.author': {
    es: 'Quién hizo el contenido, ni que sea verdad: un sello de tiempo solo prueba desde cuándo existe.',
    en: 'Who made the content, or that it is true: a time-stamp only proves since when it is there.',
  },
  'not.office': {
    es: 'Que quien firmó tenga el cargo que dice: compruébelo con el código de validación en la página de la ventanilla.',
    en: 'That the signer holds the office it says: check it with the validation code on the shop’s page.',
  },
  'not.revocation': {
    es: 'Que el certificado no se haya revocado después: eso solo lo dice la autoridad que lo emitió.',
    en: 'That the certificate was not revoked later: only the authority that issued it can say.',
  },
  'not.superseded': { es: 'Que no haya un acto posterior que lo cambie.', en: 'That no later act changes it.' },
  'not.log': {
    es: 'Que esté en la bitácora pública: no lleva dentro su lugar en ella.',
    en: 'That it is in the public log: it does not carry its place in it.',
  },
  'not.demo': {
    es: 'Nada del mundo real: es de una demostración.',
    en: 'Anything about the real world: it is from a demo.',
  },
})

export type VerdictTextKey = keyof typeof verdictTexts
