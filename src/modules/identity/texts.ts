import type { Facts } from '#kernel/refusal.ts'
import { defineTexts, type Language, say } from '#kernel/texts.ts'
import type { ClientSignInCode, IdentityCode, IdentityFieldCode } from './errors.ts'
import type { SessionWarning } from './session.ts'

type Key =
  | IdentityCode
  | ClientSignInCode
  | IdentityFieldCode
  | SessionWarning
  | 'email-code-subject'
  | 'email-code-body'

/** Each says what happened and what to do next. */
export const identityTexts = defineTexts<Key>({
  'certificate-unreadable': {
    es: 'No pudimos leer ese certificado. Elija el archivo .cer de su e.firma sin cambiarlo.',
    en: 'We could not read that certificate. Choose the .cer file of your e.firma unchanged.',
  },
  'not-efirma': {
    es: 'Ese certificado no es una e.firma; los sellos para facturas (CSD) no sirven para entrar. Elija el .cer y el .key de su e.firma.',
    en: 'That certificate is not an e.firma; invoice seals (CSD) do not open the door. Choose the .cer and .key of your e.firma.',
  },
  expired: {
    es: 'Ese certificado ya venció. Renueve su e.firma y entre con los archivos nuevos.',
    en: 'That certificate has expired. Renew your e.firma and sign in with the new files.',
  },
  'not-yet-valid': {
    es: 'Ese certificado todavía no está vigente. Espere a la fecha en que empieza o use su certificado anterior.',
    en: 'That certificate is not valid yet. Wait for the date it starts or use your earlier certificate.',
  },
  'unknown-authority': {
    es: 'No reconocemos a la autoridad que emitió ese certificado. Use su e.firma vigente.',
    en: 'We do not recognise the authority that issued that certificate. Use your current e.firma.',
  },
  revoked: {
    es: 'Ese certificado fue revocado y ya no sirve. Pida una e.firma nueva; si no la revocó usted, avise a la autoridad que la emitió.',
    en: 'That certificate was revoked and no longer works. Get a new e.firma; if it was not you who revoked it, tell the authority that issued it.',
  },
  'revocation-unknown': {
    es: 'La autoridad no responde si ese certificado sigue vigente, y sin esa respuesta no podemos dejar entrar. Intente de nuevo en unos minutos; sus borradores siguen guardados.',
    en: 'The authority does not answer whether that certificate still stands, and without its answer we cannot let anyone in. Try again in a few minutes; your drafts are safe.',
  },
  'weak-algorithm': {
    es: 'Ese certificado usa una firma o una llave demasiado débil. Renueve su e.firma.',
    en: 'That certificate uses a signature or key that is too weak. Renew your e.firma.',
  },
  'signature-invalid': {
    es: 'La firma no corresponde a ese certificado y a esta entrada. Elija el .cer y el .key que van juntos e intente de nuevo.',
    en: 'The signature does not match that certificate and this sign-in. Choose the .cer and .key that belong together and try again.',
  },
  'challenge-unknown': {
    es: 'No encontramos esta entrada. Empiece de nuevo desde la página para entrar.',
    en: 'We cannot find this sign-in. Start again from the sign-in page.',
  },
  'challenge-expired': {
    es: 'Pasaron más de dos minutos. Empiece de nuevo; sus archivos no salieron de su equipo.',
    en: 'More than two minutes went by. Start again; your files never left your computer.',
  },
  'challenge-used': {
    es: 'Esta entrada ya se usó una vez. Empiece de nuevo desde la página para entrar.',
    en: 'This sign-in was already used once. Start again from the sign-in page.',
  },
  'wrong-origin': {
    es: 'Esa firma se hizo para otro sitio. Revise la dirección en su navegador y entre solo desde esta página.',
    en: 'That signature was made for another site. Check the address in your browser and sign in from this page only.',
  },
  'too-many-attempts': {
    es: 'Hubo demasiados intentos. Espere {minutes} minutos y vuelva a intentar.',
    en: 'There were too many attempts. Wait {minutes} minutes and try again.',
  },
  'wrong-password-or-key': {
    es: 'La contraseña no abre esa llave. Escríbala de nuevo; si está bien, revise que el archivo .key sea el de su e.firma.',
    en: 'The password does not open that key. Type it again; if it is right, check that the .key file is that of your e.firma.',
  },
  'key-mismatch': {
    es: 'Esa llave (.key) no es la de ese certificado (.cer). Elija los dos archivos de la misma e.firma.',
    en: 'That key (.key) does not belong to that certificate (.cer). Choose the two files of the same e.firma.',
  },
  'not-the-signed-in-person': {
    es: 'Firme con la e.firma de quien entró. Para firmar por otra persona o empresa, salga y entre con su certificado.',
    en: 'Sign with the e.firma of whoever signed in. To sign for another person or company, sign out and sign in with that certificate.',
  },
  'email-code-wrong': {
    es: 'Ese no es el código. Revise el mensaje más reciente; le quedan {left} intentos.',
    en: 'That is not the code. Check the latest message; you have {left} tries left.',
  },
  'email-code-expired': {
    es: 'Ese código ya no sirve. Pida uno nuevo.',
    en: 'That code no longer works. Ask for a new one.',
  },
  'email-code-too-many': {
    es: 'Pidió varios códigos seguidos. Espere {minutes} minutos y pida otro.',
    en: 'You asked for several codes in a row. Wait {minutes} minutes and ask for another.',
  },
  'may-not-grant': {
    es: 'Usted no puede dar ni retirar ese cargo. Pídalo a quien administra la institución o la plataforma.',
    en: 'You may not give or take that role. Ask whoever administers the institution or the platform.',
  },
  'own-role': {
    es: 'Nadie se da ni se retira un cargo a sí mismo. Pídalo a otra persona que administre.',
    en: 'Nobody gives or takes their own role. Ask another administrator.',
  },
  'already-granted': {
    es: 'Esa persona ya tiene ese cargo. No hace falta hacer nada.',
    en: 'That person already holds that role. There is nothing to do.',
  },
  'role-not-held': {
    es: 'Esa persona no tiene ese cargo. Revise la lista de cargos de la institución.',
    en: 'That person does not hold that role. Check the list of roles of the institution.',
  },
  'account-unknown': {
    es: 'No conocemos a esa persona o empresa. Debe entrar una vez con su e.firma, o dé usted su certificado.',
    en: 'We do not know that person or company. They must sign in once with their e.firma, or you give their certificate.',
  },
  'rfc-shape': {
    es: 'Escriba el RFC completo: 13 caracteres si es persona, 12 si es empresa, o deje el espacio vacío.',
    en: 'Type the whole RFC: 13 characters for a person, 12 for a company, or leave the space empty.',
  },
  'email-shape': {
    es: 'Escriba un correo como nombre@ejemplo.com.',
    en: 'Type an e-mail address like name@example.com.',
  },
  'institution-shape': {
    es: 'Elija una institución de la lista.',
    en: 'Choose an institution from the list.',
  },
  'role-unknown': {
    es: 'Elija un cargo de la lista.',
    en: 'Choose a role from the list.',
  },
  'revocation-not-checked': {
    es: 'Demostración: nadie publica los certificados revocados de esta autoridad, así que no se comprobó.',
    en: 'Demo: nobody publishes this authority’s revoked certificates, so this was not checked.',
  },
  'revocation-grace': {
    es: 'La autoridad no responde ahora; se tomó su última respuesta sobre este certificado.',
    en: 'The authority is not answering now; its last answer about this certificate was used.',
  },
  'email-code-subject': {
    es: 'Su código de confirmación',
    en: 'Your confirmation code',
  },
  'email-code-body': {
    es: 'Su código es {code}. Escríbalo en la página donde lo pidió. Sirve {minutes} minutos.\n\nSi usted no lo pidió, no haga nada: sin el código nadie usará esta dirección.\n',
    en: 'Your code is {code}. Type it on the page where you asked for it. It works for {minutes} minutes.\n\nIf you did not ask for it, do nothing: without the code nobody will use this address.\n',
  },
})

export function sayIdentity(key: Key, language: Language, facts: Facts = {}): string {
  return say(identityTexts, key, language, facts)
}
