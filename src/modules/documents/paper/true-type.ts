import { readFileSync } from 'node:fs'

/** A TrueType font as far as drawing needs it (OpenType 1.9). Lengths are in thousandths of the size of the type. */
export interface TrueTypeFont {
  /** As a PDF names it (ISO 32000-1, 9.6.2). */
  name: string
  ascent: number
  descent: number
  capHeight: number
  box: readonly [left: number, bottom: number, right: number, top: number]
  /** 0 for a character that the font does not have. */
  glyphOf(codePoint: number): number
  advanceOf(glyph: number): number
  /** Its record in `glyf`; empty for a glyph without outlines. */
  outlineOf(glyph: number): Buffer
  /** Tables that a subset takes over: `head`, `hhea`, `maxp`. */
  table(tag: string): Buffer
}

/** Reads a font that comes with the program: a broken one is a fault of the installation, and is said at start. */
export function readTrueType(file: string, name: string): TrueTypeFont {
  const font = readFileSync(file)
  const table = (tag: string): Buffer => {
    for (let i = 0; i < font.readUInt16BE(4); i += 1) {
      const record = 12 + i * 16
      if (font.toString('latin1', record, record + 4) !== tag) continue
      const start = font.readUInt32BE(record + 8)
      return font.subarray(start, start + font.readUInt32BE(record + 12))
    }
    throw new Error(`${file} has no table ${tag}`)
  }
  const [head, hhea, os2, glyf] = [table('head'), table('hhea'), table('OS/2'), table('glyf')]
  const thousandths = (value: number) => Math.round((value * 1000) / head.readUInt16BE(18))
  const advances = readAdvances(table('hmtx'), hhea.readUInt16BE(34), table('maxp').readUInt16BE(4)).map(thousandths)
  const places = readPlaces(table('loca'), head.readInt16BE(50) === 1)
  const glyphs = readCharacterMap(table('cmap'), file)
  return {
    name,
    ascent: thousandths(hhea.readInt16BE(4)),
    descent: thousandths(hhea.readInt16BE(6)),
    capHeight: thousandths(os2.readInt16BE(88)),
    box: [36, 38, 40, 42].map((at) => thousandths(head.readInt16BE(at))) as unknown as TrueTypeFont['box'],
    glyphOf: (codePoint) => glyphs.get(codePoint) ?? 0,
    advanceOf: (glyph) => advances[glyph] ?? 0,
    outlineOf: (glyph) => glyf.subarray(places[glyph]!, places[glyph + 1]!),
    table,
  }
}

function readAdvances(hmtx: Buffer, measured: number, count: number): number[] {
  return Array.from({ length: count }, (_, glyph) => hmtx.readUInt16BE(Math.min(glyph, measured - 1) * 4))
}

function readPlaces(loca: Buffer, long: boolean): number[] {
  return Array.from({ length: loca.length / (long ? 4 : 2) }, (_, i) =>
    long ? loca.readUInt32BE(i * 4) : loca.readUInt16BE(i * 2) * 2,
  )
}

/** From the map of format 12, the one that has every character. */
function readCharacterMap(cmap: Buffer, file: string): Map<number, number> {
  for (let i = 0; i < cmap.readUInt16BE(2); i += 1) {
    const at = cmap.readUInt32BE(4 + i * 8 + 4)
    if (cmap.readUInt16BE(at) === 12) return readGroups(cmap, at)
  }
  throw new Error(`${file} has no character map of format 12`)
}

function readGroups(cmap: Buffer, at: number): Map<number, number> {
  const glyphs = new Map<number, number>()
  for (let i = 0; i < cmap.readUInt32BE(at + 12); i += 1) {
    const group = at + 16 + i * 12
    const [first, last, glyph] = [cmap.readUInt32BE(group), cmap.readUInt32BE(group + 4), cmap.readUInt32BE(group + 8)]
    for (let code = first; code <= last; code += 1) glyphs.set(code, glyph + code - first)
  }
  return glyphs
}
