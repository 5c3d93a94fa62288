import type { TrueTypeFont } from './true-type.ts'

/** What nearly every document is written with. Its glyphs travel with each, so that for nearly all of them the font is ready made. */
const USUAL = ` !&()+,-./0123456789:;?@ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$%#'"áéíóúüñÁÉÍÓÚÜÑ¿¡«»·–•`

const HEX = Array.from({ length: 65536 }, (_, i) => i.toString(16).padStart(4, '0'))

/**
 * A font in one document: the usual glyphs, and then others in the order in which they are first used, so that only those travel with
 * the document, and the same document always numbers them the same.
 */
export class Typeface {
  readonly font: TrueTypeFont
  /** Glyphs of the font by their number here; the first is the one that stands for a missing character. */
  readonly glyphs: number[] = [0]
  /** The character that each number here first stood for, for whoever copies or reads the text aloud. */
  readonly characters: number[] = [0xfffd]
  private readonly usual: number
  private readonly numbers = new Map<number, number>()

  constructor(font: TrueTypeFont) {
    this.font = font
    for (const character of USUAL) this.numberOf(character.codePointAt(0)!)
    this.usual = this.glyphs.length
  }

  /** Nothing but what is usual: as many other documents are. */
  get isUsual(): boolean {
    return this.glyphs.length === this.usual
  }

  /** The text as a PDF string in hexadecimal, two bytes a glyph. */
  encode(text: string): string {
    let hex = ''
    for (const character of text) hex += HEX[this.numberOf(character.codePointAt(0)!)]
    return hex
  }

  /** @returns thousandths of the size of the type */
  widthOf(text: string): number {
    let width = 0
    for (const character of text) width += this.font.advanceOf(this.font.glyphOf(character.codePointAt(0)!))
    return width
  }

  private numberOf(codePoint: number): number {
    const known = this.numbers.get(codePoint)
    if (known !== undefined) return known
    const glyph = this.font.glyphOf(codePoint)
    const before = this.glyphs.indexOf(glyph)
    const number = before >= 0 ? before : this.glyphs.push(glyph) - 1
    if (before < 0) this.characters.push(codePoint)
    this.numbers.set(codePoint, number)
    return number
  }
}
