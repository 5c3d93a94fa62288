/** Why a container is not read at all; nothing is said about its signatures. */
export type AsicProblem =
  /** Not a ZIP file from its first byte to its last, or one that two readers could read differently. */
  | 'not-zip'
  | 'encrypted'
  /** A compression, flag, extra field or size (Zip64) that is not read here. */
  | 'unsupported'
  /** A name that leads elsewhere, hides something or stands twice. */
  | 'unsafe-name'
  | 'link'
  /** More entries or bytes, or a tighter compression, than are read. */
  | 'too-large'
  | 'damaged'
  /** `mimetype` is not what EN 319 162-1 (A.1) asks for. */
  | 'not-asic-e'
  /** Of a manifest: it is not what the schema has. */
  | 'bad-manifest'

/** Thrown by the readers below `verifyAsic`, which makes a report of it. */
export class AsicError extends Error {
  readonly problem: AsicProblem
  /** @param detail a sentence without anyone's data: never a name out of the file */
  constructor(problem: AsicProblem, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'AsicError'
    this.problem = problem
  }
}
