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
