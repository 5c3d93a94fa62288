import { fill, type Text } from '#kernel/texts.ts'
import { bullets, columns, heading, lead, small } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showDay } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'

/** Changes with the text: whoever accepted an earlier one reads the new one at the next sign-in. */
export const PRIVACY_VERSION = '2026-11-25'

interface Section {
  title: Text
  items: Text[]
}

const title: Text = { es: 'Aviso de privacidad', en: 'Privacy notice' }
const intro: Text = {
  es: '{operator} opera esta ventanilla y es responsable de sus datos (Ley General de Protección de Datos Personales en Posesión de Sujetos Obligados, de 2025).',
  en: '{operator} runs this one-stop shop and is responsible for your data (General Law on Protection of Personal Data Held by Obliged Parties, of 2025).',
}
const since: Text = { es: 'Vigente desde el {day}', en: 'In force since {day}' }
const sections: Section[] = [
  {
    title: { es: 'Qué datos usamos', en: 'Which data we use' },
    items: [
      {
        es: 'Los de su certificado de e.firma: nombre, RFC, CURP y número de serie.',
        en: 'Those in your e.firma certificate: name, RFC, CURP and serial number.',
      },
      {
        es: 'Lo que usted escribe y adjunta en sus solicitudes, y el correo que confirma.',
        en: 'What you write and attach in your applications, and the e-mail address you confirm.',
      },
      {
        es: 'Nunca su llave privada ni su contraseña: no salen de su equipo.',
        en: 'Never your private key or your password: they do not leave your device.',
      },
    ],
  },
  {
    title: { es: 'Para qué', en: 'What for' },
    items: [
      {
        es: 'Para saber quién es, atender su solicitud, notificarle y probar cada acto.',
        en: 'To know who you are, handle your application, notify you and prove each act.',
      },
      {
        es: 'La ley que permite cada trámite está en su ficha. Recibir avisos por internet lo decide usted en cada solicitud.',
        en: 'The law that allows each service is on its page. You decide in each application whether to be notified online.',
      },
      {
        es: 'No para publicidad, ni para perfiles, ni para venderlos.',
        en: 'Not for advertising, not for profiles, not to sell them.',
      },
    ],
  },
  {
    title: { es: 'Quién los ve', en: 'Who sees them' },
    items: [
      {
        es: 'Los servidores públicos de la institución que resuelve. Cada vez que alguien abre su expediente queda escrito quién, cuándo y para qué, y usted lo ve.',
        en: 'The public servants of the institution that decides. Each time somebody opens your case it is written down who, when and what for, and you see it.',
      },
      {
        es: 'Nadie más, salvo que una ley o un juez lo ordene.',
        en: 'Nobody else, unless a law or a judge orders it.',
      },
      {
        es: 'La bitácora pública no contiene datos de nadie: solo guarda una huella de cada acto, que no dice nada sin su acuse.',
        en: 'The public log holds nobody’s data: it only keeps a digest of each act, which says nothing without your receipt.',
      },
    ],
  },
  {
    title: { es: 'Cuánto tiempo', en: 'How long' },
    items: [
      {
        es: 'Borradores sin identificarse: 7 días. Borradores de su cuenta: 90 días sin uso.',
        en: 'Drafts without signing in: 7 days. Drafts of your account: 90 days without use.',
      },
      { es: 'Expedientes: lo que mande la Ley General de Archivos.', en: 'Cases: as the General Archives Law says.' },
    ],
  },
  {
    title: { es: 'Sus derechos', en: 'Your rights' },
    items: [
      {
        es: 'Puede pedir ver sus datos, corregirlos, cancelarlos u oponerse (derechos ARCO) ante la unidad de transparencia de la institución.',
        en: 'You may ask to see your data, correct them, erase them or object, before the transparency unit of the institution.',
      },
      {
        es: 'También puede escribir a {contact}. Si no le contestan o no está de acuerdo, puede quejarse ante la autoridad que protege los datos personales.',
        en: 'You may also write to {contact}. If they do not answer or you disagree, you may complain to the authority that protects personal data.',
      },
      {
        es: 'Al firmar una solicitud puede decir qué dato de su certificado está mal; su objeción va con ella.',
        en: 'When you sign an application you may say which datum of your certificate is wrong; your objection goes with it.',
      },
    ],
  },
  {
    title: { es: 'Si este aviso cambia', en: 'If this notice changes' },
    items: [
      {
        es: 'Se lo mostramos otra vez cuando entre, antes de seguir.',
        en: 'We show it to you again when you sign in, before going on.',
      },
    ],
  },
  {
    title: { es: 'Galletas (cookies)', en: 'Cookies' },
    items: [
      {
        es: 'Tres, todas necesarias: la de su sesión, la del borrador de este navegador y la del idioma. Ninguna de terceros.',
        en: 'Three, all needed: that of your session, that of this browser’s draft and that of the language. None of third parties.',
      },
    ],
  },
]

export function privacyPage(
  { language, zone }: PageContext,
  { operator, contact }: { operator: Text; contact: string },
): Page {
  const facts = { operator: operator[language], contact }
  return {
    title: title[language],
    body: columns(
      html`${heading(title[language])}${lead(fill(intro[language], facts))}${sections.map((section) => html`${heading(section.title[language], 'm', 2)}${bullets(section.items.map((item) => fill(item[language], facts)))}`)}${small(fill(since[language], { day: showDay(PRIVACY_VERSION, { language, zone }) }))}`,
    ),
  }
}
