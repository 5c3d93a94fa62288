import { CmsError } from '#trust/cms/errors.ts'
import { DerError } from '#trust/der/errors.ts'

/** What bytes by anybody say, where they can be read. */
export function orNone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError || error instanceof CmsError) return undefined
    throw error
  }
}
