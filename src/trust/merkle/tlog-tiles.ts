/** C2SP tlog-tiles: 256 hashes a tile; partial tiles end in `.p/<width>`. */
export const TILE_WIDTH = 256

/** `1234067` → `x001/x234/067`. */
export function tilePath(n: number): string {
  const groups = [String(n % 1000).padStart(3, '0')]
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  return groups.join('/')
}

export interface TileName {
  /** `entries` for a bundle of entries. */
  level: number | 'entries'
  n: number
  /** 1 to 256. */
  width: number
}

/** What stands after `/tile/`. @returns undefined for any other spelling: one tile has one name */
export function parseTileName(path: string): TileName | undefined {
  const match = /^(entries|[0-7])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path)
  if (!match) return undefined
  const n = Number(match[2]!.replaceAll(/[x/]/g, ''))
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3])
  if (!Number.isSafeInteger(n) || tilePath(n) !== match[2] || (match[3] !== undefined && width >= TILE_WIDTH))
    return undefined
  return { level: match[1] === 'entries' ? 'entries' : Number(match[1]), n, width }
}

/** A bundle: each entry behind its length, two bytes, big-endian. */
export function writeBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(entry.length)
      return [length, entry]
    }),
  )
}

/** @returns undefined where the bytes do not end with an entry's last */
export function readBundle(bytes: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length || entries.length >= TILE_WIDTH) return undefined
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}
