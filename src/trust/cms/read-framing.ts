import { type DerHeader, readHeader } from '#trust/der/check-der.ts'
import { DerError } from '#trust/der/errors.ts'
import { context, TAG } from '#trust/der/tags.ts'
import { tlv } from '#trust/der/write.ts'
import { CmsError } from './errors.ts'

const INDEFINITE = 0x80
const CONSTRUCTED_OCTETS = 0x24
const MOST_PIECES = 1_000_000

/**
 * A message whose outermost parts have indefinite lengths, as those write who sign while they still read (RFC 5652, 1.1 allows BER),
 * with definite ones. Only the frame may be so: ContentInfo, SignedData, EncapsulatedContentInfo with the content in pieces, and the
 * sets of certificates and lists. Every other value is copied as it stands and has to be DER (docs/decisions/044).
 * @throws CmsError `not-der`
 */
export function readFraming(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== TAG.sequence || bytes[1] !== INDEFINITE) return bytes
  try {
    return new Framing(bytes).message()
  } catch (error) {
    if (error instanceof DerError) throw new CmsError('not-der', { cause: error })
    throw error
  }
}

/** Where a value that is open ends; undefined where two zeros end it. */
type End = number | undefined

class Framing {
  private readonly source: Uint8Array
  private at = 0
  private readonly header: DerHeader = { contentStart: 0, end: 0 }

  constructor(source: Uint8Array) {
    this.source = source
  }

  message(): Buffer {
    const whole = this.within(TAG.sequence, () => [this.take(), this.within(context(0), () => [this.signedData()])])
    if (this.at !== this.source.length) throw new DerError('trailing-bytes', this.at)
    return whole
  }

  private signedData(): Buffer {
    return this.within(TAG.sequence, () => [
      this.take(),
      this.take(),
      this.within(TAG.sequence, () => [
        this.take(),
        ...this.optional(context(0), () => this.within(context(0), () => [this.octets()])),
      ]),
      ...this.optional(context(0), () => this.set(context(0))),
      ...this.optional(context(1), () => this.set(context(1))),
      this.take(),
    ])
  }

  private optional(tag: number, read: () => Buffer): Buffer[] {
    return this.source[this.at] === tag ? [read()] : []
  }

  private within(tag: number, read: () => Buffer[]): Buffer {
    const end = this.open(tag)
    const parts = read()
    this.close(end)
    return tlv(tag, ...parts)
  }

  private set(tag: number): Buffer {
    const end = this.open(tag)
    return tlv(
      tag,
      this.untilEnd(end, () => this.take()),
    )
  }

  private octets(): Buffer {
    if (this.source[this.at] !== CONSTRUCTED_OCTETS) return this.take()
    const end = this.open(CONSTRUCTED_OCTETS)
    return tlv(
      TAG.octetString,
      this.untilEnd(end, () => this.piece()),
    )
  }

  private piece(): Buffer {
    if (this.source[this.at] !== TAG.octetString) throw new DerError('unexpected-tag', this.at)
    this.take()
    return Buffer.from(this.source.subarray(this.header.contentStart, this.header.end))
  }

  private untilEnd(end: End, read: () => Buffer): Buffer {
    const parts: Buffer[] = []
    while (end === undefined ? this.source[this.at] !== 0 : this.at < end) {
      if (parts.length === MOST_PIECES) throw new DerError('too-many-values', this.at)
      parts.push(read())
    }
    this.close(end)
    return Buffer.concat(parts)
  }

  private open(tag: number): End {
    if (this.source[this.at] !== tag) throw new DerError('unexpected-tag', this.at)
    if (this.source[this.at + 1] === INDEFINITE) {
      this.at += 2
      return undefined
    }
    readHeader(this.source, this.at, this.source.length, this.header)
    this.at = this.header.contentStart
    return this.header.end
  }

  private close(end: End): void {
    if (end !== undefined) {
      if (this.at !== end) throw new DerError('trailing-bytes', this.at)
      return
    }
    if (this.source[this.at] !== 0 || this.source[this.at + 1] !== 0) throw new DerError('truncated', this.at)
    this.at += 2
  }

  /** A whole value of definite length. */
  private take(): Buffer {
    readHeader(this.source, this.at, this.source.length, this.header)
    const value = this.source.subarray(this.at, this.header.end)
    this.at = this.header.end
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
}
