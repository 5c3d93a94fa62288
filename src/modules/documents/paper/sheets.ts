import type { Mark, Tag } from './structure.ts'
import type { Typeface } from './typeface.ts'
import { wrapText } from './wrap-text.ts'

/** Points. US letter, the paper of the country's offices. */
export const SHEET = { width: 612, height: 792, left: 62, right: 62, top: 74, bottom: 86 } as const
export const TEXT_WIDTH = SHEET.width - SHEET.left - SHEET.right

/** `#rrggbb` as a PDF wants it: three numbers from 0 to 1. */
export function colour(hex: string): string {
  return [1, 3, 5].map((at) => short(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(' ')
}

export interface Style {
  face: 'regular' | 'bold'
  /** Points. */
  size: number
  colour: string
}

export interface Faces {
  regular: Typeface
  bold: Typeface
}

const LEADING = 1.336
const BASELINE = 0.98

export const lineHeight = ({ size }: Pick<Style, 'size'>): number => size * LEADING

/** One page: what is drawn on it, and whose tags its runs belong to, by their number. */
export interface Sheet {
  drawn: string[]
  tags: Tag[]
}

/** The paper while it is written on, from the top down; a new sheet comes when there is no room. */
export class Sheets {
  readonly all: Sheet[] = []
  readonly faces: Faces
  /** Where the next thing goes: points from the bottom of the sheet. */
  y = 0

  constructor(faces: Faces) {
    this.faces = faces
    this.turn()
  }

  get room(): number {
    return this.y - SHEET.bottom
  }

  turn(): void {
    this.all.push({ drawn: [], tags: [] })
    this.y = SHEET.height - SHEET.top
  }

  /** A new sheet where less than this is left; never two in a row. */
  need(points: number): void {
    if (this.room < points && this.y < SHEET.height - SHEET.top) this.turn()
  }

  skip(points: number): void {
    this.y -= points
  }

  wrap(text: string, style: Style, width: number): string[] {
    return wrapText(text, this.faces[style.face], (width * 1000) / style.size)
  }

  /** Text that flows over as many sheets as it needs. */
  flow(
    tag: Tag,
    text: string,
    style: Style,
    { indent = 0, width = TEXT_WIDTH }: { indent?: number; width?: number } = {},
  ): void {
    const height = lineHeight(style)
    for (let lines = this.wrap(text, style, width); lines.length > 0; ) {
      this.need(height * Math.min(2, lines.length))
      const fit = Math.max(1, Math.floor(this.room / height))
      this.lines(tag, lines.slice(0, fit), style, SHEET.left + indent, this.y)
      this.y -= height * Math.min(fit, lines.length)
      lines = lines.slice(fit)
    }
  }

  /** Lines one below the other on this sheet, marked as part of this tag. */
  lines(tag: Tag, lines: readonly string[], style: Style, x: number, top: number): void {
    this.marked(tag, this.text(lines, style, x, top))
  }

  /** Draws what belongs to a tag. */
  marked(tag: Tag, operators: string): void {
    const sheet = this.all.at(-1)!
    const mark: Mark = { page: this.all.length - 1, id: sheet.tags.length }
    tag.kids.push(mark)
    sheet.tags.push(tag)
    sheet.drawn.push(`/${tag.role} <</MCID ${mark.id}>> BDC\n${operators}EMC\n`)
  }

  /** Draws what is decoration: nobody who hears the document hears it (ISO 32000-1, 14.8.2.2). */
  decoration(operators: string, sheet: Sheet = this.all.at(-1)!, properties = ''): void {
    sheet.drawn.push(
      properties ? `/Artifact <<${properties}>> BDC\n${operators}EMC\n` : `/Artifact BMC\n${operators}EMC\n`,
    )
  }

  text(lines: readonly string[], { face, size, colour: ink }: Style, x: number, top: number): string {
    const typeface = this.faces[face]
    const [first, ...rest] = lines.map((line) => `<${typeface.encode(line)}> Tj\n`)
    const next = `0 ${short(-size * LEADING)} Td\n`
    return `BT\n/${face} ${size} Tf\n${ink} rg\n${short(x)} ${short(top - size * BASELINE)} Td\n${first}${rest.map((line) => next + line).join('')}ET\n`
  }
}

export function line(x1: number, x2: number, y: number, width: number, ink: string): string {
  return `${ink} RG\n${width} w\n${short(x1)} ${short(y)} m\n${short(x2)} ${short(y)} l\nS\n`
}

/** A number with the precision that print can show. */
export function short(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}
