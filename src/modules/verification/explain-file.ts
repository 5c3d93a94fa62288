import { stopwatch } from '#kernel/clock.ts'
import type { Beside } from '#trust/validation/examine.ts'
import { readSignedFile } from '#trust/validation/read-signed-file.ts'
import { explainDocument, explainRead } from './explain-document.ts'
import type { Explanation } from './explanation.ts'
import { documentsIn } from './read-container.ts'
import type { TrustedHere } from './trusted-here.ts'

/** For all the documents of a container together: whoever put them in chose how long each takes. */
const MOST_SECONDS = 15

/**
 * A file of any format, and where it is a container each document in it by itself. Never throws for what the bytes are.
 * @param now the time of validation
 * @param beside what a detached signature is over
 * @param elapsed seconds that only go forward
 */
export function explainFile(
  bytes: Buffer,
  trusted: TrustedHere,
  now: Date,
  beside: Beside = {},
  elapsed: () => number = stopwatch(),
): Explanation {
  const read = readSignedFile(bytes, beside)
  const own = explainRead(bytes, read, trusted, now, beside)
  if (!read.asic) return own
  let unseen = 0
  const inside = documentsIn(read.asic).map(({ name, read: unpack }): NonNullable<Explanation['inside']>[number] => {
    if (elapsed() > MOST_SECONDS) {
      unseen += 1
      return { name, kind: undefined, verdict: 'undetermined' }
    }
    const { kind, verdict } = explainDocument(unpack(), trusted, now)
    return { name, kind, verdict }
  })
  const isAltered = own.verdict !== 'unreadable' && inside.some(({ verdict }) => verdict === 'altered')
  if (isAltered) return { ...own, verdict: 'altered', sound: false, trusted: false, inside }
  // Of what was not looked at nobody can say that it was not changed.
  if (unseen > 0 && own.verdict === 'sound')
    return { ...own, verdict: 'undetermined', trusted: false, reason: UNSEEN, inside }
  return { ...own, inside }
}

const UNSEEN = 'The documents inside take longer to examine than is given to one file.'
