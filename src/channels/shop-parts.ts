import type { KeyObject } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import type { DemoClock } from '#kernel/demo-clock.ts'
import type { CaseFiles } from '#modules/case-files/index.ts'
import type { CaseParts } from '#modules/cases/index.ts'
import type { Demo } from '#modules/demo/index.ts'
import type { DocumentsParts } from '#modules/documents/index.ts'
import type { IdentityParts } from '#modules/identity/index.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { PostOfficeParts } from '#modules/post-office/index.ts'
import type { Examiner } from '#modules/verification/index.ts'

/** What the channels are given by whoever puts the shop together. */
export interface ShopParts {
  publicUrl: string
  dataDir: string
  packDir: string
  /** Bytes, of a document brought to be checked. */
  largestFile: number
  db: Database
  clock: Clock
  /** Only in a demo. */
  demoClock: DemoClock | undefined
  demo: Demo | undefined
  bankKey: KeyObject | undefined
  identity: IdentityParts
  cases: CaseParts
  caseFiles: CaseFiles
  postOffice: PostOfficeParts
  documents: DocumentsParts
  ledger: Ledger
  examiner: Examiner
  /** Of what a verdict's page carries back when its report is wanted. */
  reportKey: Buffer
  /** Does everything that has fallen due, and returns when it is done. */
  drain(): Promise<void>
}
