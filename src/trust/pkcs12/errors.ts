/**
 * Why a PKCS#12 file is not opened. `wrong-password`: the password opens nothing in it; `broken`: the password is right, or nothing needs
 * one, and the bytes are not as they were written; `not-pkcs12`: it is something else; `unsupported`: sound, as far as can be seen, and
 * made in a way that is not read here; `too-costly`: size or iterations past the bound; `no-key`, `several-keys`, `no-certificate`: it
 * opens and does not hold one key with its certificate.
 */
export type Pkcs12Problem =
  | 'wrong-password'
  | 'broken'
  | 'not-pkcs12'
  | 'unsupported'
  | 'too-costly'
  | 'no-key'
  | 'several-keys'
  | 'no-certificate'

/** A PKCS#12 file that cannot be opened here. The message is the end of a sentence and says nothing of what is inside. */
export class Pkcs12Error extends Error {
  readonly problem: Pkcs12Problem

  constructor(problem: Pkcs12Problem, message: string) {
    super(message)
    this.problem = problem
  }
}
