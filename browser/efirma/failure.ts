/** Why the browser refuses before anything travels; the page holds a sentence for each, in the person's language. */
export type FailureCode =
  | 'certificate-missing'
  | 'key-missing'
  | 'password-missing'
  | 'certificate-unreadable'
  | 'certificate-is-key'
  | 'key-is-certificate'
  | 'key-unreadable'
  | 'wrong-password-or-key'
  | 'key-mismatch'
  | 'challenge-unknown'
  | 'challenge-expired'
  | 'wrong-origin'
  | 'document-differs'
  | 'session-ended'
  | 'no-answer'
  | 'refused'
  | 'page-fault'
  | 'no-webcrypto'

export class Failure extends Error {
  readonly code: FailureCode
  /** The server's own sentence, where it refused. */
  readonly detail: string | undefined
  constructor(code: FailureCode, detail?: string) {
    super(code)
    this.code = code
    this.detail = detail
  }
}
