import { defineTexts } from '#kernel/texts.ts'

export const accountTexts = defineTexts({
  'signIn.title': { es: 'Entrar con e.firma', en: 'Sign in with e.firma' },
  'signIn.lead': {
    es: 'Use los dos archivos de su e.firma y su contraseña. La llave privada y la contraseña no salen de su equipo: aquí solo llega una firma.',
    en: 'Use the two files of your e.firma and your password. The private key and the password do not leave your device: only a signature gets here.',
  },
  'signIn.cerrada': {
    es: 'Su sesión se cerró sola. Entre otra vez para seguir donde estaba.',
    en: 'Your session closed by itself. Sign in again to go on where you were.',
  },
  'signIn.guardada': {
    es: 'Su sesión se cerró sola. Lo que acaba de escribir está guardado: entre otra vez y lo verá en su lugar.',
    en: 'Your session closed by itself. What you just wrote is kept: sign in again and you will see it in its place.',
  },
  'signIn.none': { es: '¿No tiene e.firma?', en: 'Do you not have an e.firma?' },
  'signIn.none.body': {
    es: 'Se tramita gratis, en persona y con cita, con la autoridad que la emite. Sirve para todos los trámites federales.',
    en: 'You get it free of charge, in person and with an appointment, from the authority that issues it. It works for every federal service.',
  },
  'signIn.demo': {
    es: 'Esta es una demostración: use la e.firma de una persona de prueba.',
    en: 'This is a demo: use the e.firma of a test person.',
  },
  'signIn.demo.link': { es: 'Descargar archivos de prueba', en: 'Download test files' },
  'first.title': { es: 'Antes de empezar', en: 'Before you start' },
  'first.privacy': { es: 'Lea el aviso de privacidad', en: 'Read the privacy notice' },
  'first.privacy.short': {
    es: 'Usamos los datos de su certificado y los que usted escriba solo para atender sus solicitudes y notificarle. No los vendemos ni los usamos para otra cosa. Puede pedir verlos, corregirlos u oponerse.',
    en: 'We use the data in your certificate and what you write only to handle your applications and to notify you. We do not sell them or use them for anything else. You can ask to see them, correct them or object.',
  },
  'first.accept': { es: 'Leí el aviso de privacidad', en: 'I have read the privacy notice' },
  'first.accept.error': {
    es: 'Marque que leyó el aviso de privacidad para continuar',
    en: 'Mark that you have read the privacy notice to go on',
  },
  'first.whole': { es: 'Aviso de privacidad completo', en: 'The whole privacy notice' },
  'email.title': { es: 'Su correo de contacto', en: 'Your contact e-mail' },
  'email.hint': {
    es: 'Ahí le avisaremos cuando haya algo en su buzón. No tomamos el del certificado: a veces es el de su contador.',
    en: 'We will tell you there when something is in your mailbox. We do not take the one in the certificate: sometimes it is your accountant’s.',
  },
  'email.label': { es: 'Correo electrónico', en: 'E-mail address' },
  'email.send': { es: 'Enviarme un código', en: 'Send me a code' },
  'email.later': { es: 'Después', en: 'Later' },
  'email.code.title': { es: 'Escriba el código', en: 'Type the code' },
  'email.code.body': {
    es: 'Le enviamos un código de 6 dígitos al correo que escribió. Vale 30 minutos.',
    en: 'We sent a 6-digit code to the address you typed. It is valid for 30 minutes.',
  },
  'email.code.label': { es: 'Código', en: 'Code' },
  'email.code.confirm': { es: 'Confirmar', en: 'Confirm' },
  'email.other': { es: 'Usar otro correo', en: 'Use another address' },
  'email.confirmed': { es: 'Confirmado', en: 'Confirmed' },
  'email.pending': { es: 'Falta confirmarlo con el código', en: 'Still to be confirmed with the code' },
  'email.none': { es: 'Sin correo: nadie le avisará', en: 'No address: nobody will tell you' },
  'account.title': { es: 'Mi cuenta', en: 'My account' },
  name: { es: 'Nombre', en: 'Name' },
  rfc: { es: 'RFC', en: 'RFC' },
  curp: { es: 'CURP', en: 'CURP' },
  actsFor: { es: 'Actúa por', en: 'Acts for' },
  representative: { es: 'Quien firma', en: 'Who signs' },
  certificate: { es: 'Certificado', en: 'Certificate' },
  'certificate.value': { es: 'Serie {serial}, vence el {day}', en: 'Serial {serial}, expires on {day}' },
  email: { es: 'Correo de contacto', en: 'Contact e-mail' },
  roles: { es: 'Encargos', en: 'Roles' },
  'session.title': { es: 'Esta sesión', en: 'This session' },
  'session.body': {
    es: 'Se cierra sola a los 20 minutos sin uso, y siempre a las 8 horas.',
    en: 'It closes by itself after 20 minutes without use, and always after 8 hours.',
  },
  'session.everywhere': { es: 'Cerrar mis sesiones en todos los equipos', en: 'Sign out on every device' },
  signedOut: { es: 'Cerró su sesión.', en: 'You have signed out.' },
  change: { es: 'Cambiar', en: 'Change' },
  continue: { es: 'Continuar', en: 'Continue' },
})

export type AccountTextKey = keyof typeof accountTexts
