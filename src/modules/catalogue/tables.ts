import type { Queries } from '#kernel/database.ts'
import type { Ficha } from './ficha.ts'

/** This module's tables, as its SQL migrations make them; nobody else reads them. */
export type CatalogueTables = {
  'catalogue.version': {
    service_id: string
    version: number
    digest: Buffer
    ficha: Ficha
    published_at: Date
    log_entry: string | null
  }
  'catalogue.service': {
    service_id: string
    version: number
    institution: string
    online: boolean
    withdrawn: boolean
    channels: string[]
    life_events: string[]
    topics: string[]
    applicants: string[]
    names: string
    words: string
  }
  'catalogue.generation': { single: boolean; number: number }
  'catalogue.postal_code': { code: string; settlement: string; kind: string; municipality: string; state: string }
}

export const tables = (queries: Queries) => queries.withTables<CatalogueTables>()
