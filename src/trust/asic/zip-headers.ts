import { AsicError } from './errors.ts'
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  DEFLATED,
  END_BYTES,
  END_SIGNATURE,
  FLAG,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  STORED,
} from './zip-format.ts'

export interface EndRecord {
  entries: number
  directoryAt: number
  endAt: number
}

/** An entry as the directory describes it. */
export interface CentralHeader {
  name: string
  nameBytes: Buffer
  version: number
  flags: number
  method: number
  /** Time and date as they stand; nobody relies on them. */
  stamp: number
  crc: number
  packed: number
  size: number
  localAt: number
  next: number
}

/** The one comment that a container may have: its type, for who looks no further (EN 319 162-1, A.1). */
const TYPE_COMMENT = 'mimetype=application/vnd.etsi.asic-e+zip'
/** The newest version whose features are read here: folders and deflate (4.4.3). */
const NEWEST = 20
/** Extra fields that say times and owners only: two of Info-ZIP's, NTFS', and Java's mark. Whatever else could say another name or size. */
const HARMLESS_EXTRAS = [0x5455, 0x5855, 0x7875, 0x000a, 0xcafe]

const notZip = (detail: string) => new AsicError('not-zip', detail)

/** The end of the directory, which is the end of the file: nothing is searched for, so nothing can be found in two places. */
export function findEnd(file: Buffer): EndRecord {
  const endAt = [0, TYPE_COMMENT.length]
    .map((comment) => file.length - END_BYTES - comment)
    .find((at) => at >= 0 && file.readUInt32LE(at) === END_SIGNATURE && commentOf(file, at) !== undefined)
  if (endAt === undefined) throw notZip('the file does not end as a ZIP file without a comment does')
  const entries = file.readUInt16LE(endAt + 10)
  const directoryAt = file.readUInt32LE(endAt + 16)
  if (entries === 0xffff || directoryAt === 0xffffffff) throw new AsicError('unsupported', 'Zip64 is not read')
  const disks = file.readUInt32LE(endAt + 4)
  if (disks !== 0 || file.readUInt16LE(endAt + 8) !== entries) throw notZip('the file is one part of several')
  if (directoryAt + file.readUInt32LE(endAt + 12) !== endAt) throw notZip('the directory is not where its end says')
  return { entries, directoryAt, endAt }
}

function commentOf(file: Buffer, endAt: number): string | undefined {
  const comment = file.toString('latin1', endAt + END_BYTES)
  const isRight = file.readUInt16LE(endAt + 20) === comment.length && (comment === '' || comment === TYPE_COMMENT)
  return isRight ? comment : undefined
}

export function readCentralHeader(file: Buffer, at: number, end: number): CentralHeader {
  if (at + CENTRAL_BYTES > end || file.readUInt32LE(at) !== CENTRAL_SIGNATURE)
    throw notZip('the directory holds something else than its entries')
  const nameEnd = at + CENTRAL_BYTES + file.readUInt16LE(at + 28)
  const next = nameEnd + file.readUInt16LE(at + 30)
  if (file.readUInt16LE(at + 32) !== 0) throw notZip('an entry has a comment')
  if (file.readUInt16LE(at + 34) !== 0) throw notZip('the file is one part of several')
  if (next > end) throw notZip('an entry reaches beyond the directory')
  const nameBytes = file.subarray(at + CENTRAL_BYTES, nameEnd)
  const header = {
    nameBytes,
    version: file.readUInt16LE(at + 6),
    flags: file.readUInt16LE(at + 8),
    method: file.readUInt16LE(at + 10),
    stamp: file.readUInt32LE(at + 12),
    crc: file.readUInt32LE(at + 16),
    packed: file.readUInt32LE(at + 20),
    size: file.readUInt32LE(at + 24),
    localAt: file.readUInt32LE(at + 42),
    next,
  }
  checkFeatures(header)
  const name = readName(nameBytes, header.flags)
  checkExtras(file.subarray(nameEnd, next))
  checkKind(file.readUInt16LE(at + 36), file.readUInt32LE(at + 38), name)
  return { name, ...header }
}

function checkFeatures({ version, flags, method, packed, size, localAt }: Omit<CentralHeader, 'name'>): void {
  const unsupported = (detail: string) => new AsicError('unsupported', detail)
  if (flags & FLAG.encrypted) throw new AsicError('encrypted', 'an entry is encrypted')
  if ([packed, size, localAt].includes(0xffffffff)) throw unsupported('Zip64 is not read')
  if (method !== STORED && method !== DEFLATED) throw unsupported('an entry is packed in a way that is not read')
  const known = FLAG.utf8 | (method === DEFLATED ? FLAG.level | FLAG.descriptor : 0)
  if (flags & ~known || version > NEWEST) throw unsupported('an entry asks for what is not read')
  if (method === STORED && packed !== size) throw notZip('an entry as it is has two sizes')
}

function readName(bytes: Buffer, flags: number): string {
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // Without the flag such letters are those of some old code page: two readers, two names.
    if (name.length === bytes.length || flags & FLAG.utf8) return name
  } catch {
    // Said below.
  }
  throw new AsicError('unsafe-name', 'a name is not plain text')
}

function checkExtras(extras: Buffer): void {
  let at = 0
  while (at + 4 <= extras.length) {
    if (!HARMLESS_EXTRAS.includes(extras.readUInt16LE(at)))
      throw new AsicError('unsupported', 'an entry has an extra field that is not read')
    at += 4 + extras.readUInt16LE(at + 2)
  }
  if (at !== extras.length) throw notZip('an extra field reaches beyond its place')
}

/** A plain file or a folder, by Unix' mode and by MS-DOS' attributes; neither a link, a device nor a volume's label. */
function checkKind(internal: number, external: number, name: string): void {
  const isFolder = name.endsWith('/')
  const type = (external >>> 16) & 0xf000
  const isPlain = type === 0 || type === (isFolder ? 0x4000 : 0x8000)
  if (!isPlain || external & 0x08 || (!isFolder && external & 0x10))
    throw new AsicError('link', 'an entry is something else than a file or a folder')
  if (internal > 1) throw new AsicError('unsupported', 'an entry asks for what is not read')
}

/** Must say what the directory says; sizes may be left for after the data where the flag says so. */
export function readLocalHeader(
  file: Buffer,
  at: number,
  end: number,
  central: CentralHeader,
): { dataAt: number; extraBytes: number } {
  if (at + LOCAL_BYTES > end || file.readUInt32LE(at) !== LOCAL_SIGNATURE)
    throw notZip('an entry is not where it should be')
  const nameBytes = file.readUInt16LE(at + 26)
  const extraBytes = file.readUInt16LE(at + 28)
  const dataAt = at + LOCAL_BYTES + nameBytes + extraBytes
  if (dataAt > end) throw notZip('an entry reaches beyond its place')
  const { version, flags, method, stamp, crc, packed, size } = central
  const sizes = [14, 18, 22].map((offset) => file.readUInt32LE(at + offset))
  const said = [crc, packed, size]
  const agrees =
    file.readUInt16LE(at + 4) === version &&
    file.readUInt16LE(at + 6) === flags &&
    file.readUInt16LE(at + 8) === method &&
    file.readUInt32LE(at + 10) === stamp &&
    sizes.every((each, i) => each === said[i] || (flags & FLAG.descriptor && each === 0)) &&
    file.subarray(at + LOCAL_BYTES, at + LOCAL_BYTES + nameBytes).equals(central.nameBytes)
  if (!agrees) throw notZip('an entry and the directory say different things')
  checkExtras(file.subarray(dataAt - extraBytes, dataAt))
  return { dataAt, extraBytes }
}
