import { createHash, type Hash as Running } from 'node:crypto'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import type { ByteRange } from './byte-range.ts'
import { PdfError } from './errors.ts'

/** Bytes, of all signatures of a file together; a second or so. */
const MOST = 1024 * 1024 * 1024

/**
 * Digests of what signatures cover. Each covers all from the file's first byte on, so what is before the later one's gap goes on
 * from what is before the earlier one's: a file of many signatures is hashed about once. Asked for in the order of their gaps.
 */
export class RangeDigests {
  private readonly pdf: Buffer
  private readonly heads = new Map<Hash, { running: Running; at: number }>()
  private left = MOST

  constructor(pdf: Buffer) {
    this.pdf = pdf
  }

  /** @throws PdfError where there is too much to hash */
  digest([start, length, after, rest]: ByteRange, hash: Hash): Buffer {
    const head = this.headUpTo(start + length, start, hash)
    return this.add(head.copy(), after, after + rest).digest()
  }

  private headUpTo(end: number, start: number, hash: Hash): Running {
    const known = this.heads.get(hash)
    const from = start === 0 && known && known.at <= end ? known : { running: createHash(hash), at: start }
    this.add(from.running, from.at, end)
    this.heads.set(hash, { running: from.running, at: start === 0 ? end : Number.POSITIVE_INFINITY })
    return from.running
  }

  private add(running: Running, from: number, to: number): Running {
    this.left -= to - from
    if (this.left < 0) throw new PdfError('too-large', 'the signatures cover too much to be verified')
    return running.update(this.pdf.subarray(from, to))
  }
}
