import { fromBase64 } from '#kernel/bytes.ts'
import { readIsoInstant } from '#kernel/clock.ts'
import { readJsonObject } from './read-options.ts'

/** What a line of a batch is answered under. */
export type CaseId = string | number | null

export type CaseFields = Record<string, unknown>

/** A line that is no case. The message is what its answer says. */
export class BadCase extends Error {}

/** One line of a batch; undefined where it is not a JSON object. */
export function readFields(line: string): CaseFields | undefined {
  try {
    return readJsonObject(line)
  } catch {
    return undefined
  }
}

export const idOf = (fields: CaseFields | undefined): CaseId =>
  typeof fields?.id === 'string' || typeof fields?.id === 'number' ? fields.id : null

export function readBytes(value: unknown, field: string): Buffer {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined
  if (!bytes) throw new BadCase(`${field} is not base64.`)
  return bytes
}

/** Where it is absent, empty. */
export function readList(fields: CaseFields, field: string): Buffer[] {
  const list = fields[field] ?? []
  if (!Array.isArray(list)) throw new BadCase(`${field} is not a list.`)
  return list.map((each: unknown) => readBytes(each, field))
}

export function readInstant(value: unknown): Date {
  const instant = readIsoInstant(value)
  if (!instant) throw new BadCase('at is not an instant in ISO 8601.')
  return instant
}
