import { inflateRawSync } from 'node:zlib'
import { AsicError } from './errors.ts'

/**
 * Unpacks deflated data that must become exactly so many bytes and end with its last one. No more than them is ever allocated.
 * @param size as the directory says, within the limits already
 */
export function inflateWhole(packed: Buffer, size: number): Buffer {
  let inflated: { buffer: Buffer; engine: { bytesWritten: number } }
  try {
    inflated = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1), info: true }) as unknown as typeof inflated
  } catch (error) {
    throw new AsicError('damaged', 'an entry does not unpack to what it says', { cause: error })
  }
  const { buffer, engine } = inflated
  if (buffer.length !== size) throw new AsicError('damaged', 'an entry does not unpack to what it says')
  if (engine.bytesWritten !== packed.length) throw new AsicError('not-zip', 'bytes lie hidden behind an entry’s data')
  return buffer
}
