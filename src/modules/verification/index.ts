export { explainDocument } from './explain-document.ts'
export type { Explanation, Finding, LogFinding, Verdict } from './explanation.ts'
export { type Told, tell } from './tell.ts'
export { readTrustedFrom, readTrustedHere, type TrustedHere } from './trusted-here.ts'
