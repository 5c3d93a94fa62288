import { checkEntryName } from './entry-name.ts'
import { AsicError } from './errors.ts'

/** An entry's name as a relative reference (RFC 3986, 4.2), each segment percent-encoded. */
export const toUri = (name: string): string => name.split('/').map(encodeURIComponent).join('/')

/**
 * The entry that a reference in a manifest means: always decoded once, always from the container's root (EN 319 162-1, 4.4.3.2).
 * Throws AsicError `bad-manifest` for one that leads anywhere else.
 */
export function fromUri(uri: string): string {
  if (/^[a-z][a-z\d+.-]*:/i.test(uri) || /[?#]/.test(uri)) throw outside()
  try {
    const name = decodeURIComponent(uri)
    checkEntryName(name)
    if (!name.endsWith('/')) return name
  } catch {
    // Said below.
  }
  throw outside()
}

const outside = () => new AsicError('bad-manifest', 'a manifest refers to something outside the container')
