export type RevocationFault =
  | 'not-der'
  | 'unknown-version'
  | 'algorithms-differ'
  | 'bad-list'
  | 'bad-response'
  | 'not-successful'

/** Bytes that are no CRL (RFC 5280, 5.1) or no OCSP response (RFC 6960, 4.2.1). */
export class RevocationError extends Error {
  readonly code: RevocationFault

  constructor(code: RevocationFault, cause?: unknown) {
    super(`revocation: ${code}`, { cause })
    this.name = 'RevocationError'
    this.code = code
  }
}
