import type { Block } from '../official-document.ts'
import { drawQr } from './qr.ts'
import {
  colour,
  type Faces,
  line,
  lineHeight,
  SHEET,
  type Sheet,
  Sheets,
  type Style,
  short,
  TEXT_WIDTH,
} from './sheets.ts'
import { addTag, type Tag } from './structure.ts'

/** What the paper shows, every word of it printable. */
export interface Shown {
  platform: string
  /** `#rrggbb` */
  accent: string
  institution: string
  unit: string | undefined
  title: string
  subtitle: string | undefined
  folio: string | undefined
  blocks: readonly Block[]
  /** None where no copy is kept that could be compared with. */
  verification: { code: string; address: string; qr: string } | undefined
  labels: Record<'folio' | 'code' | 'check' | 'qr' | 'verify' | 'legend' | 'unkept', string>
  sheetLabel(number: number, count: number): string
}

export interface LaidOut {
  sheets: Sheet[]
  tree: Tag
}

const MILLIMETRE = 72 / 25.4
const INK = colour('#000000')
const QUIET = colour('#4a4a4a')
const RULE = colour('#c8c8c8')
const FRAME = colour('#b0b0b0')
const plain = (size: number, ink: string = INK): Style => ({ face: 'regular', size, colour: ink })
const bold = (size: number, ink: string = INK): Style => ({ face: 'bold', size, colour: ink })
const BODY = plain(10)
const AFTER = 6

/** The one frame of every official document: who, what, block by block, and how to check it. */
export function layOut(shown: Shown, faces: Faces): LaidOut {
  const sheets = new Sheets(faces)
  const tree: Tag = { role: 'Document', kids: [] }
  drawTitle(sheets, tree, shown)
  for (const block of shown.blocks) drawBlock(sheets, tree, block, shown.accent)
  drawVerification(sheets, tree, shown)
  for (const [i, sheet] of sheets.all.entries())
    drawMargins(sheets, sheet, shown, shown.sheetLabel(i + 1, sheets.all.length))
  return { sheets: sheets.all, tree }
}

function drawTitle(sheets: Sheets, tree: Tag, { institution, unit, title, subtitle, accent }: Shown): void {
  sheets.flow(addTag(tree, 'P'), institution, bold(9.5, colour(accent)))
  if (unit) sheets.flow(addTag(tree, 'P'), unit, plain(9, QUIET))
  sheets.skip(8)
  sheets.flow(addTag(tree, 'H1'), title, bold(17))
  sheets.skip(2)
  if (subtitle) sheets.flow(addTag(tree, 'P'), subtitle, plain(11, QUIET))
  sheets.skip(8)
}

function drawBlock(sheets: Sheets, tree: Tag, block: Block, accent: string): void {
  if (block.kind === 'heading') {
    // A heading stays with what it is the heading of.
    sheets.need(80)
    sheets.skip(9)
    sheets.flow(addTag(tree, 'H2'), block.text, bold(11.5, colour(accent)))
    sheets.skip(4)
  } else if (block.kind === 'rows') drawRows(sheets, tree, block.rows)
  else if (block.kind === 'list') drawList(sheets, tree, block.items)
  else if (block.kind === 'strong') drawStrong(sheets, tree, block.text, accent)
  else {
    sheets.flow(addTag(tree, 'P'), block.text, block.kind === 'small' ? plain(8, QUIET) : BODY)
    sheets.skip(AFTER)
  }
}

/** A sentence that nobody should miss, with a bar at its side on every sheet it takes. */
function drawStrong(sheets: Sheets, tree: Tag, text: string, accent: string): void {
  const tag = addTag(tree, 'P')
  const style = bold(10)
  const indent = 4 * MILLIMETRE
  const height = lineHeight(style)
  sheets.skip(4)
  for (let lines = sheets.wrap(text, style, TEXT_WIDTH - indent); lines.length > 0; ) {
    sheets.need(height * Math.min(2, lines.length))
    const fit = lines.slice(0, Math.max(1, Math.floor(sheets.room / height)))
    const [top, bottom] = [sheets.y, sheets.y - height * fit.length]
    sheets.decoration(`${colour(accent)} rg\n${short(SHEET.left)} ${short(bottom)} 2.5 ${short(top - bottom)} re\nf\n`)
    sheets.lines(tag, fit, style, SHEET.left + indent, top)
    sheets.y = bottom
    lines = lines.slice(fit.length)
  }
  sheets.skip(AFTER + 4)
}

function drawList(sheets: Sheets, tree: Tag, items: readonly string[]): void {
  const list = addTag(tree, 'L')
  for (const item of items) {
    const entry = addTag(list, 'LI')
    sheets.need(lineHeight(BODY) * 2)
    sheets.lines(addTag(entry, 'Lbl'), ['•'], BODY, SHEET.left + 4, sheets.y)
    sheets.flow(addTag(entry, 'LBody'), item, BODY, { indent: 16, width: TEXT_WIDTH - 16 })
    sheets.skip(2)
  }
  sheets.skip(AFTER)
}

const LABEL_WIDTH = Math.round(TEXT_WIDTH * 0.34)
const VALUE_WIDTH = TEXT_WIDTH - LABEL_WIDTH - 4 * MILLIMETRE
const INSET = 5

