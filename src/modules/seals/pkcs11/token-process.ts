import { CryptokiError } from './constants.ts'
import { loadCryptoki } from './cryptoki.ts'
import type { Scheme } from './mechanisms.ts'
import { type KeyPlace, openTokenKey, type TokenKey } from './token.ts'

/** What is asked of the process that holds a token, one thing at a time. */
export type Question = { open: KeyPlace; pin: string } | { sign: Uint8Array; scheme: Scheme }

export type Answer =
  | { opened: { certificates: Uint8Array[] } }
  | { signed: Uint8Array }
  /** `forGood`: asking again would lock the PIN. */
  | { failed: string; forGood: boolean }

let key: TokenKey | undefined

/** A module of hardware is somebody else's native code: it lives in a process of its own, which may hang, break or be ended. */
process.on('message', (question: Question) => {
  process.send!(answerTo(question))
})
process.on('disconnect', () => process.exit())

function answerTo(question: Question): Answer {
  try {
    if ('sign' in question) return { signed: key!.sign(question.sign, question.scheme) }
    key = openTokenKey(loadCryptoki(question.open.module), question.open, question.pin)
    return { opened: { certificates: key.certificates } }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { failed: message, forGood: error instanceof CryptokiError && error.refusesPin }
  }
}
