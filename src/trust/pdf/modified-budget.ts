import { PdfError } from './errors.ts'

const MOST = 10_000_000

/** What one file may cost to judge, all its signatures and revisions together; one that needs more is not judged. */
export class ComparisonBudget {
  private left = MOST

  /** @throws PdfError */
  spend(count = 1): void {
    this.left -= count
    if (this.left < 0) throw new PdfError('too-large', 'there is too much to compare')
  }

  /** Bytes are read far faster than objects are compared. */
  spendBytes(count: number): void {
    this.spend(count >> 8)
  }
}
