import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isName, type PdfDict, type PdfValue } from './values.ts'

/** How far a string reaches, in thousandths of the font's size. Never less than it does; more where the font does not say. */
export type TextMeasure = (bytes: Buffer) => number

const WIDEST = 1000
const MOST_WIDTHS = 70_000

/** @throws PdfError where what the font draws cannot be told: glyphs of its own kind, writing downwards, codes of any length */
export function measureOf(file: PdfFile, font: PdfDict | undefined): TextMeasure {
  const subtype = file.resolve(font?.get('Subtype'))
  if (!font || !isName(subtype)) throw untold()
  if (['Type1', 'MMType1', 'TrueType'].includes(subtype.name)) return simple(file, font)
  if (subtype.name === 'Type0') return composite(file, font)
  throw untold()
}

const untold = (): PdfError => new PdfError('broken', 'what a font draws cannot be told')

function simple(file: PdfFile, font: PdfDict): TextMeasure {
  const first = numberOf(file, font.get('FirstChar')) ?? 0
  const widths = (file.array(font.get('Widths')) ?? []).slice(0, 256).map((each) => numberOf(file, each) ?? WIDEST)
  return (bytes) => bytes.reduce((sum, code) => sum + (widths[code - first] ?? WIDEST), 0)
}

function composite(file: PdfFile, font: PdfDict): TextMeasure {
  const encoding = file.resolve(font.get('Encoding'))
  if (!isName(encoding, 'Identity-H')) throw untold()
  const inner = file.dict(file.array(font.get('DescendantFonts'))?.[0])
  const usual = numberOf(file, inner?.get('DW')) ?? WIDEST
  const widths = readWidths(file, inner?.get('W'))
  return (bytes) => {
    let sum = 0
    for (let i = 0; i + 1 < bytes.length; i += 2) sum += widths.get(bytes.readUInt16BE(i)) ?? usual
    return sum
  }
}

/** 9.7.4.3: `c [w1 w2 …]` and `first last w`. */
function readWidths(file: PdfFile, value: PdfValue | undefined): Map<number, number> {
  const widths = new Map<number, number>()
  const items = file.array(value) ?? []
  for (let i = 0; i < items.length && widths.size < MOST_WIDTHS; ) {
    const first = numberOf(file, items[i]) ?? 0
    const list = file.array(items[i + 1])
    if (list) {
      for (const [at, each] of list.entries()) widths.set(first + at, numberOf(file, each) ?? WIDEST)
      i += 2
    } else {
      const last = Math.min(numberOf(file, items[i + 1]) ?? 0, first + MOST_WIDTHS)
      for (let code = first; code <= last; code += 1) widths.set(code, numberOf(file, items[i + 2]) ?? WIDEST)
      i += 3
    }
  }
  return widths
}

function numberOf(file: PdfFile, value: PdfValue | undefined): number | undefined {
  const resolved = file.resolve(value)
  return typeof resolved === 'number' ? resolved : undefined
}
