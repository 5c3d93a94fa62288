import { sha256Hex } from '#kernel/bytes.ts'
import type { PdfReport } from '#trust/pdf/verify-report.ts'

/**
 * The document as it was issued: all that its last signature or seal covers. What follows are time-stamps that make it last, and
 * the digest in the log, in receipts and in evidence is of what was before them.
 * @returns undefined where nothing was appended, or nobody signed
 */
export function findIssued({ signatures }: PdfReport, bytes: Buffer): { sha256: string; size: number } | undefined {
  const ends = signatures.flatMap(({ kind, byteRange }) =>
    kind === 'signature' && byteRange ? [byteRange[2] + byteRange[3]] : [],
  )
  const size = Math.max(0, ...ends)
  if (size === 0 || size >= bytes.length) return undefined
  return { sha256: sha256Hex(bytes.subarray(0, size)), size }
}
