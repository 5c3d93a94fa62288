import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'

/**
 * UUID version 7 (RFC 9562, 5.7): time first, so that new rows land at the end of an index. The time inside has no legal
 * meaning, which is why the system's clock is good enough even where the shop's clock is moved.
 */
export function newId(clock: Clock = systemClock): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(clock.now().getTime(), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The same id for the same words, always (RFC 9562, 5.8): for what is asked for twice and must be made once. */
export function idOf(...words: string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(words)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a text from outside may be compared with an id column at all. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && SHAPE.test(text)
}
