import { areaOf, type Box, contains, grown, overlaps, shareIn, upright } from './box.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { boxOf, type Painted, paintedBoxes } from './painted-boxes.ts'
import { isName, isStream, type PdfDict, type PdfValue } from './values.ts'

/** Points: what stands closer could be read together. */
const MARGIN = 6
const DEEPEST_PAGE = 32
/** Unpacked, of one page. */
const LARGEST_CONTENT = 8 * 1024 * 1024
const MOST_STREAMS = 1000
/** Of a page, to be its paper and not something on it. */
const PAPER = 0.95
const MOST_ANNOTATIONS = 10_000
/** Flags of an annotation (12.5.3): not seen. */
const UNSEEN = 2 | 32

/** Of a line of words, that is too much to be covered; of a page, where its words are not known. */
const COVERED = 0.4
const MOST_OF_A_PAGE = 0.6

interface Taken {
  boxes: readonly Box[]
  words: readonly Box[]
}

const known = new WeakMap<PdfFile, Map<PdfDict, Taken | undefined>>()

/** Whether nothing is painted where a rectangle is put on a page, nor right beside it: what is signed stays as it was seen. */
export function isFreePlace(file: PdfFile, page: PdfDict, rectangle: Box): boolean {
  const taken = takenOf(file, page)
  const box = grown(upright(rectangle), MARGIN)
  return taken !== undefined && rectangle.every(Number.isFinite) && !taken.boxes.some((each) => overlaps(each, box))
}

/** Whether a rectangle lies on the paper; a page whose size cannot be told has room for all. */
export function isOnPage(file: PdfFile, page: PdfDict, rectangle: Box): boolean {
  try {
    return contains(upright(boxOf(file, inherited(file, page, 'MediaBox'))), rectangle)
  } catch (error) {
    if (error instanceof PdfError) return true
    throw error
  }
}

/** Whether a field that is there already stands over words: what it shows later would stand in their place. */
export function coversWords(file: PdfFile, page: PdfDict, rectangle: Box): boolean {
  const box = upright(rectangle)
  const taken = takenOf(file, page)
  if (taken) return taken.words.some((each) => shareIn(each, box) > COVERED)
  try {
    return areaOf(box) > MOST_OF_A_PAGE * areaOf(upright(boxOf(file, inherited(file, page, 'MediaBox'))))
  } catch (error) {
    if (error instanceof PdfError) return true
    throw error
  }
}

/** @returns undefined where it cannot be told */
function takenOf(file: PdfFile, page: PdfDict): Taken | undefined {
  const ofFile = known.get(file) ?? new Map<PdfDict, Taken | undefined>()
  known.set(file, ofFile)
  if (!ofFile.has(page)) ofFile.set(page, readTaken(file, page))
  return ofFile.get(page)
}

function readTaken(file: PdfFile, page: PdfDict): Taken | undefined {
  try {
    const paper = upright(boxOf(file, inherited(file, page, 'MediaBox')))
    const resources = file.dict(inherited(file, page, 'Resources'))
    const painted = paintedBoxes(file, contentOf(file, page), resources)
    return {
      boxes: [...withoutPaper(painted, paper), ...annotationsOf(file, page)],
      words: painted.map(({ words }) => words).filter((each) => each !== undefined),
    }
  } catch (error) {
    if (error instanceof PdfError || error instanceof RangeError) return undefined
    throw error
  }
}

/** Some programs paint the page in one colour before all else. */
function withoutPaper(painted: readonly Painted[], paper: Box): Box[] {
  const [first] = painted
  const isPaper = first?.plain && (contains(first.box, paper) || areaOf(first.box) >= PAPER * areaOf(paper))
  return painted.slice(isPaper ? 1 : 0).map(({ box }) => box)
}

/** 7.7.3.4. */
function inherited(file: PdfFile, page: PdfDict, key: string): PdfValue | undefined {
  let node: PdfDict | undefined = page
  for (let depth = 0; node && depth < DEEPEST_PAGE; depth += 1) {
    if (node.has(key)) return node.get(key)
    node = file.dict(node.get('Parent'))
  }
  return undefined
}

function contentOf(file: PdfFile, page: PdfDict): Buffer {
  const value = file.resolve(page.get('Contents'))
  const streams = (Array.isArray(value) ? value : [value]).map((each) => file.resolve(each)).filter(isStream)
  if (streams.length > MOST_STREAMS) throw new PdfError('too-large', 'a page has too many parts')
  let left = LARGEST_CONTENT
  const parts = streams.flatMap((stream) => {
    const data = file.data(stream, Math.max(1, left))
    left -= data.length
    return [data, Buffer.from('\n')]
  })
  if (left < 0) throw new PdfError('too-large', 'a page paints too much')
  return Buffer.concat(parts)
}

/** Links and the windows of comments show nothing of their own. */
function annotationsOf(file: PdfFile, page: PdfDict): Box[] {
  const annotations = (file.array(page.get('Annots')) ?? []).slice(0, MOST_ANNOTATIONS)
  return annotations.flatMap((each) => {
    const annotation = file.dict(each)
    const flags = file.resolve(annotation?.get('F'))
    const subtype = file.resolve(annotation?.get('Subtype'))
    const shows = !isName(subtype, 'Link') && !isName(subtype, 'Popup')
    if (!annotation?.has('Rect') || !shows || (typeof flags === 'number' && (flags & UNSEEN) !== 0)) return []
    const box = upright(boxOf(file, annotation.get('Rect')))
    return areaOf(box) === 0 ? [] : [box]
  })
}
