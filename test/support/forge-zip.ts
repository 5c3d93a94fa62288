import { crc32, deflateRawSync } from 'node:zlib'

/** Header fields that are written whether they are true or not. */
interface HeaderLies {
  signature?: number
  version?: number
  flags?: number
  method?: number
  crc?: number
  packed?: number
  size?: number
  name?: string | Buffer
  extra?: Buffer
}

export interface ForgedEntry {
  name: string | Buffer
  bytes?: Uint8Array
  deflate?: boolean
  /** What lies in the file instead of the packed bytes. */
  data?: Uint8Array
  /** In both headers. */
  both?: HeaderLies
  local?: HeaderLies
  central?: HeaderLies & { madeBy?: number; external?: number; internal?: number; comment?: string; offset?: number }
  /** Between this entry's data and what follows. */
  after?: Uint8Array
  /** In the directory only, its data elsewhere. */
  unwritten?: boolean
}

export interface ForgedEnd {
  before?: Uint8Array
  disk?: number
  entries?: number
  here?: number
  size?: number
  offset?: number
  comment?: string
  /** Between the directory and its end. */
  gap?: Uint8Array
  after?: Uint8Array
}

/** A ZIP file that says whatever a test wants it to say; true where nothing is asked for. */
export function forgeZip(entries: readonly ForgedEntry[], end: ForgedEnd = {}): Buffer {
  const { before = Buffer.alloc(0), gap = Buffer.alloc(0), after = Buffer.alloc(0), comment = '' } = end
  const body: Uint8Array[] = [before]
  const directory: Buffer[] = []
  let at = before.length
  for (const entry of entries) {
    const { local, data, central } = headersOf(entry, at)
    if (!entry.unwritten) {
      const pieces = [local, data, entry.after ?? Buffer.alloc(0)]
      body.push(...pieces)
      at += pieces.reduce((sum, { length }) => sum + length, 0)
    }
    directory.push(central)
  }
  const listed = Buffer.concat(directory)
  const tail = Buffer.alloc(22)
  tail.writeUInt32LE(0x06054b50)
  tail.writeUInt16LE(end.disk ?? 0, 4)
  tail.writeUInt16LE(end.here ?? end.entries ?? entries.length, 8)
  tail.writeUInt16LE(end.entries ?? entries.length, 10)
  tail.writeUInt32LE(end.size ?? listed.length, 12)
  tail.writeUInt32LE(end.offset ?? at, 16)
  tail.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...body, listed, gap, tail, Buffer.from(comment, 'latin1'), after])
}

function headersOf(entry: ForgedEntry, at: number): { local: Buffer; data: Uint8Array; central: Buffer } {
  const { bytes = Buffer.alloc(0), deflate = false, both = {}, central = {} } = entry
  const data = entry.data ?? (deflate ? deflateRawSync(bytes) : bytes)
  const name = Buffer.from(entry.name as string)
  const isAscii = name.every((byte) => byte < 0x80)
  const truth = {
    version: deflate ? 20 : 10,
    flags: isAscii ? 0 : 0x800,
    method: deflate ? 8 : 0,
    crc: crc32(bytes),
    packed: data.length,
    size: bytes.length,
    name,
    extra: Buffer.alloc(0),
    ...both,
  }
  const inLocal = { signature: 0x04034b50, ...truth, ...entry.local }
  const inCentral = {
    signature: 0x02014b50,
    madeBy: 0x0314,
    external: 0,
    internal: 0,
    comment: '',
    ...truth,
    ...central,
  }
  const local = Buffer.alloc(30)
  local.writeUInt32LE(inLocal.signature)
  shared(inLocal).copy(local, 4)
  const listed = Buffer.alloc(46)
  listed.writeUInt32LE(inCentral.signature)
  listed.writeUInt16LE(inCentral.madeBy, 4)
  shared(inCentral).copy(listed, 6)
  listed.writeUInt16LE(inCentral.comment.length, 32)
  listed.writeUInt16LE(inCentral.internal, 36)
  listed.writeUInt32LE(inCentral.external >>> 0, 38)
  listed.writeUInt32LE(inCentral.offset ?? at, 42)
  const words = [Buffer.from(inCentral.name as string), inCentral.extra, Buffer.from(inCentral.comment)]
  return {
    local: Buffer.concat([local, Buffer.from(inLocal.name as string), inLocal.extra]),
    data,
    central: Buffer.concat([listed, ...words]),
  }
}

function shared({
  version,
  flags,
  method,
  crc,
  packed,
  size,
  name,
  extra,
}: Required<Omit<HeaderLies, 'signature'>>): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(version)
  fields.writeUInt16LE(flags, 2)
  fields.writeUInt16LE(method, 4)
  fields.writeUInt32LE(crc, 10)
  fields.writeUInt32LE(packed, 14)
  fields.writeUInt32LE(size, 18)
  fields.writeUInt16LE(Buffer.from(name as string).length, 22)
  fields.writeUInt16LE(extra.length, 24)
  return fields
}
