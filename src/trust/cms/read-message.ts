import { CmsError } from './errors.ts'
import { readFraming } from './read-framing.ts'
import { type ReadLimits, readSignedData, type SignedData } from './read-signed-data.ts'

/** With a content inside; more is signed detached. */
const LARGEST_MESSAGE = 32 * 1024 * 1024

export const limitOf = ({ maxBytes = LARGEST_MESSAGE }: ReadLimits): number => maxBytes

/** A message with a definite frame, whatever its frame was. @throws CmsError `too-large`, before anything is copied; `not-der` */
export function unframe(message: Uint8Array, limits: ReadLimits): Uint8Array {
  if (message.length > limitOf(limits)) throw new CmsError('too-large')
  return readFraming(message)
}

/** One message that stands by itself: a file, of DER, or BER where only its frame is (docs/decisions/044). @throws CmsError */
export const readMessage = (message: Uint8Array, limits: ReadLimits = {}): SignedData =>
  readSignedData(unframe(message, limits), { maxBytes: limitOf(limits) })
