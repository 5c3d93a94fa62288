import { SaxesParser } from 'saxes'
import { AsicError } from './errors.ts'

/** An element with its names resolved; attributes without a namespace only, all others by `{namespace}name`. */
export interface XmlElement {
  namespace: string
  name: string
  attributes: ReadonlyMap<string, string>
  children: XmlElement[]
  text: string
}

export const LARGEST_XML = 2 * 1024 * 1024
const DEEPEST = 12
const MOST_ELEMENTS = 20_000
/** Of one element, namespaces among them. */
const MOST_ATTRIBUTES = 64
const XMLNS = 'http://www.w3.org/2000/xmlns/'

const bad = (detail: string, cause?: unknown) => new AsicError('bad-manifest', detail, { cause })

/**
 * A small XML document in UTF-8 as a tree. No document type, and so no entity but the five; no processing instructions; no comment
 * inside a text, where it would hide that the text is two. Throws AsicError `bad-manifest`, nothing else.
 */
export function readXml(bytes: Buffer): XmlElement {
  if (bytes.length > LARGEST_XML) throw bad('a manifest is larger than what is read')
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    if (error instanceof AsicError) throw error
    throw bad('a manifest is not XML', error)
  }
}

function parse(text: string): XmlElement {
  const root: XmlElement = { namespace: '', name: '', attributes: new Map(), children: [], text: '' }
  const open = [root]
  let elements = 0
  let attributes = 0
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0' || (encoding !== undefined && !/^utf-8$/i.test(encoding)))
      throw bad('a manifest is not UTF-8')
  })
  parser.on('doctype', () => {
    throw bad('a manifest declares a document type')
  })
  parser.on('processinginstruction', () => {
    throw bad('a manifest holds an instruction')
  })
  parser.on('comment', () => {
    if (open.at(-1)!.text.trim() !== '') throw bad('a manifest holds a comment inside a text')
  })
  parser.on('opentagstart', () => {
    attributes = 0
  })
  parser.on('attribute', () => {
    attributes++
    if (attributes > MOST_ATTRIBUTES) throw bad('a manifest has more in it than is read')
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    elements++
    if (elements > MOST_ELEMENTS || open.length > DEEPEST) throw bad('a manifest has more in it than is read')
    const element: XmlElement = { namespace: uri, name: local, attributes: namesOf(attributes), children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const addText = (piece: string) => {
    open.at(-1)!.text += piece
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(text).close()
  const [document] = root.children
  if (!document) throw bad('a manifest is empty')
  return document
}

function namesOf(attributes: Record<string, { uri: string; local: string; value: string }>): Map<string, string> {
  const named = new Map<string, string>()
  for (const { uri, local, value } of Object.values(attributes))
    if (uri !== XMLNS) named.set(uri === '' ? local : `{${uri}}${local}`, value)
  return named
}
