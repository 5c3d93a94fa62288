import { defineTexts } from '#kernel/texts.ts'

/** What the signing script says: it has no words of its own, the page brings them in the person's language. */
export const signingTexts = defineTexts({
  cer: { es: 'Certificado (.cer)', en: 'Certificate (.cer)' },
  key: { es: 'Llave privada (.key)', en: 'Private key (.key)' },
  'key.hint': { es: 'Se lee en su equipo. No se envía.', en: 'It is read on your device. It is not sent.' },
  password: { es: 'Contraseña de la llave privada', en: 'Password of the private key' },
  'password.hint': {
    es: 'La que eligió al tramitar su e.firma. No se envía.',
    en: 'The one you chose when you got your e.firma. It is not sent.',
  },
  'sign-in': { es: 'Entrar', en: 'Sign in' },
  noscript: {
    es: 'Para firmar hace falta JavaScript: la firma se hace en su equipo para que su llave no viaje. Actívelo, o use el programa de línea de comandos.',
    en: 'Signing needs JavaScript: the signature is made on your device so that your key does not travel. Turn it on, or use the command line program.',
  },
  busy: { es: 'Firmando en su equipo…', en: 'Signing on your device…' },
  waiting: {
    es: 'Si el botón no se activa en unos segundos, vuelva a cargar la página o use un navegador más nuevo.',
    en: 'If the button does not come alive in a few seconds, load the page again or use a newer browser.',
  },
  holder: {
    es: 'Certificado de {name}. Número {serial}. Vence el {until}.',
    en: 'Certificate of {name}. Number {serial}. Valid until {until}.',
  },
  'sign.time': { es: 'La hora que dirá el documento: {at}.', en: 'The time the document will say: {at}.' },
  'see-here': { es: 'Ver el documento en esta página', en: 'See the document on this page' },
  'sign.with': { es: 'Firme {what} con su e.firma', en: 'Sign {what} with your e.firma' },
  'certificate-missing': { es: 'Elija su certificado (.cer)', en: 'Choose your certificate (.cer)' },
  'key-missing': { es: 'Elija su llave privada (.key)', en: 'Choose your private key (.key)' },
  'password-missing': { es: 'Escriba la contraseña de su llave privada', en: 'Type the password of your private key' },
  'certificate-unreadable': {
    es: 'El archivo del certificado no se puede leer: elija el .cer tal como se lo dieron',
    en: 'The certificate file cannot be read: choose the .cer as you were given it',
  },
  'certificate-is-key': {
    es: 'En el lugar del certificado puso la llave privada: aquí va el archivo .cer',
    en: 'You put the private key in the place of the certificate: the .cer file goes here',
  },
  'key-unreadable': {
    es: 'El archivo de la llave privada no se puede leer: elija el .key tal como se lo dieron',
    en: 'The private key file cannot be read: choose the .key as you were given it',
  },
  'key-is-certificate': {
    es: 'En el lugar de la llave privada puso el certificado: aquí va el archivo .key',
    en: 'You put the certificate in the place of the private key: the .key file goes here',
  },
  'wrong-password-or-key': {
    es: 'La contraseña no abre esta llave. Revise mayúsculas y minúsculas; si está bien, el archivo .key es otro o está dañado',
    en: 'The password does not open this key. Check capitals and small letters; if it is right, the .key file is another one or damaged',
  },
  'key-mismatch': {
    es: 'La llave privada no es la de este certificado: elija el .key que se hizo junto con el .cer',
    en: 'The private key is not that of this certificate: choose the .key made together with the .cer',
  },
  'challenge-unknown': {
    es: 'Esta página recibió algo que no es un acceso y no lo firmó. Vuelva a cargarla',
    en: 'This page received something that is not a sign-in and did not sign it. Load it again',
  },
  'challenge-expired': {
    es: 'El acceso venció antes de firmarse. Inténtelo otra vez: no se perdió nada',
    en: 'The sign-in expired before it was signed. Try again: nothing was lost',
  },
  'wrong-origin': {
    es: 'El acceso es para otro sitio y no se firmó. Revise la dirección de esta página',
    en: 'The sign-in is for another site and was not signed. Check the address of this page',
  },
  'document-differs': {
    es: 'El documento recibido no es el que se iba a firmar y no se firmó. Prepárelo de nuevo',
    en: 'The document received is not the one to be signed and was not signed. Prepare it again',
  },
  'session-ended': {
    es: 'Su sesión terminó y no se firmó nada. Vuelva a cargar la página y entre otra vez',
    en: 'Your session ended and nothing was signed. Load the page again and sign in once more',
  },
  'no-answer': {
    es: 'No hay respuesta. Revise su conexión e inténtelo otra vez: no se perdió nada',
    en: 'There is no answer. Check your connection and try again: nothing was lost',
  },
  refused: {
    es: 'No se aceptó. Vuelva a cargar la página e inténtelo otra vez',
    en: 'It was not accepted. Load the page again and try once more',
  },
  'page-fault': {
    es: 'Algo falló en esta página y no se envió nada. Vuelva a cargarla e inténtelo otra vez',
    en: 'Something failed on this page and nothing was sent. Load it again and try once more',
  },
  'no-webcrypto': {
    es: 'Este navegador no puede firmar aquí: ábralo con https o use uno más nuevo',
    en: 'This browser cannot sign here: open it with https or use a newer one',
  },
})

export type SigningTextKey = keyof typeof signingTexts
