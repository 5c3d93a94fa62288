import { readFileSync } from 'node:fs'

/** The characters a TrueType font can draw, read from its format 12 or 4 character map (OpenType 1.9, cmap). */
export function readCoverage(file: string): Set<number> {
  const font = readFileSync(file)
  const table = findTable(font, 'cmap')
  const maps = Array.from(
    { length: font.readUInt16BE(table + 2) },
    (_, i) => table + font.readUInt32BE(table + 4 + i * 8 + 4),
  )
  const wide = maps.find((at) => font.readUInt16BE(at) === 12)
  if (wide !== undefined) return readSegments12(font, wide)
  const narrow = maps.find((at) => font.readUInt16BE(at) === 4)
  if (narrow === undefined) throw new Error(`${file} has no character map that is read here`)
  return readSegments4(font, narrow)
}

function findTable(font: Buffer, name: string): number {
  for (let i = 0; i < font.readUInt16BE(4); i += 1) {
    const record = 12 + i * 16
    if (font.toString('latin1', record, record + 4) === name) return font.readUInt32BE(record + 8)
  }
  throw new Error(`the font has no table ${name}`)
}

function readSegments12(font: Buffer, at: number): Set<number> {
  const covered = new Set<number>()
  for (let i = 0; i < font.readUInt32BE(at + 12); i += 1) {
    const group = at + 16 + i * 12
    for (let code = font.readUInt32BE(group); code <= font.readUInt32BE(group + 4); code += 1) covered.add(code)
  }
  return covered
}

function readSegments4(font: Buffer, at: number): Set<number> {
  const covered = new Set<number>()
  const double = font.readUInt16BE(at + 6)
  for (let i = 0; i < double; i += 2) {
    const end = font.readUInt16BE(at + 14 + i)
    const start = font.readUInt16BE(at + 16 + double + i)
    for (let code = start; code <= end && code !== 0xffff; code += 1) covered.add(code)
  }
  return covered
}
