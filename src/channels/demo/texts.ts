import { defineTexts } from '#kernel/texts.ts'

export const demoTexts = defineTexts({
  title: { es: 'Personas de prueba', en: 'Test people' },
  lead: {
    es: 'Descargue los dos archivos de una persona y entre con ellos. La contraseña de todas es «{password}».',
    en: 'Download the two files of a person and sign in with them. Everyone’s password is “{password}”.',
  },
  citizens: { es: 'Personas y empresas', en: 'People and companies' },
  servants: { es: 'Servidores públicos', en: 'Public servants' },
  refused: { es: 'Para ver qué no entra', en: 'To see what does not get in' },
  person: { es: 'Persona', en: 'Person' },
  what: { es: 'Para qué sirve', en: 'What for' },
  files: { es: 'Archivos', en: 'Files' },
  clock: { es: 'El reloj de la demostración', en: 'The demo’s clock' },
  'clock.now': { es: 'Aquí es el {now}.', en: 'Here it is {now}.' },
  'clock.body': {
    es: 'Muévalo para ver vencer los plazos. No puede ir hacia atrás, y al moverlo se cierran las sesiones: vuelva a entrar.',
    en: 'Move it to see terms end. It cannot go back, and moving it closes sessions: sign in again.',
  },
  'clock.days': { es: 'Días que avanza', en: 'Days to move' },
  'clock.go': { es: 'Avanzar', en: 'Move' },
  'clock.fault': { es: 'Escriba un número de días entre 1 y 3660', en: 'Write a number of days between 1 and 3660' },
  'clock.moved': { es: 'El reloj avanzó y se hizo lo que vencía.', en: 'The clock moved and what fell due was done.' },
  mails: { es: 'Correos que se habrían enviado', en: 'E-mails that would have been sent' },
  'mails.none': { es: 'Ninguno todavía.', en: 'None yet.' },
  'mails.lead': {
    es: 'En la demostración nada sale por correo: se ve aquí.',
    en: 'In the demo nothing leaves by e-mail: it is seen here.',
  },
  to: { es: 'Para', en: 'To' },
  bank: { es: 'Banco de la demostración', en: 'The demo’s bank' },
  'bank.lead': {
    es: 'Aquí se hace de cuenta que paga. El banco firma un mensaje y la ventanilla lo comprueba.',
    en: 'Here you pretend to pay. The bank signs a message and it is checked here.',
  },
  'bank.reference': { es: 'Referencia', en: 'Reference' },
  'bank.amount': { es: 'Importe', en: 'Amount' },
  'bank.pay': { es: 'Pagar', en: 'Pay' },
  'bank.paid': { es: 'Pagado. Regrese a su solicitud.', en: 'Paid. Go back to your application.' },
  'bank.back': { es: 'Regresar a mi solicitud', en: 'Back to my application' },
  more: { es: 'Más de la demostración', en: 'More of the demo' },
  crl: {
    es: 'Lista de certificados revocados de la autoridad de prueba',
    en: 'List of revoked certificates of the test authority',
  },
})

export type DemoTextKey = keyof typeof demoTexts
