export { openPreservation, type Preservation, type RunReport } from './open-preservation.ts'
export type { PreservationParts } from './preservation-parts.ts'
export { type PreservationStatus, readPreservationGauges, readPreservationStatus } from './preservation-status.ts'
export { findLastingByCode, inForm, type LastingDocument, readLastingDocument } from './store.ts'
