import { SigningError } from './errors.ts'
import { encodeWinAnsi, widthOf } from './helvetica.ts'
import type { Update } from './update.ts'
import type { PdfDict, PdfRef, PdfValue } from './values.ts'

/** Where and how a signature is seen. */
export interface Appearance {
  /** From 1 on; the first where absent. */
  page?: number
  /** Left, bottom, right, top, in points of the page's own space. */
  rectangle: readonly [number, number, number, number]
  /** What it says; the name, reason and time where absent. */
  lines?: readonly string[]
}

const LARGEST_FONT = 12
const LEADING = 1.25
const MARGIN = 2
/** Points: the largest page there is (ISO 32000-1, annex C). */
const FARTHEST = 14_400
const MOST_LINES = 20
const LONGEST_LINE = 200

/** @throws SigningError */
export function checkRectangle([left, bottom, right, top]: Appearance['rectangle']): void {
  const fine = [left, bottom, right, top].every((each) => Math.abs(each) <= FARTHEST)
  if (!fine || right - left < 1 || top - bottom < 1)
    throw new SigningError('rectangle', 'the signature’s place on the page is no rectangle')
}

/**
 * Text in Helvetica, as large as fits: one of the standard 14 fonts, that every reader has and that is not embedded. So a file that
 * must stay PDF/A is signed without an appearance.
 */
export function drawAppearance(update: Update, width: number, height: number, lines: readonly string[]): PdfRef {
  const shown = lines.slice(0, MOST_LINES).map((each) => each.slice(0, LONGEST_LINE))
  const widest = Math.max(0.1, ...shown.map(widthOf))
  const room = [(width - 2 * MARGIN) / widest, (height - 2 * MARGIN) / (LEADING * Math.max(1, shown.length))]
  const size = round(Math.max(1, Math.min(LARGEST_FONT, ...room)))
  const leading = round(size * LEADING)
  const text = shown.map((line) => `<${encodeWinAnsi(line).toString('hex')}> Tj T*`).join('\n')
  const content = `q\nBT\n/F1 ${size} Tf\n${leading} TL\n${MARGIN} ${round(height - MARGIN - size)} Td\n${text}\nET\nQ\n`
  return update.addStream(formEntries(width, height), Buffer.from(content, 'latin1'))
}

const round = (value: number): number => Math.round(value * 100) / 100

const dict = (...pairs: Array<[string, PdfValue]>): PdfDict => new Map(pairs)

function formEntries(width: number, height: number): PdfDict {
  const font = dict(
    ['Type', { name: 'Font' }],
    ['Subtype', { name: 'Type1' }],
    ['BaseFont', { name: 'Helvetica' }],
    ['Encoding', { name: 'WinAnsiEncoding' }],
  )
  return dict(
    ['Type', { name: 'XObject' }],
    ['Subtype', { name: 'Form' }],
    ['BBox', [0, 0, round(width), round(height)]],
    ['Resources', dict(['Font', dict(['F1', font])])],
  )
}
