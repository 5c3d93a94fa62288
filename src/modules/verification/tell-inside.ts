import { type Language, say } from '#kernel/texts.ts'
import type { Verdict } from './explanation.ts'
import type { ToldSignature } from './tell.ts'
import { verdictTexts } from './texts.ts'

type Mark = ToldSignature['mark'] | 'none'

/** What becomes of one document of several in a container, in a few words: what covers it is told of the whole. */
export const tellInside = (verdict: Verdict, language: Language): string =>
  say(verdictTexts, `inside.${verdict}`, language)

const marks: Record<Verdict, Mark> = {
  sound: 'good',
  altered: 'bad',
  invalid: 'bad',
  unsealed: 'bad',
  untrusted: 'open',
  undetermined: 'open',
  unreadable: 'open',
  unsigned: 'none',
}

export const markInside = (verdict: Verdict): Mark => marks[verdict]
