import { DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { bits, integer, raw, sequence, utf8 } from '#trust/der/write.ts'
import { FAILURES, TimestampError, type TimestampFailure } from './errors.ts'

/** TimeStampResp (RFC 3161, 2.4.2). */
export interface TimestampResponse {
  /** 0 granted, 1 granted with changes; anything else refuses. */
  status: number
  /** DER, where there is one; of a response that refuses never. */
  token: Buffer | undefined
  /** As the authority says it, in whatever language; at most 1,000 characters. */
  text: string
  /** By name, or by the number of the bit where RFC 3161 has none. */
  failures: Array<TimestampFailure | number>
}

export const writeGrant = (token: Uint8Array): Buffer => sequence(sequence(integer(0)), raw(token))

/** @param texts for whoever reads it: one sentence, in one language or several */
export function writeRefusal(failure: TimestampFailure, ...texts: string[]): Buffer {
  return sequence(sequence(integer(2), sequence(...texts.map(utf8)), failureBits(FAILURES[failure])))
}

/** A named-bit list ends with its last bit that is set (X.690, 11.2.2). */
function failureBits(bit: number): Buffer {
  const bytes = Buffer.alloc((bit >> 3) + 1)
  bytes[bit >> 3] = 0x80 >> (bit & 7)
  return bits(bytes, 7 - (bit & 7))
}

/** Bytes: a token with four large certificates. */
export const LARGEST_RESPONSE = 64 * 1024

/** One TimeStampResp, strict DER to the last byte. Throws TimestampError, nothing else. The token is not looked at. */
export function readTimestampResponse(bytes: Uint8Array): TimestampResponse {
  try {
    const fields = readDer(bytes, { maxBytes: LARGEST_RESPONSE, maxDepth: 32, maxValues: 8000 }).sequence()
    const info = fields.next(TAG.sequence).inside()
    const status = info.next(TAG.integer).smallInteger()
    const text = readText(info.optional(TAG.sequence))
    const failures = readFailures(info.optional(TAG.bitString))
    info.done()
    const token = fields.optional(TAG.sequence)?.bytes
    fields.done()
    const grants = status === 0 || status === 1
    // RFC 3161, 2.4.2: present where it grants, absent where not.
    if (grants !== (token !== undefined)) throw new TimestampError('badDataFormat', 'a status that the rest denies')
    return { status, token, text, failures }
  } catch (error) {
    if (error instanceof DerError) throw new TimestampError('badDataFormat', 'no response in DER', { cause: error })
    throw error
  }
}

const LONGEST_TEXT = 1000

function readText(texts: DerValue | undefined): string {
  const whole = (texts?.children() ?? []).map((each) => each.text(TAG.utf8String)).join(' ')
  // It ends in logs and terminals.
  return whole.replace(/\p{Cc}/gu, ' ').slice(0, LONGEST_TEXT)
}

const NAMES = new Map(Object.entries(FAILURES).map(([name, bit]) => [bit as number, name as TimestampFailure]))

function readFailures(value: DerValue | undefined): TimestampResponse['failures'] {
  if (!value) return []
  const { bytes } = value.bits()
  if (bytes.length > 8) throw new TimestampError('badDataFormat', 'more reasons than there are')
  const set = Array.from({ length: bytes.length * 8 }, (_, i) => i).filter((i) => bytes[i >> 3]! & (0x80 >> (i & 7)))
  return set.map((bit) => NAMES.get(bit) ?? bit)
}

/** The token inside a response that grants; bytes that are no response are taken for the token itself. */
export function tokenIn(bytes: Buffer): Buffer {
  try {
    return readTimestampResponse(bytes).token ?? Buffer.alloc(0)
  } catch (error) {
    if (error instanceof TimestampError) return bytes
    throw error
  }
}
