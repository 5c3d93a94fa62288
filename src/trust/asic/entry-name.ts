import { AsicError } from './errors.ts'

const LONGEST = 512
const DEEPEST = 16
/** Devices of Windows, which has them in every folder and with any ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * A name as it may stand in a container: relative, with slashes, the same place whatever system unpacks it, and nothing in it
 * that is not seen. A folder's ends in a slash. Throws AsicError `unsafe-name`.
 */
export function checkEntryName(name: string): void {
  const segments = name.replace(/\/$/, '').split('/')
  const unsafe =
    name.length > LONGEST ||
    segments.length > DEEPEST ||
    // Controls, what turns or hides letters, lone halves, private letters, separators of lines, and what Windows has for itself.
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\\:*?"<>|]/u.test(name) ||
    segments.some((each) => each === '' || each === '.' || each === '..' || /[. ]$|^ /.test(each) || DEVICE.test(each))
  if (unsafe) throw new AsicError('unsafe-name', 'an entry has a name that is not safe to unpack')
}

/** What two names have in common that some system takes for one: case, and how letters are composed. */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFKC')

/** Every entry has its own place on every system: no file twice, none where a folder is, no folder spelt in two ways. */
export function checkEntryNames(names: readonly string[]): void {
  const files = new Set<string>()
  const folders = new Map<string, string>()
  const clash = () =>
    new AsicError('unsafe-name', 'two entries have the same name, or one that some systems take for it')
  const named = new Set<string>()
  for (const name of names) {
    const key = folded(name)
    if (named.has(key)) throw clash()
    named.add(key)
    const segments = name.split('/')
    if (!name.endsWith('/')) files.add(key)
    for (let depth = 1; depth < segments.length; depth++) {
      const folder = segments.slice(0, depth).join('/')
      const spelt = folders.get(folded(folder)) ?? folder
      if (spelt !== folder) throw clash()
      folders.set(folded(folder), folder)
    }
  }
  for (const file of files) if (folders.has(file)) throw clash()
}
