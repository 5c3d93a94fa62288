import { inflateSync } from 'node:zlib'
import { PdfError } from './errors.ts'
import { isDict, isName, type PdfDict, type PdfStream, type PdfValue } from './values.ts'

/** A stream that unpacks to more than this is a bomb, not a document. */
const LARGEST = 64 * 1024 * 1024

/** @param length its length, references resolved */
export function rawStream(bytes: Buffer, stream: PdfStream, length: PdfValue | undefined): Buffer {
  if (typeof length !== 'number' || length < 0 || stream.dataStart + length > bytes.length) {
    throw new PdfError('broken', 'a stream is longer than the file', stream.dataStart)
  }
  return bytes.subarray(stream.dataStart, stream.dataStart + length)
}

/**
 * @param largest bytes that it may unpack to
 * @returns the data of a stream without filter or with FlateDecode, predictors undone; any other filter is left to those who draw
 */
export function inflate(bytes: Buffer, stream: PdfStream, length: PdfValue | undefined, largest = LARGEST): Buffer {
  const raw = rawStream(bytes, stream, length)
  const filters = listOf(stream.dict.get('Filter'))
  const parms = listOf(stream.dict.get('DecodeParms'))
  let data = raw
  filters.forEach((filter, i) => {
    if (!isName(filter, 'FlateDecode') && !isName(filter, 'Fl'))
      throw new PdfError('broken', 'a filter that is not for data', stream.dataStart)
    data = unzip(data, stream.dataStart, largest)
    const parm = parms[i]
    if (isDict(parm)) data = undoPredictor(data, parm)
  })
  return data
}

function listOf(value: PdfValue | undefined): PdfValue[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value.slice(0, 4) : [value]
}

function unzip(data: Buffer, at: number, largest: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: largest })
  } catch {
    throw new PdfError('broken', 'a stream cannot be unpacked', at)
  }
}

/** PNG predictors (RFC 2083, 6), as cross-reference streams use them. */
function undoPredictor(data: Buffer, parm: PdfDict): Buffer {
  const predictor = numberOr(parm.get('Predictor'), 1)
  if (predictor < 10) return data
  const columns = numberOr(parm.get('Columns'), 1)
  const bytesPerPixel = Math.max(1, (numberOr(parm.get('Colors'), 1) * numberOr(parm.get('BitsPerComponent'), 8)) >> 3)
  const row = Math.ceil((columns * numberOr(parm.get('Colors'), 1) * numberOr(parm.get('BitsPerComponent'), 8)) / 8)
  if (!(row > 0 && row < 1_000_000)) throw new PdfError('broken', 'a predictor is malformed')
  const rows = Math.floor(data.length / (row + 1))
  const out = Buffer.alloc(rows * row)
  for (let r = 0; r < rows; r += 1) {
    const kind = data[r * (row + 1)]
    for (let i = 0; i < row; i += 1) {
      const left = i >= bytesPerPixel ? out[r * row + i - bytesPerPixel]! : 0
      const up = r > 0 ? out[(r - 1) * row + i]! : 0
      const corner = r > 0 && i >= bytesPerPixel ? out[(r - 1) * row + i - bytesPerPixel]! : 0
      const value = data[r * (row + 1) + 1 + i]!
      out[r * row + i] = (value + predicted(kind, left, up, corner)) & 0xff
    }
  }
  return out
}

function predicted(kind: number | undefined, left: number, up: number, corner: number): number {
  if (kind === 1) return left
  if (kind === 2) return up
  if (kind === 3) return (left + up) >> 1
  if (kind !== 4) return 0
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function numberOr(value: PdfValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
