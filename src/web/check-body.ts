import type { FastifyRequest } from 'fastify'

const DEEPEST_BODY = 64

/** No text that a database could not keep: with a NUL, or with half of a letter. */
export function isWritable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return true
  if (depth === DEEPEST_BODY) return false
  return Object.entries(value).every(([name, each]) => isWritable(name) && isWritable(each, depth + 1))
}

/** Pages are posted to by their forms only, whose fields are texts; nothing else is looked at. */
export function isForm({ headers }: FastifyRequest): boolean {
  const type = headers['content-type']
  return type === undefined || /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)
}

/** Of a field that came more than once the first, so that a text is a text. */
export function keepFirst(body: unknown): void {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return
  const fields = body as Record<string, unknown>
  for (const [name, value] of Object.entries(fields)) if (Array.isArray(value)) fields[name] = value[0]
}
