import type { CaseParts } from '#modules/cases/index.ts'

/** What making case files needs; made once, in the composition root. */
export interface CaseFileParts {
  cases: CaseParts
  /** A folder of this process's own on a disk: files in it have no name by the time anybody could look. */
  folder: string
}
