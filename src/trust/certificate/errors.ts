export type CertificateFault =
  | 'not-der'
  | 'unknown-version'
  | 'fields-of-another-version'
  | 'algorithms-differ'
  | 'bad-serial'
  | 'bad-validity'
  | 'bad-name'
  | 'bad-key'
  | 'doubled-extension'
  | 'bad-extension'

/** Bytes that are no certificate as RFC 5280 (4.1) has them. `cause` is the DerError where there is one. */
export class CertificateError extends Error {
  readonly code: CertificateFault
  /** The extension at fault, as OID. */
  readonly extension?: string

  constructor(code: CertificateFault, options: { cause?: unknown; extension?: string } = {}) {
    super(options.extension ? `certificate: ${code} ${options.extension}` : `certificate: ${code}`, {
      cause: options.cause,
    })
    this.name = 'CertificateError'
    this.code = code
    if (options.extension) this.extension = options.extension
  }
}
