/** PKIFailureInfo of RFC 3161, 2.4.2: why an authority does not stamp. The numbers are those of the bits. */
export const FAILURES = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const

export type TimestampFailure = keyof typeof FAILURES

/** Bytes that are no request, response or TSTInfo as RFC 3161 has them. `failure` is what an authority answers to such a request. */
export class TimestampError extends Error {
  readonly failure: TimestampFailure

  constructor(failure: TimestampFailure, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'TimestampError'
    this.failure = failure
  }
}
