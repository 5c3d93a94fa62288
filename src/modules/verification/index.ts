export { explainDocument, type TrustedHere } from './explain-document.ts'
export type { Explanation, Finding, LogFinding, Verdict } from './explanation.ts'
export { type Told, tell } from './tell.ts'
