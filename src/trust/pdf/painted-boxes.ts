import { around, type Box, grown, IDENTITY, type Matrix, times, transformed } from './box.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { measureOf, type TextMeasure } from './measure-text.ts'
import { readOperations } from './read-content.ts'
import { isName, isStream, isString, type PdfDict, type PdfValue } from './values.ts'

interface GraphicsState {
  ctm: Matrix
  lineWidth: number
  font: TextMeasure | undefined
  size: number
  spacing: number
  wordSpacing: number
  scale: number
  leading: number
  rise: number
  patterned: boolean
}

const START: GraphicsState = {
  ctm: IDENTITY,
  lineWidth: 1,
  font: undefined,
  size: 0,
  spacing: 0,
  wordSpacing: 0,
  scale: 1,
  leading: 0,
  rise: 0,
  patterned: false,
}
const MOST_SAVED = 256
const MOST_BOXES = 100_000
/** Of the font's size, below and above the line. */
const DESCENT = -0.4
const ASCENT = 1.2
const SMALL_LETTERS = 0.5

export interface Painted {
  box: Box
  /** One colour all over. */
  plain: boolean
  /** Of words: where the small letters stand, without what is above and below them. A line made of one letter is none. */
  words?: Box
}

/**
 * Where the content of a page (ISO 32000-1, 7.8.2) paints, as upright boxes in the page's space: never less than is painted, whatever
 * clips it, in whatever colour. What cannot be told is an error.
 * @throws PdfError
 */
export function paintedBoxes(file: PdfFile, content: Buffer, resources: PdfDict | undefined): Painted[] {
  const painter = new Painter(file, resources)
  for (const { operator, operands } of readOperations(content)) painter.take(operator, operands)
  return painter.painted
}

class Painter {
  readonly painted: Painted[] = []
  private readonly file: PdfFile
  private readonly resources: PdfDict | undefined
  private readonly saved: GraphicsState[] = []
  private readonly fonts = new Map<string, TextMeasure>()
  private state: GraphicsState = START
  private path: Box | undefined
  private lineMatrix: Matrix = IDENTITY
  /** How far the line has got, and how far left it reached, in text space. */
  private reached = 0

  constructor(file: PdfFile, resources: PdfDict | undefined) {
    this.file = file
    this.resources = resources
  }

  take(operator: string, operands: readonly PdfValue[]): void {
    const n = operands.filter((each) => typeof each === 'number')
    if (operator in this.graphics) this.graphics[operator]!(n, operands)
    else if (operator in this.text) this.text[operator]!(n, operands)
  }

  private set(change: Partial<GraphicsState>): void {
    this.state = { ...this.state, ...change }
  }

  private readonly graphics: Record<string, (n: number[], all: readonly PdfValue[]) => void> = {
    q: () => {
      if (this.saved.length >= MOST_SAVED) throw new PdfError('too-deep', 'a page saves its state too often')
      this.saved.push(this.state)
    },
    Q: () => {
      this.state = this.saved.pop() ?? this.state
    },
    cm: (n) => this.set({ ctm: times(matrixOf(n), this.state.ctm) }),
    w: ([width = 1]) => this.set({ lineWidth: Math.abs(width) }),
    gs: (_, all) => this.readState(all[0]),
    scn: (_, all) => this.set({ patterned: isName(all.at(-1)) }),
    m: (n) => this.points(n),
    l: (n) => this.points(n),
    c: (n) => this.points(n),
    v: (n) => this.points(n),
    y: (n) => this.points(n),
    re: ([x = 0, y = 0, width = 0, height = 0]) =>
      this.points([x, y, x + width, y + height, x + width, y, x, y + height]),
    f: () => this.fill(),
    F: () => this.fill(),
    'f*': () => this.fill(),
    S: () => this.stroke(),
    s: () => this.stroke(),
    B: () => this.stroke(),
    'B*': () => this.stroke(),
    b: () => this.stroke(),
    'b*': () => this.stroke(),
    n: () => {
      this.path = undefined
    },
    Do: (_, all) => this.draw(all[0]),
    BI: () => this.paint(transformed([0, 0, 1, 1], this.state.ctm)),
    sh: () => {
      throw new PdfError('broken', 'a shading may cover the whole page')
    },
  }

  private readonly text: Record<string, (n: number[], all: readonly PdfValue[]) => void> = {
    BT: () => this.startLine(IDENTITY),
    Tf: ([size = 0], all) => this.set({ font: this.fontOf(all[0]), size }),
    Tc: ([spacing = 0]) => this.set({ spacing }),
    Tw: ([wordSpacing = 0]) => this.set({ wordSpacing }),
    Tz: ([percent = 100]) => this.set({ scale: percent / 100 }),
    TL: ([leading = 0]) => this.set({ leading }),
    Ts: ([rise = 0]) => this.set({ rise }),
    Td: ([x = 0, y = 0]) => this.move(x, y),
    TD: ([x = 0, y = 0]) => {
      this.set({ leading: -y })
      this.move(x, y)
    },
    Tm: (n) => this.startLine(matrixOf(n)),
    'T*': () => this.move(0, -this.state.leading),
    Tj: (_, all) => this.show(all),
    TJ: (_, [all]) => this.show(Array.isArray(all) ? all : []),
    "'": (_, all) => {
      this.move(0, -this.state.leading)
      this.show(all)
    },
    '"': ([wordSpacing = 0, spacing = 0], all) => {
      this.set({ wordSpacing, spacing })
      this.move(0, -this.state.leading)
      this.show(all.slice(-1))
    },
  }

