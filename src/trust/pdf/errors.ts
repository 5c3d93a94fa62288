export type PdfProblem = 'not-a-pdf' | 'broken' | 'encrypted' | 'too-large' | 'too-deep'

/** A file that cannot be read as a PDF within the bounds; what is wrong with it, never what it says. */
export class PdfError extends Error {
  readonly problem: PdfProblem
  readonly offset: number | undefined

  constructor(problem: PdfProblem, detail: string, offset?: number) {
    super(detail)
    this.name = 'PdfError'
    this.problem = problem
    this.offset = offset
  }
}

export type SigningProblem =
  /** A certification comes first, and once (ISO 32000-1, 12.8.2.2). */
  | 'already-signed'
  /** An earlier signature permits no further one, or locks the field. */
  | 'not-permitted'
  /** The name is another field's, or signed already. */
  | 'name-taken'
  /** A name that no new field can have: empty, or with a point in it. */
  | 'field-name'
  /** The field asks for something (ISO 32000-1, 12.7.4.5, seed values) that was not given. */
  | 'seed-value'
  | 'rectangle'
  /** What was signed elsewhere does not hold over the file. */
  | 'does-not-hold'

/** A PDF that could be signed, but not so. */
export class SigningError extends Error {
  readonly problem: SigningProblem

  constructor(problem: SigningProblem, detail: string) {
    super(detail)
    this.name = 'SigningError'
    this.problem = problem
  }
}
