export {
  addBusinessDays,
  addMonths,
  businessDayFrom,
  type Calendar,
  countedAs,
  daysOffOf,
  endOfTerm,
  hoursOf,
  isBusinessDay,
  isBusinessTime,
  type PublishedHours,
  type Suspension,
} from './calendar.ts'
export { type Calendars, loadCalendars } from './load-calendars.ts'
export { addDays, type Day, instantOf, isDay, startOfDay, wallClock, withOffset } from './zone.ts'
