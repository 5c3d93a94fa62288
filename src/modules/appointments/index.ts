export {
  type Appointment,
  type AppointmentParts,
  findAppointee,
  prepareAppointment,
  readAppointmentPrepared,
  signAppointment,
} from './appoint.ts'
export { appointmentsRefusals, roleNames } from './texts.ts'
