import { fill, type Text } from '#kernel/texts.ts'
import { body, bullets, columns, heading, lead, link, table, tag } from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showInstant } from '#web/format.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'

/** A page of plain text: what it says, by heading. */
interface Information {
  title: Text
  lead: Text
  sections: Array<{ title: Text; items: Text[] }>
}

export const helpText: Information = {
  title: { es: 'Ayuda', en: 'Help' },
  lead: { es: 'Lo que más se pregunta.', en: 'What people ask most.' },
  sections: [
    {
      title: { es: 'Mi e.firma no entra', en: 'My e.firma does not work' },
      items: [
        {
          es: 'El certificado termina en .cer y la llave en .key: elija cada uno en su lugar.',
          en: 'The certificate ends in .cer and the key in .key: choose each in its place.',
        },
        {
          es: 'La contraseña es la de la llave privada, con mayúsculas y minúsculas; no es la de ningún portal.',
          en: 'The password is that of the private key, with capitals and small letters; it is not that of any site.',
        },
        {
          es: 'Los sellos para facturar (CSD) no son una e.firma: no sirven para entrar.',
          en: 'Invoice seals (CSD) are not an e.firma: they do not work to sign in.',
        },
        {
          es: 'Si venció, renuévela con la autoridad que la emite. Su buzón y sus solicitudes siguen siendo los mismos.',
          en: 'If it expired, renew it with the authority that issues it. Your mailbox and applications stay the same.',
        },
      ],
    },
    {
      title: { es: 'Firmé y no sé si se envió', en: 'I signed and do not know whether it was sent' },
      items: [
        {
          es: 'Vea «Mis solicitudes». Si hay folio, está enviada. Si vuelve a enviar lo mismo, obtiene el mismo folio.',
          en: 'See “My applications”. If there is a folio, it was sent. If you send the same again you get the same folio.',
        },
      ],
    },
    {
      title: { es: 'No abrí mi buzón', en: 'I did not open my mailbox' },
      items: [
        {
          es: 'Después de los días que dice la regla cuenta como notificada. La constancia dice cuándo y por qué; puede abrirla igual.',
          en: 'After the days the rule says it counts as served. The certificate says when and why; you can still open it.',
        },
      ],
    },
    {
      title: { es: 'Encontré una falla de seguridad', en: 'I found a security fault' },
      items: [
        {
          es: 'Díganoslo antes de publicarla, sin usar datos de otras personas: escriba a {contact}.',
          en: 'Tell us before you publish it, without using other people’s data: write to {contact}.',
        },
      ],
    },
    {
      title: { es: '¿Cómo sé que un documento es verdadero?', en: 'How do I know a document is true?' },
      items: [
        {
          es: 'Suéltelo en «Verificar un documento», o escriba su folio y código. También se comprueba sin internet con el programa, que es libre.',
          en: 'Drop it in “Verify a document”, or type its folio and code. It can also be checked without internet with the program, which is free.',
        },
      ],
    },
  ],
}

export const accessibilityText: Information = {
  title: { es: 'Accesibilidad', en: 'Accessibility' },
  lead: {
    es: 'Esta ventanilla quiere cumplir WCAG 2.2, nivel AA. Lo comprobamos con pruebas automáticas en cada cambio y mirando cada página.',
    en: 'This site aims to meet WCAG 2.2, level AA. We check it by automatic tests at each change and by looking at every page.',
  },
  sections: [
    {
      title: { es: 'Qué puede hacer', en: 'What you can do' },
      items: [
        {
          es: 'Usar todo solo con el teclado, y con lector de pantalla.',
          en: 'Use everything by keyboard alone, and with a screen reader.',
        },
        {
          es: 'Ampliar hasta 400 % sin perder nada, y usarla en una pantalla de 320 píxeles.',
          en: 'Zoom to 400 % without losing anything, and use it on a screen 320 pixels wide.',
        },
        {
          es: 'Hacer todo sin JavaScript, menos firmar: la firma se hace en su equipo con un programa pequeño y abierto.',
          en: 'Do everything without JavaScript, except signing: the signature is made on your device by a small open program.',
        },
      ],
    },
    {
      title: { es: 'Qué falta', en: 'What is missing' },
      items: [
        {
          es: 'Todavía no la han probado personas con discapacidad en un estudio formal.',
          en: 'People with disabilities have not yet tested it in a formal study.',
        },
        {
          es: 'Los documentos PDF son PDF/A-3a con etiquetas; los archivos que adjunta otra persona pueden no serlo.',
          en: 'PDF documents are tagged PDF/A-3a; files that somebody else attaches may not be.',
        },
      ],
    },
  ],
}

