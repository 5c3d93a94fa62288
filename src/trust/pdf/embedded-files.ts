import { PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { isName, isStream, isString, type PdfDict, type PdfString, type PdfValue } from './values.ts'

export interface EmbeddedFile {
  name: string
  bytes: Buffer
  /** AFRelationship: `Data`, `Supplement`, `Source`… */
  relationship: string | undefined
  mimeType: string | undefined
}

const MOST_FILES = 500
const DEEPEST = 8
/** Of the name tree; its branches may lead back to each other by any number of ways. */
const MOST_NODES = 2000
/** Unpacked, of all together. */
const LARGEST = 128 * 1024 * 1024

/**
 * The files embedded in a PDF (ISO 32000-1, 7.11.4), in the order of its name tree.
 * @throws PdfError
 */
export function readEmbeddedFiles(pdf: Buffer | PdfFile): EmbeddedFile[] {
  const file = pdf instanceof PdfFile ? pdf : new PdfFile(pdf)
  const names = file.dict(file.catalog.get('Names'))
  const tree = file.dict(names?.get('EmbeddedFiles'))
  const found: Found = { files: [], nodes: 0, bytes: 0 }
  if (tree) collect(file, tree, found, 0)
  return found.files
}

interface Found {
  files: EmbeddedFile[]
  nodes: number
  bytes: number
}

function collect(file: PdfFile, node: PdfDict, found: Found, depth: number): void {
  found.nodes += 1
  if (depth > DEEPEST || found.nodes > MOST_NODES) throw new PdfError('too-large', 'the embedded files are too many')
  const pairs = file.array(node.get('Names')) ?? []
  for (let i = 0; i + 1 < pairs.length && found.files.length < MOST_FILES; i += 2) {
    const read = readSpecification(file, pairs[i + 1])
    if (!read) continue
    found.bytes += read.bytes.length
    if (found.bytes > LARGEST) throw new PdfError('too-large', 'the embedded files are too large')
    found.files.push(read)
  }
  for (const kid of file.array(node.get('Kids')) ?? []) {
    const child = file.dict(kid)
    if (child) collect(file, child, found, depth + 1)
  }
}

function readSpecification(file: PdfFile, value: PdfValue | undefined): EmbeddedFile | undefined {
  const specification = file.dict(value)
  const streams = file.dict(specification?.get('EF'))
  const stream = file.resolve(streams?.get('UF') ?? streams?.get('F'))
  const name = file.resolve(specification?.get('UF') ?? specification?.get('F'))
  if (!isStream(stream) || !isString(name)) return undefined
  const relationship = file.resolve(specification?.get('AFRelationship'))
  const type = file.resolve(stream.dict.get('Subtype'))
  return {
    name: textOf(name),
    bytes: file.data(stream),
    relationship: isName(relationship) ? relationship.name : undefined,
    mimeType: isName(type) ? type.name : undefined,
  }
}

/** A text string (7.9.2): UTF-16 with its mark, UTF-8 with its mark, or else one byte a character. */
export function textOf({ bytes }: PdfString): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le')
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3)
  return bytes.toString('latin1')
}
