import { Refusal } from '#kernel/refusal.ts'
import { defineTexts, type Language, say } from '#kernel/texts.ts'
import type { DataWait } from '#modules/identity/index.ts'
import type { PdfProblem, SigningProblem } from '#trust/pdf/errors.ts'

export type SigningCode =
  | 'out-exists'
  | 'out-is-input'
  | 'expired'
  | 'not-yet-valid'
  | 'pdf-no-page'
  | `pdf-${PdfProblem}`
  | `pdf-${SigningProblem}`
  | `data-${Exclude<DataWait['reason'], 'source-silent'>}`

const texts = defineTexts<SigningCode>({
  'out-exists': {
    es: 'Ya hay un archivo {file}: no se toca. Elija otro nombre, o agregue --force.',
    en: 'There is a file {file} already: it is left alone. Choose another name, or add --force.',
  },
  'out-is-input': {
    es: 'El resultado no puede quedar en lugar de lo que se lee: elija otro nombre para él.',
    en: 'The result cannot take the place of what is read: choose another name for it.',
  },
  expired: {
    es: 'El certificado dejó de estar vigente el {day}: lo que se firme con él no valdría. Use el que lo renovó.',
    en: 'The certificate ended on {day}: what is signed with it would be worth nothing. Use the one that renewed it.',
  },
  'not-yet-valid': {
    es: 'El certificado empieza a estar vigente el {day}: espere, o use el anterior.',
    en: 'The certificate begins on {day}: wait, or use the one before.',
  },
  'pdf-no-page': {
    es: 'El documento no tiene página {page}: elija otra con --page.',
    en: 'The document has no page {page}: choose another with --page.',
  },
  'pdf-not-a-pdf': {
    es: 'No es un PDF. Para firmar cualquier archivo use --format cms o --format asic.',
    en: 'It is no PDF. To sign a file of any kind use --format cms or --format asic.',
  },
  'pdf-broken': {
    es: 'El PDF está dañado y no se puede firmar: guárdelo de nuevo con el programa que lo hizo.',
    en: 'The PDF is broken and cannot be signed: save it again with the program that made it.',
  },
  'pdf-encrypted': {
    es: 'El PDF está cerrado con contraseña y no se firma así: quítesela primero.',
    en: 'The PDF is locked with a password and is not signed like that: remove it first.',
  },
  'pdf-too-large': { es: 'El PDF es demasiado grande.', en: 'The PDF is too large.' },
  'pdf-too-deep': {
    es: 'El PDF está hecho de tal modo que no se puede leer dentro de los límites.',
    en: 'The PDF is made in such a way that it cannot be read within the bounds.',
  },
  'pdf-already-signed': {
    es: 'El documento ya tiene firmas: una certificación va primero y solo hay una.',
    en: 'The document has signatures already: a certification comes first, and once.',
  },
  'pdf-not-permitted': {
    es: 'Una firma anterior no permite otra aquí: certifica el documento o bloquea el campo.',
    en: 'An earlier signature permits no other here: it certifies the document, or locks the field.',
  },
  'pdf-name-taken': {
    es: 'Ese campo ya está firmado o es de otra cosa: elija otro con --field.',
    en: 'That field is signed already, or is something else: choose another with --field.',
  },
  'pdf-field-name': {
    es: 'Un campo nuevo no puede llamarse así: ni vacío ni con puntos.',
    en: 'No new field can have that name: neither empty nor with points.',
  },
  'pdf-seed-value': {
    es: 'El campo pide algo que no se le dio ({detail}).',
    en: 'The field asks for something that was not given ({detail}).',
  },
  'pdf-rectangle': {
    es: 'Ese lugar no cabe en la página: --rectangle IZQUIERDA,ABAJO,DERECHA,ARRIBA, en puntos.',
    en: 'That place is not on the page: --rectangle LEFT,BOTTOM,RIGHT,TOP, in points.',
  },
  'pdf-does-not-hold': {
    es: 'Lo que se firmó no se sostiene sobre este archivo, y no se escribió nada.',
    en: 'What was signed does not hold over this file, and nothing was written.',
  },
  'data-no-path': {
    es: 'Ninguna autoridad de las que aquí se confía responde por el certificado de {who}: agréguela con «trust add», o firme con --level T.',
    en: 'No authority that is trusted here answers for the certificate of {who}: add it with “trust add”, or sign with --level T.',
  },
  'data-no-source': {
    es: 'No se sabe dónde preguntar si está revocado el certificado de {who}: agregue su emisor ({issuer}) a trust/issuers, o firme con --level T.',
    en: 'Nobody says where to ask whether the certificate of {who} is revoked: add its issuer ({issuer}) to trust/issuers, or sign with --level T.',
  },
  'data-answer-too-old': {
    es: 'Lo que dice el emisor ({issuer}) del certificado de {who} ya no es actual: espere a su próxima lista, o firme con --level T.',
    en: 'What the issuer ({issuer}) says of the certificate of {who} is not current any more: wait for its next list, or sign with --level T.',
  },
  'data-answer-too-large': {
    es: 'La lista del emisor ({issuer}) es demasiado grande para llevarla en cada documento: configure OCSP, o firme con --level T.',
    en: 'The list of the issuer ({issuer}) is too large for each document to carry: configure OCSP, or sign with --level T.',
  },
})

/** Words of this machine: nothing of a server. */
export function refuseSigning(code: SigningCode, language: Language, facts: Record<string, string> = {}): Refusal {
  const refusal = new Refusal(code, facts)
  refusal.message = say(texts, code, language, facts)
  return refusal
}
