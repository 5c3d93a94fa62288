const DEEPEST = 64

/** What a program sent has no text that the database could not keep: with a NUL, or with half of a letter. */
export function isWritable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return true
  if (depth === DEEPEST) return false
  return Object.entries(value).every(([name, each]) => isWritable(name) && isWritable(each, depth + 1))
}
