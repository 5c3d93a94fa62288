import type { Beside } from '#trust/validation/examine.ts'
import { readSignedFile } from '#trust/validation/read-signed-file.ts'
import { explainDocument, explainRead } from './explain-document.ts'
import type { Explanation } from './explanation.ts'
import { documentsIn } from './read-container.ts'
import type { TrustedHere } from './trusted-here.ts'

/**
 * A file of any format, and where it is a container each document in it by itself. Never throws for what the bytes are.
 * @param now the time of validation
 * @param beside what a detached signature is over
 */
export function explainFile(bytes: Buffer, trusted: TrustedHere, now: Date, beside: Beside = {}): Explanation {
  const read = readSignedFile(bytes, beside)
  const own = explainRead(bytes, read, trusted, now, beside)
  if (!read.asic) return own
  const inside = documentsIn(read.asic).map(({ name, read: unpack }) => {
    const { kind, verdict } = explainDocument(unpack(), trusted, now)
    return { name, kind, verdict }
  })
  const isAltered = own.verdict !== 'unreadable' && inside.some(({ verdict }) => verdict === 'altered')
  return { ...own, ...(isAltered && { verdict: 'altered', sound: false, trusted: false }), inside }
}
