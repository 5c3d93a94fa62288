import { readFile } from 'node:fs/promises'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'

/** A fault in a country pack: stops the load and says where. */
export class PackFault extends Error {
  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`)
    this.name = 'PackFault'
  }
}

export interface PackFile<T> {
  value: T
  /** Stops the load with the line where the path (`['form', 'pages', 2]`) is written. */
  fail(path: ReadonlyArray<string | number>, reason: string): never
  lineOf(path: ReadonlyArray<string | number>): number
}

const ajv = new Ajv2020({ strict: false, allErrors: false })
const LARGEST = 2_000_000

/**
 * Reads a YAML file that must be exactly of a schema's shape: an unknown field is a fault, so nothing is silently ignored.
 * @param shown the name in messages, from the pack's folder
 * @throws PackFault
 */
export async function readPackFile<T>(path: string, shown: string, schema: object): Promise<PackFile<T>> {
  const text = await readFile(path, 'utf8')
  if (text.length > LARGEST) throw new PackFault(shown, 1, 'the file is too large')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'core', merge: false })
  const [broken] = document.errors
  if (broken) throw new PackFault(shown, broken.linePos?.[0].line ?? 1, broken.message.split('\n')[0]!)
  const value = document.toJS({ maxAliasCount: 20 }) as T
  const lineOf = (at: ReadonlyArray<string | number>) => findLine(document, lines, at)
  const validate = ajv.compile(schema)
  if (!validate(value)) {
    const [error] = validate.errors as ErrorObject[]
    const at = error!.instancePath.split('/').slice(1).map(unescapePointer)
    const unknown = (error!.params as { additionalProperty?: string }).additionalProperty
    const where = unknown === undefined ? at : [...at, unknown]
    throw new PackFault(shown, lineOf(where), describe(error!, at.join('.'), unknown))
  }
  return {
    value,
    lineOf,
    fail(at, reason) {
      throw new PackFault(shown, lineOf(at), reason)
    },
  }
}

function describe(error: ErrorObject, field: string, unknown: string | undefined): string {
  const named = field === '' ? '' : `${field}: `
  if (unknown !== undefined) return `${named}unknown field «${unknown}»`
  const missing = (error.params as { missingProperty?: string }).missingProperty
  if (missing === 'es' || missing === 'en') return `${named}missing translation «${missing}»`
  if (missing !== undefined) return `${named}missing field «${missing}»`
  return `${named}${error.message ?? 'is not valid'}`
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** The line of the deepest part of the path that is there. */
function findLine(document: Document, lines: LineCounter, path: ReadonlyArray<string | number>): number {
  let node: unknown = document.contents
  let found: Node | undefined = isNode(node) ? node : undefined
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      if (isNode(pair?.key)) found = pair.key
      node = pair?.value
    } else node = document.getIn(path.slice(0, path.indexOf(part) + 1), true)
    if (isNode(node) && !isMap(node)) found = node
  }
  const offset = found?.range?.[0]
  return offset === undefined ? 1 : lines.linePos(offset).line
}