  private points(n: readonly number[]): void {
    for (let i = 0; i + 1 < n.length; i += 2)
      this.path = around(this.path, transformed([n[i]!, n[i + 1]!, n[i]!, n[i + 1]!], this.state.ctm))
  }

  private fill(): void {
    if (this.path) this.paint(this.path, !this.state.patterned)
    this.path = undefined
  }

  private stroke(): void {
    const [a, b, c, d] = this.state.ctm
    const width = this.state.lineWidth * Math.max(Math.hypot(a, b), Math.hypot(c, d))
    if (this.path) this.paint(grown(this.path, width))
    this.path = undefined
  }

  private paint(box: Box, plain = false, words?: Box): void {
    if (this.painted.length >= MOST_BOXES) throw new PdfError('too-large', 'a page paints too much')
    this.painted.push({ box, plain, words })
  }

  private draw(name: PdfValue | undefined): void {
    const object = this.file.resolve(this.resource('XObject', name))
    if (!isStream(object)) return
    const box = isName(this.file.resolve(object.dict.get('Subtype')), 'Form')
      ? transformed(boxOf(this.file, object.dict.get('BBox')), formMatrix(this.file, object.dict))
      : ([0, 0, 1, 1] as const)
    this.paint(transformed(box, this.state.ctm))
  }

  private resource(kind: string, name: PdfValue | undefined): PdfValue | undefined {
    return isName(name) ? this.file.dict(this.resources?.get(kind))?.get(name.name) : undefined
  }

  private readState(name: PdfValue | undefined): void {
    const entries = this.file.dict(this.resource('ExtGState', name))
    const width = this.file.resolve(entries?.get('LW'))
    if (entries?.has('Font')) throw new PdfError('broken', 'what a font draws cannot be told')
    if (typeof width === 'number') this.set({ lineWidth: Math.abs(width) })
  }

  private fontOf(name: PdfValue | undefined): TextMeasure {
    const key = isName(name) ? name.name : ''
    const known = this.fonts.get(key) ?? measureOf(this.file, this.file.dict(this.resource('Font', name)))
    this.fonts.set(key, known)
    return known
  }

  private startLine(matrix: Matrix): void {
    this.lineMatrix = matrix
    this.reached = 0
  }

  private move(x: number, y: number): void {
    this.startLine(times([1, 0, 0, 1, x, y], this.lineMatrix))
  }

  /** Boxes begin where the line does: a width that is not known can only have brought the text too far. */
  private show(items: readonly PdfValue[]): void {
    const { font, size, spacing, wordSpacing, scale, rise, ctm } = this.state
    let [left, right] = [Math.min(0, this.reached), Math.max(0, this.reached)]
    for (const item of items) {
      if (isString(item) && item.bytes.length > 0) {
        if (!font) throw new PdfError('broken', 'what a font draws cannot be told')
        const spaces = item.bytes.length * (Math.abs(spacing) + Math.abs(wordSpacing))
        this.reached += (Math.abs((font(item.bytes) / 1000) * size) + spaces) * scale
      } else if (typeof item === 'number') this.reached -= (item / 1000) * size * scale
      left = Math.min(left, this.reached)
      right = Math.max(right, this.reached)
    }
    const matrix = times(this.lineMatrix, ctm)
    const boxOfLine = (from: number, to: number): Box => {
      const [bottom, top] = [from * size + rise, to * size + rise]
      return transformed([left, Math.min(bottom, top), right, Math.max(bottom, top)], matrix)
    }
    this.paint(boxOfLine(DESCENT, ASCENT), false, isWords(items) ? boxOfLine(0, SMALL_LETTERS) : undefined)
  }
}

/** Underscores and dots, whatever their codes, are lines to sign on. */
const isWords = (items: readonly PdfValue[]): boolean =>
  new Set(items.flatMap((each) => (isString(each) ? [...each.bytes] : []))).size > 2

const matrixOf = (n: readonly number[]): Matrix => {
  if (n.length !== 6) throw new PdfError('broken', 'a matrix is malformed')
  return n as unknown as Matrix
}

function formMatrix(file: PdfFile, form: PdfDict): Matrix {
  const matrix = (file.array(form.get('Matrix')) ?? IDENTITY).map((each) => file.resolve(each))
  return matrixOf(matrix.filter((each) => typeof each === 'number'))
}

/** @throws PdfError */
export function boxOf(file: PdfFile, value: PdfValue | undefined): Box {
  const sides = (file.array(value) ?? []).map((each) => file.resolve(each))
  if (sides.length !== 4 || !sides.every((each) => typeof each === 'number'))
    throw new PdfError('broken', 'a rectangle is malformed')
  return sides as unknown as Box
}
