import type { ByteRange } from './byte-range.ts'

export interface PreparedPdf {
  pdf: Buffer
  byteRange: ByteRange
}

/** A signature's object before anybody signed, with the places in its text that are filled later. */
export interface EmptySignature {
  text: string
  rangeStart: number
  gapStart: number
  gapEnd: number
}

/** RSA-2048 certificate and signature, with room for a time-stamp token. */
const CONTENTS_SIZE = 9000
const RANGE_ROOM = '0 0000000000 0000000000 0000000000'.length

/**
 * @param entries of the dictionary (ISO 32000-1, 12.8.1, table 252) but for byte range and contents, as PDF text
 * @param contentsSize room for the CMS, bytes
 */
export function writeEmptySignature(entries: string, contentsSize = CONTENTS_SIZE): EmptySignature {
  const head = `<< ${entries} /ByteRange `
  const range = `[${' '.repeat(RANGE_ROOM)}]`
  const between = ' /Contents '
  const zeros = '0'.repeat(contentsSize * 2)
  const rangeStart = head.length
  const gapStart = rangeStart + range.length + between.length
  return { text: `${head}${range}${between}<${zeros}> >>`, rangeStart, gapStart, gapEnd: gapStart + zeros.length + 2 }
}

/**
 * Says in the signature what it covers: everything but its own gap.
 * @param placed where the object's text begins in the finished file
 */
export function fillByteRange(pdf: Buffer, placed: number, empty: EmptySignature): PreparedPdf {
  const gapStart = placed + empty.gapStart
  const gapEnd = placed + empty.gapEnd
  const byteRange = [0, gapStart, gapEnd, pdf.length - gapEnd] as const
  const range = `[0 ${byteRange.slice(1).join(' ')}]`.padEnd(RANGE_ROOM + 2)
  pdf.write(range, placed + empty.rangeStart, 'latin1')
  return { pdf, byteRange }
}