/** Questions and answers, a rule below each; a row that is longer than a sheet goes on at the top of the next. */
function drawRows(sheets: Sheets, tree: Tag, rows: ReadonlyArray<readonly [label: string, value: string]>): void {
  if (rows.length === 0) return
  const table = addTag(tree, 'Table')
  const height = lineHeight(BODY)
  for (const [label, value] of rows) {
    const row = addTag(table, 'TR')
    const [head, cell] = [addTag(row, 'TH', { attributes: '/O /Table /Scope /Row' }), addTag(row, 'TD')]
    let left = sheets.wrap(label, bold(10), LABEL_WIDTH)
    let right = sheets.wrap(value, BODY, VALUE_WIDTH)
    const lines = Math.max(left.length, right.length)
    sheets.need(Math.min(lines, 3) * height + INSET * 2)
    sheets.skip(INSET)
    while (left.length + right.length > 0) {
      sheets.need(height)
      const fit = Math.max(1, Math.floor(sheets.room / height))
      if (left.length > 0) sheets.lines(head, left.slice(0, fit), bold(10), SHEET.left, sheets.y)
      if (right.length > 0)
        sheets.lines(cell, right.slice(0, fit), BODY, SHEET.left + TEXT_WIDTH - VALUE_WIDTH, sheets.y)
      sheets.skip(Math.min(fit, Math.max(left.length, right.length)) * height)
      ;[left, right] = [left.slice(fit), right.slice(fit)]
    }
    sheets.skip(INSET)
    sheets.decoration(line(SHEET.left, SHEET.left + TEXT_WIDTH, sheets.y, 0.4, RULE))
  }
  sheets.skip(AFTER)
}

/** For the sheet's number beside the line that says where to check. */
const PAGE_ROOM = 72

const QR_SIDE = 27 * MILLIMETRE
const BOX_INSET = 4 * MILLIMETRE

/** How to check it, never torn apart. */
function drawVerification(sheets: Sheets, tree: Tag, { verification, labels }: Shown): void {
  if (!verification) return
  const x = SHEET.left + BOX_INSET + QR_SIDE + 5 * MILLIMETRE
  const width = SHEET.left + TEXT_WIDTH - BOX_INSET - x
  const parts: Array<[lines: string[], style: Style]> = (
    [
      [labels.verify, bold(10)],
      [labels.legend, BODY],
      [verification.address, plain(9)],
      [`${labels.code} ${verification.code}`, bold(9)],
    ] as const
  ).map(([text, style]) => [sheets.wrap(text, style, width), style])
  const text = parts.reduce((sum, [lines, style]) => sum + lines.length * lineHeight(style), 0)
  const height = Math.max(text, QR_SIDE) + BOX_INSET * 2
  sheets.need(height + 16)
  sheets.skip(16)
  const top = sheets.y
  const bottom = top - height
  sheets.decoration(`${FRAME} RG\n0.6 w\n${SHEET.left} ${short(bottom)} ${short(TEXT_WIDTH)} ${short(height)} re\nS\n`)
  const box = addTag(tree, 'Div')
  const corner = [SHEET.left + BOX_INSET, top - BOX_INSET - QR_SIDE] as const
  const edges = [...corner, corner[0] + QR_SIDE, corner[1] + QR_SIDE].map(short).join(' ')
  const figure = addTag(box, 'Figure', {
    alt: labels.qr,
    attributes: `/O /Layout /Placement /Block /BBox [${edges}]`,
  })
  sheets.marked(figure, drawQr(verification.qr, ...corner, QR_SIDE))
  let y = top - BOX_INSET
  for (const [lines, style] of parts) {
    sheets.lines(addTag(box, 'P'), lines, style, x, y)
    y -= lines.length * lineHeight(style)
  }
  sheets.y = bottom
}

/** Head and foot, which a reader of the text hears once in the document and not on every page. */
function drawMargins(
  sheets: Sheets,
  sheet: Sheet,
  { platform, folio, labels, verification, accent }: Shown,
  page: string,
): void {
  const right = SHEET.left + TEXT_WIDTH
  const head = plain(8, QUIET)
  const rightAligned = (text: string, style: Style, top: number) =>
    sheets.text([text], style, right - (sheets.faces[style.face].widthOf(text) * style.size) / 1000, top)
  sheets.decoration(
    sheets.text([platform], head, SHEET.left, 750) +
      (folio ? rightAligned(`${labels.folio} ${folio}`, head, 750) : '') +
      line(SHEET.left, right, 736, 1.2, colour(accent)),
    sheet,
    '/Type /Pagination /Subtype /Header',
  )
  const foot = plain(7.5, QUIET)
  const check = verification
    ? `${labels.check} ${verification.address} · ${labels.code} ${verification.code}`
    : labels.unkept
  sheets.decoration(
    line(SHEET.left, right, 62, 0.5, QUIET) +
      sheets.text(sheets.wrap(check, foot, TEXT_WIDTH - PAGE_ROOM), foot, SHEET.left, 58) +
      rightAligned(page, foot, 58),
    sheet,
    '/Type /Pagination /Subtype /Footer',
  )
}