/** `{contact}` and the like in an item are filled from the facts. */
export function informationPage(text: Information, facts: Record<string, string> = {}) {
  return ({ language }: PageContext): Page => ({
    title: text.title[language],
    body: columns(
      html`${heading(text.title[language])}${lead(text.lead[language])}${text.sections.map(({ title, items }) => html`${heading(title[language], 'm', 2)}${bullets(items.map((item) => fill(item[language], facts)))}`)}`,
    ),
  })
}

const words = {
  title: { es: 'Estado del servicio', en: 'Service status' },
  up: { es: 'Funciona', en: 'Working' },
  down: { es: 'No responde', en: 'Not answering' },
  slow: { es: 'Con retraso', en: 'Delayed' },
  base: { es: 'Solicitudes y buzones', en: 'Applications and mailboxes' },
  log: { es: 'Bitácora pública', en: 'Public log' },
  jobs: { es: 'Acuses y avisos', en: 'Receipts and messages' },
  now: { es: 'Al {now}', en: 'As of {now}' },
  outages: { es: 'Interrupciones registradas', en: 'Outages on record' },
  unknown: {
    es: 'Ahora no se puede leer el registro. Lo que ya envió no se perdió.',
    en: 'The record cannot be read now. What you already sent is not lost.',
  },
  none: { es: 'Ninguna.', en: 'None.' },
  effect: {
    es: 'Si no funciona durante cuatro horas o más, los plazos de las notificaciones se recorren, y cada constancia lo dice.',
    en: 'If it does not work for four hours or more, the terms of notices move, and each certificate says so.',
  },
  from: { es: 'Desde', en: 'From' },
  to: { es: 'Hasta', en: 'To' },
  part: { es: 'Parte', en: 'Part' },
  state: { es: 'Estado', en: 'State' },
  machine: { es: 'Para programas que vigilan', en: 'For programs that watch' },
} satisfies Record<string, Text>

export interface StatusData {
  logBehind: boolean
  jobsBehind: boolean
  outages: Array<{ from: Date; to: Date }>
}

export function statusPage(context: PageContext, data: StatusData | undefined): Page {
  const { language } = context
  const t = (key: keyof typeof words) => words[key][language]
  const state = (behind: boolean | undefined) =>
    behind === undefined ? tag(t('down'), 'red') : behind ? tag(t('slow'), 'orange') : tag(t('up'), 'green')
  const outages = data?.outages ?? []
  return {
    title: t('title'),
    body: columns(
      html`${heading(t('title'))}${lead(t('now').replace('{now}', showInstant(context.now, context)))}
${table({
  caption: t('title'),
  quietCaption: true,
  head: [t('part'), t('state')],
  rows: [
    [t('base'), state(data && false)],
    [t('log'), state(data?.logBehind)],
    [t('jobs'), state(data?.jobsBehind)],
  ],
})}
${heading(t('outages'), 'm', 2)}${body(t('effect'))}${outages.length === 0 ? body(t(data ? 'none' : 'unknown')) : table({ caption: t('outages'), quietCaption: true, head: [t('from'), t('to')], rows: outages.map(({ from, to }) => [showInstant(from, context), showInstant(to, context)]) })}
<p class="govuk-body">${t('machine')}: ${link('/healthz', '/healthz')}, ${link('/readyz', '/readyz')}</p>`,
    ),
  }
}
