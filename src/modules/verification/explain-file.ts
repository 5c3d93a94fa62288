import { explainContainer, isContainer } from './explain-container.ts'
import { explainDocument } from './explain-document.ts'
import type { Explanation } from './explanation.ts'
import type { TrustedHere } from './trusted-here.ts'

/** A document or a case file, whichever it is. Never throws for what the bytes are. @param now for signatures that say no time */
export function explainFile(bytes: Buffer, trusted: TrustedHere, now: Date): Explanation {
  return (isContainer(bytes) ? explainContainer : explainDocument)(bytes, trusted, now)
}
