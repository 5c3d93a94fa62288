import { defineTexts } from '#kernel/texts.ts'
import type { PostOfficeCode } from './errors.ts'

export const postOfficeTexts = defineTexts<PostOfficeCode>({
  'notice-unknown': {
    es: 'No encontramos esa notificación en este buzón. Vuelva al buzón y elíjala de la lista.',
    en: 'We cannot find that notice in this mailbox. Go back to the mailbox and choose it from the list.',
  },
  'notice-already-opened': {
    es: 'Esta notificación ya fue abierta. Puede leerla desde el buzón.',
    en: 'This notice has already been opened. You can read it from the mailbox.',
  },
  'notice-without-particulars': {
    es: 'Falta el fundamento o el medio de impugnación: una notificación los lleva siempre (LFPA 39). Complételos.',
    en: 'The legal basis or the appeal is missing: a notice always carries them (LFPA 39). Fill them in.',
  },
  'consent-missing': {
    es: 'La persona no aceptó notificaciones electrónicas: notifíquele personalmente.',
    en: 'The person did not accept electronic notices: notify them in person.',
  },
  'rule-not-for-this': {
    es: 'Esa regla de notificación no es para este tipo de acto. Elija la que corresponde al servicio.',
    en: 'That notification rule is not for this kind of act. Choose the one for the service.',
  },
  'consult-needed': {
    es: 'Mostrar la lista del buzón es consultarlo, y lo que está en él cuenta como notificado hoy (LFEA 11). Diga que quiere consultarlo.',
    en: 'Showing the mailbox’s list is consulting it, and what is in it counts as served today (LFEA 11). Say that you want to consult it.',
  },
  'report-too-late': {
    es: 'Ya no se puede informar de ese impedimento: son tres días hábiles desde que venció el plazo (LFEA 11).',
    en: 'That can no longer be reported: it is three business days from when the term lapsed (LFEA 11).',
  },
  'opening-out-of-date': {
    es: 'El acuse que iba a firmar ya no corresponde a esta notificación. Abra de nuevo la notificación y firme el nuevo.',
    en: 'The receipt you were about to sign no longer matches this notice. Open the notice again and sign the new one.',
  },
})

type AvisoKey = 'aviso.subject' | 'aviso.body' | 'aviso.body-without-limit' | 'code.subject' | 'code.body'

/** What goes out by e-mail: that there is something, from whom and by when; never what is inside. */
export const avisoTexts = defineTexts<AvisoKey>({
  'aviso.subject': { es: 'Tiene una notificación en su buzón', en: 'You have a notice in your mailbox' },
  'aviso.body': {
    es: '{sender} le dejó una notificación en su buzón electrónico.\n\nÁbrala con su e.firma a más tardar el {limit}. Si no la abre, contará como notificada el {lapse}.\n\n{link}\n\nEste mensaje no dice de qué se trata, a propósito. Nunca le pediremos su contraseña ni su archivo .key por correo.',
    en: '{sender} left a notice for you in your electronic mailbox.\n\nOpen it with your e.firma by {limit}. If you do not open it, it will count as served on {lapse}.\n\n{link}\n\nThis message does not say what it is about, on purpose. We will never ask for your password or your .key file by e-mail.',
  },
  'aviso.body-without-limit': {
    es: '{sender} le dejó una notificación en su buzón electrónico.\n\n{link}\n\nEste mensaje no dice de qué se trata, a propósito. Nunca le pediremos su contraseña ni su archivo .key por correo.',
    en: '{sender} left a notice for you in your electronic mailbox.\n\n{link}\n\nThis message does not say what it is about, on purpose. We will never ask for your password or your .key file by e-mail.',
  },
  'code.subject': { es: 'Confirme su correo', en: 'Confirm your e-mail address' },
  'code.body': {
    es: 'Su código es {code}. Escríbalo en la página que tiene abierta; vale {minutes} minutos.\n\nSi usted no lo pidió, no haga nada.',
    en: 'Your code is {code}. Type it on the page you have open; it is valid for {minutes} minutes.\n\nIf you did not ask for it, do nothing.',
  },
})
