import { defineTexts } from '#kernel/texts.ts'
import type { AppointmentsCode } from './errors.ts'

export const appointmentsRefusals = defineTexts<AppointmentsCode>({
  'appointee-unknown': {
    es: 'Nadie con esa clave ha entrado todavía. Pídale que entre una vez con su e.firma.',
    en: 'Nobody with that key has signed in yet. Ask them to sign in once with their e.firma.',
  },
  'appointment-out-of-date': {
    es: 'El documento que iba a firmar es de otra cosa. Prepárelo de nuevo.',
    en: 'The document you were going to sign is of something else. Prepare it again.',
  },
})

export const appointmentWords = defineTexts({
  grant: { es: 'Acto por el que se da un encargo', en: 'Act by which a role is given' },
  withdraw: { es: 'Acto por el que se quita un encargo', en: 'Act by which a role is taken away' },
  'grant.text': {
    es: 'Doy a esta persona el encargo que se dice, en la institución que se dice.',
    en: 'I give this person the role that is named, at the institution that is named.',
  },
  'withdraw.text': {
    es: 'Quito a esta persona el encargo que se dice, en la institución que se dice.',
    en: 'I take from this person the role that is named, at the institution that is named.',
  },
  person: { es: 'Persona', en: 'Person' },
  institution: { es: 'Institución', en: 'Institution' },
  role: { es: 'Encargo', en: 'Role' },
  by: { es: 'Quien firma', en: 'Who signs' },
})

export const roleNames = defineTexts({
  officer: { es: 'Atiende solicitudes', en: 'Handles applications' },
  signer: { es: 'Firma resoluciones', en: 'Signs decisions' },
  supervisor: { es: 'Supervisa', en: 'Supervises' },
  administrator: { es: 'Administra encargos', en: 'Administers roles' },
})
