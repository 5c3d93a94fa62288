export type AppointmentsCode = 'appointee-unknown' | 'appointment-out-of-date'
