export type CmsFault = 'not-der' | 'not-signed-data' | 'bad-attributes' | 'bad-signer' | 'too-large' | 'cannot-grow'

/** A CMS message that is not what it must be; nothing is said about who signed it. */
export class CmsError extends Error {
  readonly fault: CmsFault
  constructor(fault: CmsFault, options?: ErrorOptions) {
    super(`CMS: ${fault}`, options)
    this.name = 'CmsError'
    this.fault = fault
  }
}
