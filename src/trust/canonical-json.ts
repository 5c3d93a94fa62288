export class CanonicalJsonError extends TypeError {}

const DEEPEST = 100

/**
 * The one JSON text of a value (RFC 8785): keys in UTF-16 order, no blanks, numbers as ECMAScript writes them. It throws
 * CanonicalJsonError for whatever would lose something on the way: NaN and infinities, lone surrogates, undefined (also as a
 * property), bigint, dates and other objects with a class, holes in arrays, nesting beyond 100.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

/** The value of a text that is canonical JSON to the last character, else undefined. Doubled keys and blanks are not. */
export function parseCanonicalJson(text: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return canonicalJson(value) === text ? { value } : undefined
  } catch {
    return undefined
  }
}

function write(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new CanonicalJsonError('nested too deeply')
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      if (!Number.isFinite(value)) throw new CanonicalJsonError('a number that JSON cannot write')
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth)
    default:
      throw new CanonicalJsonError(`JSON has no ${typeof value}`)
  }
}

// JSON.stringify escapes exactly what RFC 8785 (3.2.2.2) asks for, except lone surrogates, which are no text at all (I-JSON).
function writeString(text: string): string {
  if (!text.isWellFormed()) throw new CanonicalJsonError('a lone surrogate')
  return JSON.stringify(text)
}

function writeArray(items: unknown[], depth: number): string {
  const parts: string[] = []
  for (const item of items) parts.push(write(item, depth + 1))
  return `[${parts.join(',')}]`
}

function writeObject(object: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null)
    throw new CanonicalJsonError('an object that is not plain data')
  if (Object.getOwnPropertySymbols(object).length > 0) throw new CanonicalJsonError('JSON has no symbol')
  const fields = object as Record<string, unknown>
  // sort() without a comparison goes by UTF-16 code units, which is what RFC 8785 (3.2.3) orders.
  const parts = Object.keys(fields)
    .sort()
    .map((key) => `${writeString(key)}:${write(fields[key], depth + 1)}`)
  return `{${parts.join(',')}}`
}
