export type DerFault =
  | 'too-large'
  | 'truncated'
  | 'trailing-bytes'
  | 'indefinite-length'
  | 'length-not-minimal'
  | 'high-tag'
  | 'too-deep'
  | 'too-many-values'
  | 'wrong-form'
  | 'unexpected-tag'
  | 'bad-boolean'
  | 'bad-integer'
  | 'bad-null'
  | 'bad-oid'
  | 'bad-bit-string'
  | 'bad-string'
  | 'bad-time'
  | 'bad-set-order'

/** Bytes that are not the DER expected. `offset` counts from the start of the input the reader was given. */
export class DerError extends Error {
  readonly code: DerFault
  readonly offset: number

  constructor(code: DerFault, offset: number) {
    super(`DER: ${code} at byte ${offset}`)
    this.name = 'DerError'
    this.code = code
    this.offset = offset
  }
}
