export type { CaseFileParts } from './case-file-parts.ts'
export { CASE_FILE_TYPE, type CaseFile, type CaseFiles, openCaseFiles } from './open-case-files.ts'
export { caseFilesRefusals } from './texts.ts'
