import { Failure } from './failure.ts'

/** As long as a challenge may live, in milliseconds (2 minutes). */
const LONGEST_LIFE = 120_000

/** Version 1, with nobody named: this page leaves it to the certificate for whom the person acts. */
const SHAPE =
  /^ventanilla sign-in 1\norigin: ([!-~]+)\naccount: \nnonce: [\w-]{43}\nissued: ([\dTZ:-]{20})\nexpires: ([\dTZ:-]{20})\n$/

/**
 * Never signs for another site, or anything that is not a challenge of version 1: a document's signature can not be got this way.
 * Its age is counted from when it was asked for, not by this device's clock, which may be wrong.
 * @param age milliseconds since it was asked for
 * @throws Failure `challenge-unknown`, `wrong-origin`, `challenge-expired`
 */
export function checkChallenge(text: string, origin: string, age: number): void {
  const [, forOrigin, issued = '', expires = ''] = SHAPE.exec(text) ?? []
  const life = Date.parse(expires) - Date.parse(issued)
  // Also where a time cannot be read: NaN is not within anything.
  if (!(life > 0 && life <= LONGEST_LIFE)) throw new Failure('challenge-unknown')
  if (forOrigin !== origin) throw new Failure('wrong-origin')
  if (!(age < life)) throw new Failure('challenge-expired')
}
