import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { type Objects, ref } from './objects.ts'
import { subsetFont } from './subset-font.ts'
import type { TrueTypeFont } from './true-type.ts'
import type { Typeface } from './typeface.ts'

/** A font by glyph numbers, with the way back to characters (ISO 32000-1, 9.7.4, 9.10.3). @returns its object's number */
export function writeFont(objects: Objects, face: Typeface): number {
  const { font } = face
  const { name, program, length, widths, characters } = partsOf(face)
  const file = objects.stream(`/Length1 ${length}`, program, 'packed before')
  const descriptor = objects.add(
    `<</Type /FontDescriptor /FontName /${name} /Flags 4 /FontBBox [${font.box.join(' ')}] /ItalicAngle 0 /Ascent ${font.ascent} /Descent ${font.descent} /CapHeight ${font.capHeight} /StemV 80 /FontFile2 ${ref(file)}>>`,
  )
  const descendant = objects.add(
    `<</Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /CIDToGIDMap /Identity /FontDescriptor ${ref(descriptor)} /W [0 [${widths}]]>>`,
  )
  const toUnicode = objects.stream('', characters, 'packed before')
  return objects.add(
    `<</Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${ref(descendant)}] /ToUnicode ${ref(toUnicode)}>>`,
  )
}

interface FontParts {
  name: string
  /** Packed; its length before that. */
  program: Buffer
  length: number
  widths: string
  characters: Buffer
}

/** Of each font as nearly all documents have it. */
const usual = new WeakMap<TrueTypeFont, FontParts>()

function partsOf(face: Typeface): FontParts {
  const known = face.isUsual ? usual.get(face.font) : undefined
  const parts = known ?? makeParts(face)
  if (face.isUsual) usual.set(face.font, parts)
  return parts
}

function makeParts(face: Typeface): FontParts {
  const { font, glyphs } = face
  const program = subsetFont(font, glyphs)
  return {
    name: `${tagOf(glyphs)}+${font.name}`,
    program: deflateSync(program),
    length: program.length,
    widths: glyphs.map((glyph) => font.advanceOf(glyph)).join(' '),
    characters: deflateSync(charactersOf(face)),
  }
}

/** Six letters that differ where the glyphs do (ISO 32000-1, 9.6.4). */
function tagOf(glyphs: readonly number[]): string {
  const digest = createHash('sha256').update(glyphs.join(' ')).digest()
  return String.fromCharCode(...digest.subarray(0, 6).map((byte) => 65 + (byte % 26)))
}

/** The most entries that a block of a character map may have. */
const BLOCK = 100

function charactersOf({ characters }: Typeface): string {
  const entries = characters.map((codePoint, i) => `<${hex(i)}> <${utf16(codePoint)}>`)
  const blocks: string[] = []
  for (let i = 0; i < entries.length; i += BLOCK) {
    const block = entries.slice(i, i + BLOCK)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}

const hex = (value: number): string => value.toString(16).padStart(4, '0')

const utf16 = (codePoint: number): string =>
  Buffer.from(String.fromCodePoint(codePoint), 'utf16le').swap16().toString('hex')
