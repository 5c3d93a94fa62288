import type { TrueTypeFont } from './true-type.ts'

/**
 * A TrueType program with these glyphs alone, numbered in this order, and the parts that accented ones are made of behind them
 * (ISO 32000-1, 9.9: the tables that an embedded font needs). Instructions for screens of few dots are left out.
 */
export function subsetFont(font: TrueTypeFont, wanted: readonly number[]): Buffer {
  const glyphs = [...wanted]
  const outlines: Buffer[] = []
  // The list grows while it is walked: a glyph's parts may have parts of their own.
  for (let i = 0; i < glyphs.length; i += 1) outlines.push(padded(outlineWith(font, glyphs[i]!, glyphs)))
  return program([
    ['glyf', Buffer.concat(outlines)],
    ['head', headOf(font)],
    ['hhea', withCount(font.table('hhea'), 34, glyphs.length)],
    ['hmtx', metricsOf(font, glyphs)],
    ['loca', placesOf(outlines)],
    ['maxp', withCount(font.table('maxp'), 4, glyphs.length)],
  ])
}

function outlineWith(font: TrueTypeFont, glyph: number, glyphs: number[]): Buffer {
  const outline = font.outlineOf(glyph)
  if (outline.length === 0) return outline
  const contours = outline.readInt16BE(0)
  return contours < 0 ? composite(outline, glyphs) : simple(outline, contours)
}

/** OpenType `glyf`, simple glyph: ends of contours, instructions, points. */
function simple(outline: Buffer, contours: number): Buffer {
  const instructions = 10 + contours * 2
  const points = instructions + 2 + outline.readUInt16BE(instructions)
  return Buffer.concat([outline.subarray(0, instructions), Buffer.alloc(2), outline.subarray(points)])
}

const WORDS = 0x1
const SCALE = 0x8
const MORE = 0x20
const TWO_SCALES = 0x40
const MATRIX = 0x80
const INSTRUCTIONS = 0x100

/** OpenType `glyf`, composite glyph: each part is named by the number it has here. */
function composite(outline: Buffer, glyphs: number[]): Buffer {
  const copy = Buffer.from(outline)
  let at = 10
  for (;;) {
    const flags = copy.readUInt16BE(at)
    const part = copy.readUInt16BE(at + 2)
    if (!glyphs.includes(part)) glyphs.push(part)
    copy.writeUInt16BE(flags & ~INSTRUCTIONS, at)
    copy.writeUInt16BE(glyphs.indexOf(part), at + 2)
    at += 4 + (flags & WORDS ? 4 : 2)
    at += flags & SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0
    if (!(flags & MORE)) return copy.subarray(0, at)
  }
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)])
}

function headOf(font: TrueTypeFont): Buffer {
  const head = Buffer.from(font.table('head'))
  head.writeUInt32BE(0, 8)
  head.writeInt16BE(1, 50)
  return head
}

function withCount(table: Buffer, at: number, count: number): Buffer {
  const copy = Buffer.from(table)
  copy.writeUInt16BE(count, at)
  return copy
}

function metricsOf(font: TrueTypeFont, glyphs: readonly number[]): Buffer {
  const all = font.table('hmtx')
  const measured = font.table('hhea').readUInt16BE(34)
  const metrics = Buffer.alloc(glyphs.length * 4)
  glyphs.forEach((glyph, i) => {
    const last = Math.min(glyph, measured - 1)
    all.copy(metrics, i * 4, last * 4, last * 4 + 2)
    const bearing = glyph < measured ? glyph * 4 + 2 : measured * 4 + (glyph - measured) * 2
    all.copy(metrics, i * 4 + 2, bearing, bearing + 2)
  })
  return metrics
}

function placesOf(outlines: readonly Buffer[]): Buffer {
  const loca = Buffer.alloc((outlines.length + 1) * 4)
  let at = 0
  outlines.forEach((outline, i) => {
    at += outline.length
    loca.writeUInt32BE(at, (i + 1) * 4)
  })
  return loca
}

function program(tables: Array<[tag: string, bytes: Buffer]>): Buffer {
  const directory = Buffer.alloc(12 + tables.length * 16)
  const power = 2 ** Math.floor(Math.log2(tables.length))
  directory.writeUInt32BE(0x00010000, 0)
  directory.writeUInt16BE(tables.length, 4)
  directory.writeUInt16BE(power * 16, 6)
  directory.writeUInt16BE(Math.log2(power), 8)
  directory.writeUInt16BE((tables.length - power) * 16, 10)
  let at = directory.length
  tables.forEach(([tag, bytes], i) => {
    directory.write(tag, 12 + i * 16, 'latin1')
    directory.writeUInt32BE(checksumOf(bytes), 12 + i * 16 + 4)
    directory.writeUInt32BE(at, 12 + i * 16 + 8)
    directory.writeUInt32BE(bytes.length, 12 + i * 16 + 12)
    at += padded(bytes).length
  })
  return Buffer.concat([directory, ...tables.map(([, bytes]) => padded(bytes))])
}

function checksumOf(bytes: Buffer): number {
  const whole = padded(bytes)
  let sum = 0
  for (let i = 0; i < whole.length; i += 4) sum = (sum + whole.readUInt32BE(i)) >>> 0
  return sum
}
